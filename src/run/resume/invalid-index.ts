/** Indexes that a build CONCURRENTLY left half done. */
import type { Left } from '../records/checkpoint.ts'
import type { Session } from '../session/session.ts'
import type { Limits } from '../session/settings.ts'

/**
 * Drops the index that the statement was to build, when it is there and INVALID: it costs writes and serves no reader
 * (manual, CREATE INDEX, "Building Indexes Concurrently").
 * @param limits those of the revision: it waits no longer than building does
 * @returns whether there was one
 */
export async function dropInvalid(
  session: Session,
  statement: Left | undefined,
  limits: Limits,
): Promise<boolean> {
  const { connection, dialect, options: { reporter } } = session
  const found = statement && await dialect.halfBuilt?.(connection, statement.sql)
  if (found === undefined) return false
  reporter.waiting?.(`the index "${found.name}" was built in part: it is dropped, and built again`)
  await connection.run(limits.given)
  try {
    await connection.run([`DROP INDEX CONCURRENTLY IF EXISTS ${dialect.spelling.qualified(found)}`])
  } finally {
    await connection.run(limits.reset)
  }
  return true
}
