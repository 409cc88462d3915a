/** A run under way, and what it did. */
import type { Step, Steps } from '../../revision/graph/steps.ts'
import type { PreparedStep } from './prepared-step.ts'

/** A step that ran. */
export interface Ran {
  readonly step: Step
  readonly milliseconds: number
  /** The rows of the version table after it. */
  readonly heads: readonly string[]
}

/** What a run did. */
export interface RunResult {
  /** The rows of the version table before and after. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly steps: readonly Ran[]
  /** Revisions that had begun and not ended, and that a stamp settled. */
  readonly settled?: readonly string[]
}

/** Finds steps from the rows of the version table. It may throw (no such revision, …): nothing was changed then. */
export type Find = (rows: readonly string[]) => Steps

/** A step that may be done: the connection was lost before the answer came. */
export interface Doubt {
  readonly prepared: PreparedStep
  readonly startedAt: Date
  /** The rows of the version table after it. */
  readonly heads: readonly string[]
}

/** What a run knows of itself, over all its attempts. */
export interface RunState {
  readonly done: Ran[]
  /** What was warned of already. */
  readonly warned: Set<string>
  /** The rows of the version table in the beginning. */
  before: readonly string[] | undefined
  /** The revisions that were to run when the first of them had not run yet. */
  plan: ReadonlySet<string>
  /** Whether somebody approved of what is lost. */
  approved: boolean
  /** What somebody says of the statement at which the revision stopped that is gone on with first, and of no other one. */
  resume: 'retry' | 'skip' | undefined
  /** In the order in which they ran. */
  doubts: readonly Doubt[]
}
