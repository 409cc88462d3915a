/** What runs in one transaction and what runs by itself. */
import { definitionOf } from '../ops/index.ts'
import type { PlannedStatement } from './placed.ts'

/** Statements of one transaction; `rebuild`: a table is rebuilt in it, with foreign keys off. */
export interface Together {
  readonly together: readonly PlannedStatement[]
  readonly rebuild: boolean
}

/** A statement that stands outside any transaction. */
export interface Alone {
  readonly alone: PlannedStatement
}

export type Segment = Together | Alone

export interface SegmentOptions {
  /** `transaction: none`: see {@link isAlone}. What is not alone is together with its operation's, or its rebuild's. */
  readonly apart: boolean
}

/**
 * Whether a statement stands outside any transaction: one that cannot be in one and, where a revision is no transaction,
 * SQL as somebody wrote it. What an operation compiles to is done all of it or not at all: a conversion that was done in
 * part would be done twice by who goes on.
 */
export function isAlone(
  { transaction, origin, rebuild }: PlannedStatement,
  { apart }: SegmentOptions,
): boolean {
  if (transaction === 'forbidden') return true
  return apart && rebuild === undefined && definitionOf(origin.operation).runsSql === true
}

/** The statements of a revision in their order, cut where a transaction begins or ends. */
export function segments(statements: readonly PlannedStatement[], options: SegmentOptions): Segment[] {
  const found: Segment[] = []
  let current: PlannedStatement[] = []
  const close = () => {
    const rebuild = current.some((one) => one.rebuild !== undefined)
    if (current.length > 0) found.push({ together: current, rebuild })
    current = []
  }
  for (const statement of statements) {
    if (isAlone(statement, options)) {
      close()
      found.push({ alone: statement })
      continue
    }
    if (options.apart && current[0] !== undefined && groupOf(current[0]) !== groupOf(statement)) close()
    current.push(statement)
  }
  close()
  return found
}

function groupOf({ rebuild, origin }: PlannedStatement): unknown {
  return rebuild ?? origin
}
