/** What would go wrong in a database that is not there yet: told before it is made. */
import type { Dialect } from '../dialect/dialect.ts'
import { EMPTY } from '../model/model.ts'
import type { Naming } from '../model/model.ts'
import { checkedSteps, prepareSteps } from './prepare.ts'
import type { Find } from './runner.ts'
import { withNaming } from './session.ts'
import type { History } from './session.ts'

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
): Promise<void> {
  const steps = find([]).steps.filter((one) => one.direction !== 'stamp')
  const target = { dialect, server: dialect.newest }
  // Warnings are for the run itself.
  const prepared = await prepareSteps(steps, history, target, { naming, warn: () => {} })
  checkedSteps(prepared, withNaming(EMPTY, naming), target)
}
