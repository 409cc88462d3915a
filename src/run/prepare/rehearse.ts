/** What would go wrong in a database that is not there yet: told before it is made. */
import type { Dialect, Server } from '../../dialect/dialect.ts'
import { EMPTY } from '../../model/model.ts'
import type { Model, Naming } from '../../model/model.ts'
import { sameModel } from '../../model/same.ts'
import { checkedSteps, prepareSteps } from './prepare.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import type { Find } from '../session/run-state.ts'
import { withNaming } from '../session/session.ts'
import type { History } from '../session/session.ts'

/** Steps that were compiled for an empty database. */
export interface Rehearsal {
  readonly server: Server
  readonly steps: readonly PreparedStep[]
}

/**
 * Finds, reads and compiles the steps for an empty database, as far as that can be done without one.
 * @throws what a run would throw before its first statement
 */
export async function rehearse(
  { dialect, history, naming }: {
    readonly dialect: Dialect
    readonly history: History
    readonly naming?: Naming | undefined
  },
  find: Find,
): Promise<Rehearsal> {
  const steps = find([]).steps.filter((one) => one.direction !== 'stamp')
  const target = { dialect, server: dialect.newest }
  // Warnings are for the run itself.
  const prepared = await prepareSteps(steps, history, target, { naming, warn: () => {} })
  return { server: target.server, steps: checkedSteps(prepared, withNaming(EMPTY, naming), target) }
}

/** The rehearsed steps, when they are what is to run now, on a database of the kind they were rehearsed for. */
export function rehearsed(
  rehearsal: Rehearsal,
  prepared: readonly PreparedStep[],
  before: Model,
  server: Server,
): readonly PreparedStep[] | undefined {
  const { steps } = rehearsal
  const same = rehearsal.server.version === server.version && steps.length === prepared.length &&
    prepared.every(({ document, step }, i) =>
      document === steps[i]!.document && step.direction === steps[i]!.step.direction
    )
  const empty = withNaming(EMPTY, before.naming)
  return same && sameModel(before, empty).length === 0 ? steps : undefined
}
