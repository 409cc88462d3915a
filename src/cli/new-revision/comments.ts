/** What a person should look at in a generated revision: the comments above its operations. */
import { ProblemError } from '../../problem.ts'
import { shown } from '../../model/edit.ts'
import type { Model } from '../../model/model.ts'
import { definitionOf } from '../../ops/index.ts'
import type { Operation } from '../../ops/index.ts'
import type { Effect } from '../../ops/definition.ts'
import { compileOperations } from '../../plan/compile.ts'
import type { Target } from '../../plan/compile.ts'
import type { Placed } from '../../plan/placed.ts'
import type { Invocation } from '../command.ts'
import { printWarning } from '../output/print.ts'
import type { Comparison } from '../project/comparing.ts'

/** It stands in no file yet: what is wrong with it is told with what it does. */
function placed(operation: Operation): Placed {
  const note = `in "${definitionOf(operation).describe(operation)}"`
  return { operation, locate: (problem) => ({ ...problem, notes: [...(problem.notes ?? []), note] }) }
}

const WARNED: ReadonlySet<Effect['kind']> = new Set(['destroys-data', 'refuses-rows', 'unknown'])

/**
 * What of the operations needs a person's eye: data that go, rows that may be in the way, tables that are rewritten. Of
 * what is left alone and in the way is warned, too.
 * @param whole the schema that they are for, with what is in their way
 */
export function commentsOn(
  { io, options }: Invocation,
  { operations, current }: Comparison,
  { current: whole, ...target }: Target & { readonly current: Model },
): Map<Operation, readonly string[]> {
  const comments = new Map<Operation, readonly string[]>()
  let [model, beside] = [whole, current]
  for (const operation of operations) {
    const found = model === beside ? [] : hindrances(operation, model, target)
    if (found === undefined) model = beside
    const hinders = found ?? []
    for (const message of hinders) {
      printWarning(io, options, {
        code: 'in-the-way',
        message: `${definitionOf(operation).describe(operation)}: ${message}`,
        hint: 'that is left alone (`exclude:`): move it out of the way first, or the upgrade stops at this',
      })
    }
    const isHeld = hinders.length > 0
    const { lines, after } = seen(operation, operations, isHeld ? beside : model, target)
    const all = [...hinders.map((message) => `in the way: ${message}`), ...lines]
    if (all.length > 0) comments.set(operation, [...new Set(all)])
    // What is in the way of later ones comes to light as if this one were not done.
    if (isHeld) beside = after
    else if (model === beside) model = beside = after
    else [model, beside] = [after, definitionOf(operation).apply(operation, beside)]
  }
  return comments
}

/**
 * What makes an operation impossible and is not to be touched.
 * @returns undefined when it cannot be told: what was in the way of an earlier one is in this one's, too
 */
function hindrances(operation: Operation, model: Model, target: Target): readonly string[] | undefined {
  try {
    compileOperations([placed(operation)], model, target, { blind: true })
    return []
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const held = error.problems.filter((one) => one.code === 'still-used')
    return held.length === 0 ? undefined : held.map((one) => one.message)
  }
}

/** The comments on an operation, and the schema after it. @param operations all of them */
function seen(
  operation: Operation,
  operations: readonly Operation[],
  model: Model,
  target: Target,
): { readonly lines: readonly string[]; readonly after: Model } {
  const effects = definitionOf(operation).effects(operation, model).filter((one) => WARNED.has(one.kind))
  const { statements, after } = compileOperations([placed(operation)], model, target, { blind: true })
  const hazards = statements.flatMap((one) => one.hazards ?? [])
  const rewritten = new Set(
    hazards.filter((one) => one.kind === 'rewrites' || one.kind === 'copies-table').map((one) => one.table),
  )
  const lines = [
    ...lostWith(model, after, operations),
    ...effects.map((one) => one.why),
    ...[...rewritten].map((table) => `every row of "${table}" is written anew`),
  ]
  return { lines, after }
}

/** What goes with the tables and views that are gone after an operation, and no later one creates again. */
function lostWith(before: Model, after: Model, operations: readonly Operation[]): string[] {
  if (before.unmanaged === undefined) return []
  const relations = ({ tables, views, materializedViews }: Model) =>
    new Set([...tables, ...views, ...materializedViews].map(shown))
  const left = relations(after)
  const gone = new Set([...relations(before)].filter((one) => !left.has(one)))
  return before.unmanaged.filter(({ on, sql }) =>
    on !== undefined && gone.has(shown(on)) &&
    !operations.some((one) => one.op === 'execute' && one.sql === sql)
  ).map(({ what }) => `the ${what} goes with it`)
}
