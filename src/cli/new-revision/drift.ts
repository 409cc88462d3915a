/** Whether a revision that leads from the database to the models can follow the history, which may say something else. */
import { ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { definitionOf } from '../../ops/index.ts'
import type { Operation } from '../../ops/index.ts'
import type { Invocation } from '../command.ts'
import { printWarning } from '../output/print.ts'
import type { Said } from '../project/others.ts'

/**
 * Warns of operations that do not apply to the schema at the heads, as the files say it: where only they are run, the new
 * revision fails. Says nothing where that schema is not known: behind SQL of unknown effect, an operation that fails, or
 * a file that cannot be read, all of which `verify` tells.
 */
export function warnOfDrift(
  { io, options }: Invocation,
  said: Said,
  operations: readonly Operation[],
): void {
  const [first, ...more] = refusals(said, operations)
  if (first === undefined) return
  printWarning(io, options, {
    code: 'not-in-history',
    message:
      `the revision does not follow from the history, which the database differs from: ${first.message}${
        more.length === 0 ? '' : ` (and ${more.length} more)`
      }`,
    hint:
      'what others have made is left alone with `exclude:` and `schemas:` in limbeck.yaml; `limbeck check` shows the difference',
  })
}

function refusals(said: Said, operations: readonly Operation[]): readonly Problem[] {
  if (!said.whole) return []
  let { model } = said
  return operations.flatMap((operation) => {
    try {
      model = definitionOf(operation).apply(operation, model)
      return []
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      return error.problems
    }
  })
}
