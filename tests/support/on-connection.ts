/** A connection of its own for the time of some work. */
import type { Connection } from '../../src/dialect/dialect.ts'
import { dialectOf } from '../../src/dialect/index.ts'

/** Opens the database of the URL, which must be there, and closes it however the work ends. */
export async function onConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await (await dialectOf(url)).connect(url, { env: {}, cwd: '/', create: false })
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}
