/** Statements on their way to the database, and whose fault it is when one fails. */
import { locateAsync } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import type { Connection } from '../../dialect/dialect.ts'
import { definitionOf } from '../../ops/index.ts'
import type { Placed, PlannedStatement } from '../../plan/placed.ts'

/** One statement to run: an operation's, or the tool's own. */
export interface Line {
  readonly sql: string
  readonly origin?: Placed
  readonly rebuild?: PlannedStatement['rebuild']
}

/** The tool's own statements. */
export function own(statements: readonly string[]): Line[] {
  return statements.map((sql) => ({ sql }))
}

/**
 * Runs statements in their order.
 * @returns how many rows each changed
 * @throws the problem of the one that failed, at its operation
 */
export async function runLines(connection: Connection, lines: readonly Line[]): Promise<readonly number[]> {
  if (lines.length === 0) return []
  return await atOperation(lines, () => connection.run(lines.map((one) => one.sql)))
}

/** Runs what sends these lines. @throws the problem of the one that failed, at its operation */
export async function atOperation<T>(lines: readonly Line[], work: () => Promise<T>): Promise<T> {
  return await locateAsync((problem) => atOrigin(problem, culprit(problem, lines)?.origin), work)
}

/** A problem of the database, at the operation that caused it. */
export function atOrigin(problem: Problem, origin: Placed | undefined): Problem {
  if (origin === undefined) return problem
  const what = `in "${definitionOf(origin.operation).describe(origin.operation)}"`
  return origin.locate({ ...problem, path: [], notes: [what, ...(problem.notes ?? [])] })
}

/**
 * The statement that failed: the one that the driver names, when it is one of them (BEGIN travels with the first); else
 * the one that has the text. Nobody is blamed by guess.
 */
function culprit({ sql }: Problem, lines: readonly Line[]): Line | undefined {
  if (sql === undefined) return lines.length === 1 ? lines[0] : undefined
  const named = sql.index === undefined ? undefined : lines[sql.index]
  // BEGIN stands before the first, COMMIT behind the last.
  if (sql.index !== undefined && named === undefined) return undefined
  if (named?.sql.includes(sql.text)) return named
  const same = lines.filter((one) => one.sql.includes(sql.text))
  return same.length === 1 ? same[0] : undefined
}
