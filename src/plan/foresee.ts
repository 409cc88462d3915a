/** What operations will run whose schema is not known yet: those after SQL of unknown effect. */
import { ProblemError } from '../problem.ts'
import type { Model } from '../model/model.ts'
import { compileOperations } from './compile.ts'
import type { Target } from './compile.ts'
import type { Placed, PlannedStatement } from './placed.ts'

/**
 * The statements of operations as far as they can be told before they run. An operation on something that SQL of unknown
 * effect may have made is passed over: it is checked when the database has been looked at.
 * @param before the schema as far as it is known
 */
export function foresee(operations: readonly Placed[], before: Model, target: Target): PlannedStatement[] {
  let model = before
  return operations.flatMap((placed) => {
    try {
      const { statements, after } = compileOperations([placed], model, target, { blind: true })
      model = after
      return statements
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      return []
    }
  })
}
