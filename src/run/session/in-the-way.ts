/** Saying who was in the way. */
import type { Connection, Dialect } from '../../dialect/dialect.ts'
import type { ProblemError } from '../../problem.ts'

/** Who has locked what failed. What cannot be found out does not hide why it was asked. */
export async function inTheWay(
  connection: Connection,
  { holders }: Dialect,
  error: ProblemError,
): Promise<readonly string[]> {
  const [problem] = error.problems
  if (problem?.sql === undefined || holders === undefined) return []
  const [found] = await Promise.allSettled([holders(connection, problem.sql.text)])
  const told = found.status === 'fulfilled' ? found.value : []
  return told.filter((line) => problem.notes?.includes(line) !== true)
}
