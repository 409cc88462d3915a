/** Operations and statements that know where they come from. */
import type { Problem, Span } from '../problem.ts'
import type { Rebuild, Statement } from '../dialect/dialect.ts'
import type { Operation } from '../ops/index.ts'

/** An operation and where it stands: `locate` gives its problems their file, line and column. */
export interface Placed {
  readonly operation: Operation
  locate(problem: Problem): Problem
  /** Variables without a value, left as written: it cannot run without them. */
  readonly missing?: readonly Problem[]
}

/** Where an operation stands; undefined where it stands in no file. */
export function placeOf({ locate }: Pick<Placed, 'locate'>): Span | undefined {
  return locate({ code: '', severity: 'error', message: '', path: [] }).at
}

/** A statement and the operation it is for; none for the tool's own statements. */
export interface PlannedStatement extends Statement {
  readonly origin: Placed
  /** The first of the operations that it is for, when it is for several. */
  readonly first?: Placed
  /**
   * The rebuild of a table (SQLite) that it is a part of. Its statements are done in one transaction with foreign keys off
   * or not at all: in between rows are lost to DROP TABLE (https://sqlite.org/lang_altertable.html, section 7).
   */
  readonly rebuild?: Rebuild
}
