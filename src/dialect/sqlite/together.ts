/** Statements of a remote transaction that travel together. */
import { split } from '../split.ts'
import type { ResultSet, Transaction } from './driver.ts'
import { driverError, fail } from './failure.ts'
import type { Target } from './url.ts'

/** The codes with which a libSQL server refuses a whole batch before running any of it. */
const UNPARSED: ReadonlySet<string> = new Set(['SQL_PARSE_ERROR', 'SQL_NO_STATEMENT', 'SQL_MANY_STATEMENTS'])

/** A statement, and which of the texts that are run together it is of. */
export interface Part {
  readonly sql: string
  readonly index: number
}

/** The statements of texts, which may hold several. */
export function partsOf(texts: readonly string[]): readonly Part[] {
  return texts.flatMap((text, index) =>
    text.includes(';')
      ? split(text, 'sqlite').map((one) => ({ sql: one.text, index }))
      : [{ sql: text, index }]
  )
}

/**
 * Runs all in one round trip.
 * @param alone runs one of them, where the server does not say which is wrong
 * @throws at the statement that failed
 */
export async function together(
  transaction: Transaction,
  parts: readonly Part[],
  target: Target,
  alone: (part: Part) => Promise<ResultSet>,
): Promise<readonly ResultSet[]> {
  try {
    return await transaction.batch(parts.map(({ sql }) => sql))
  } catch (error) {
    if (error instanceof Error && 'statementIndex' in error) {
      return fail(error, target, parts[Number(error.statementIndex)])
    }
    // The server parses all statements before it runs the first, and does not say which one it means.
    if (!UNPARSED.has(driverError(error).code)) return fail(error, target)
  }
  const results: ResultSet[] = []
  for (const part of parts) results.push(await alone(part))
  return results
}
