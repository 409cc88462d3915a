/** How far a revision is that is not one transaction: what the journal keeps, so that another run can go on with it. */
import { createHash } from 'node:crypto'
import type { Placed, PlannedStatement } from '../../plan/placed.ts'
import { isAlone } from '../../plan/segments.ts'
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

function toLeft({ document }: PreparedStep, statement: PlannedStatement): Left {
  return {
    sql: statement.sql,
    ...(isAlone(statement, { apart: document.transaction === 'none' }) ? { alone: true } : {}),
    ...(statement.batches === undefined ? {} : { again: true }),
  }
}

/** The operations of a revision while it runs: of thousands it is asked after each how far it is. */
class Followed {
  readonly #all: readonly Placed[]
  readonly #numbers: ReadonlyMap<Placed, number>
  readonly #hash = createHash('sha256').update('[')
  #hashed = 0

  constructor(all: readonly Placed[]) {
    this.#all = all
    this.#numbers = new Map(all.map((one, i) => [one, i]))
  }

  /** The number of the operation that a statement is counted to. */
  numberOf({ first, origin }: PlannedStatement): number {
    return this.#numbers.get(first ?? origin)!
  }

  /** {@link digestOf} the first so many. */
  digest(count: number): string {
    // What is committed may be less than what ran.
    if (count < this.#hashed) return digestOf(this.#all.slice(0, count))
    for (; this.#hashed < count; this.#hashed++) {
      const text = JSON.stringify(this.#all[this.#hashed]!.operation)
      this.#hash.update(this.#hashed === 0 ? text : `,${text}`)
    }
    return this.#hash.copy().update(']').digest('hex').slice(0, 16)
  }
}

const FOLLOWED = new WeakMap<readonly Placed[], Followed>()

function followed(all: readonly Placed[]): Followed {
  const known = FOLLOWED.get(all) ?? new Followed(all)
  FOLLOWED.set(all, known)
  return known
}

/** How far it is, as the journal keeps it. */
export function checkpointOf({ prepared, compiled, position, consumed }: Position): Checkpoint {
  const all = prepared.resumed?.all ?? prepared.operations
  const offset = all.length - prepared.operations.length
  const revision = followed(all)
  const next = compiled[position]
  const operations = next === undefined ? offset + consumed : revision.numberOf(next)
  const isNext = (at: number) => compiled[at] !== undefined && revision.numberOf(compiled[at]) === operations
  // The statements of an operation stand together.
  let [from, to] = [position, position]
  while (next !== undefined && isNext(from - 1)) from--
  while (isNext(to)) to++
  const before = prepared.resumed?.left.includes(next!) ? prepared.resumed.partly : 0
  return {
    operations,
    statements: next === undefined ? 0 : before + position - from,
    left: compiled.slice(position, to).map((one) => toLeft(prepared, one)),
    digest: revision.digest(operations),
    ...(operations < all.length ? { next: digestOf(all.slice(operations, operations + 1)) } : {}),
  }
}
