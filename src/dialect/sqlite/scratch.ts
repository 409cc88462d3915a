/** A database in memory, made by SQL. */
import type { Connection, ScratchOptions } from '../dialect.ts'
import { connect } from './connect.ts'

/** As {@link Dialect.withScratch} says. */
export async function withScratch<T>(
  script: string,
  { env, cwd }: ScratchOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect('sqlite://', { env, cwd, create: true })
  try {
    await connection.run([script])
    return await work(connection)
  } finally {
    await connection.close()
  }
}
