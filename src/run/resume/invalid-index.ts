/** Indexes that a build CONCURRENTLY left half done. */
import type { Left } from '../records/checkpoint.ts'
import type { Session } from '../session/session.ts'

/**
 * Drops the index that the statement was to build, when it is there and INVALID: it costs writes and serves no reader
 * (manual, CREATE INDEX, "Building Indexes Concurrently").
 * @returns whether there was one
 */
export async function dropInvalid(session: Session, statement: Left | undefined): Promise<boolean> {
  const { connection, dialect, options: { reporter } } = session
  if (statement === undefined || dialect.invalidIndexes === undefined) return false
  const text = /^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(.*)/is.exec(
    statement.sql,
  )?.[1]
  if (text === undefined) return false
  const found = (await dialect.invalidIndexes(connection)).find(({ name }) =>
    [dialect.spelling.name(name), name].some((spelled) =>
      text.toLowerCase().startsWith(`${spelled.toLowerCase()} `)
    )
  )
  if (found === undefined) return false
  reporter.waiting?.(`the index "${found.name}" was built in part: it is dropped, and built again`)
  await connection.run([`DROP INDEX CONCURRENTLY IF EXISTS ${dialect.spelling.qualified(found)}`])
  return true
}
