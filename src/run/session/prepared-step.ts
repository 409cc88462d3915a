/** A step of a run, ready to be run. */
import type { LoadedRevision } from '../../revision/load.ts'
import type { Step } from '../../revision/graph/steps.ts'
import type { Compilation } from '../../plan/compile.ts'
import type { Placed, PlannedStatement } from '../../plan/placed.ts'

/** What a run goes on with: a revision that another one began. */
export interface Resumed {
  /** The number of the journal's row. */
  readonly entry: number
  /** All operations of the revision; those of the prepared step are the last of them. */
  readonly all: readonly Placed[]
  /** What is left of the operation before those of the prepared step. */
  readonly left: readonly PlannedStatement[]
  /** How many statements of that operation are done. */
  readonly partly: number
  /** How many statements of the revision are done. */
  readonly statements: number
}

/** A step with the operations that it runs. */
export interface PreparedStep {
  readonly step: Step
  readonly document: LoadedRevision
  /** Those of the upgrade or of the downgrade, for this dialect. */
  readonly operations: readonly Placed[]
  /** What they compile to, up to the first of unknown effect; absent after one. */
  readonly compilation?: Compilation
  /** What another run began and this one goes on with: `operations` are those that are left then. */
  readonly resumed?: Resumed
}
