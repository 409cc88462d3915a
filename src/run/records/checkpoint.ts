/** How far a revision is that is not one transaction: what the journal keeps, so that another run can go on with it. */
import { createHash } from 'node:crypto'
import type { Placed, PlannedStatement } from '../../plan/placed.ts'
import type { PreparedStep } from '../session/prepared-step.ts'

/** A statement that is to be done. */
export interface Left {
  readonly sql: string
  /** Whether it runs by itself, outside any transaction: then it may be done although the journal does not say so. */
  readonly alone?: true
  /** Whether it may be done again, however much of it is done. */
  readonly again?: true
}

/** How far a revision is. */
export interface Checkpoint {
  /** How many of its operations are done. */
  readonly operations: number
  /** How many statements of the next operation are done. */
  readonly statements: number
  /** What is left of it. */
  readonly left: readonly Left[]
  /** Digests of the operations that are done, and of the next one: an edit of them shows. */
  readonly digest: string
  readonly next?: string
}

/** Where in its statements a revision is that runs. */
export interface Position {
  readonly prepared: PreparedStep
  /** What was compiled last, and how many of it are done. */
  readonly compiled: readonly PlannedStatement[]
  readonly position: number
  /** How many operations of the prepared step are done when all of that is. */
  readonly consumed: number
}

/** A digest of operations. */
export function digestOf(operations: readonly Placed[]): string {
  const text = JSON.stringify(operations.map(({ operation }) => operation))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Whether a statement runs by itself. */
function isAlone({ document }: PreparedStep, statement: PlannedStatement): boolean {
  return statement.transaction === 'forbidden' ||
    (document.transaction === 'none' && statement.rebuild === undefined)
}

function toLeft(prepared: PreparedStep, statement: PlannedStatement): Left {
  return {
    sql: statement.sql,
    ...(isAlone(prepared, statement) ? { alone: true } : {}),
    ...(statement.batches === undefined ? {} : { again: true }),
  }
}

/** How far it is, as the journal keeps it. */
export function checkpointOf({ prepared, compiled, position, consumed }: Position): Checkpoint {
  const all = prepared.resumed?.all ?? prepared.operations
  const offset = all.length - prepared.operations.length
  const numberOf = (one: PlannedStatement) => all.indexOf(one.first ?? one.origin)
  const next = compiled[position]
  const operations = next === undefined ? offset + consumed : numberOf(next)
  const isNext = (one: PlannedStatement) => numberOf(one) === operations
  const before = prepared.resumed?.left.includes(next!) ? prepared.resumed.partly : 0
  const left = next === undefined ? [] : compiled.slice(position).filter(isNext)
  return {
    operations,
    statements: next === undefined ? 0 : before + compiled.slice(0, position).filter(isNext).length,
    left: left.map((one) => toLeft(prepared, one)),
    digest: digestOf(all.slice(0, operations)),
    ...(operations < all.length ? { next: digestOf(all.slice(operations, operations + 1)) } : {}),
  }
}
