/** What runs in one transaction and what runs by itself. */
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
  /** `transaction: none`: each statement by itself. Those of one rebuild stay together all the same. */
  readonly apart: boolean
}

/** The statements of a revision in their order, cut where a transaction begins or ends. */
export function segments(statements: readonly PlannedStatement[], { apart }: SegmentOptions): Segment[] {
  const found: Segment[] = []
  let current: PlannedStatement[] = []
  const close = () => {
    const rebuild = current.some((one) => one.rebuild !== undefined)
    if (current.length > 0) found.push({ together: current, rebuild })
    current = []
  }
  for (const statement of statements) {
    const group = statement.rebuild
    if (statement.transaction === 'forbidden' || (apart && group === undefined)) {
      close()
      found.push({ alone: statement })
      continue
    }
    if (apart && current[0]?.rebuild !== group) close()
    current.push(statement)
  }
  close()
  return found
}
