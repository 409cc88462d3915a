/** A connection to PostgreSQL for the time of a test. */
import { connect } from '../../src/dialect/postgres/connect.ts'
import type { PostgresConnection } from '../../src/dialect/postgres/session.ts'

/** Runs `work` with a connection to the URL, which is closed however it ends. No variable of the machine has a say. */
export async function withConnection(url: string, work: (connection: PostgresConnection) => Promise<void>) {
  const connection = await connect(url, { env: { HOME: '/nowhere' } })
  try {
    await work(connection)
  } finally {
    await connection.close()
  }
}
