/** The schema at any revision, without a database: `apply` folded over a history; and downgrades derived from it. */
import { EXIT, fault, locate, ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import type { Model } from '../model/model.ts'
import { definitionOf } from '../ops/index.ts'
import type { Operation } from '../ops/index.ts'
import { operationsFor } from './compile.ts'
import type { Target } from './compile.ts'
import { madeBy } from './losses.ts'
import type { Placed } from './placed.ts'

/**
 * The model after some operations.
 * @throws the problems of `apply`, at the operation's place
 */
export function replay(operations: readonly Placed[], before: Model, target: Target): Model {
  return operationsFor(operations, target).reduce(
    (model, { operation, locate: place }) =>
      locate(place, () => definitionOf(operation).apply(operation, model)),
    before,
  )
}

/**
 * The model after those of some operations that can be applied, and what is wrong with the others. What SQL of unknown
 * effect made is not in the model, so that an operation on it finds nothing.
 */
export function replayLeniently(
  operations: readonly Placed[],
  before: Model,
  target: Target,
): { readonly model: Model; readonly skipped: readonly Problem[] } {
  const skipped: Problem[] = []
  let model = before
  for (const placed of operationsFor(operations, target)) {
    try {
      model = replay([placed], model, target)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      skipped.push(...error.problems)
    }
  }
  return { model, skipped }
}

/** The operations that drop what holds data: what undoes them makes it anew, as the model has it. `at` counts from 0. */
export function destructions(
  operations: readonly Placed[],
  before: Model,
  target: Target,
): readonly { readonly placed: Placed; readonly object: string; readonly at: number }[] {
  let model = before
  return operationsFor(operations, target).flatMap((placed, at) => {
    const definition = definitionOf(placed.operation)
    const before = model
    model = locate(placed.locate, () => definition.apply(placed.operation, before))
    if (model === before) return []
    return definition.effects(placed.operation, before).filter((one) => one.kind === 'destroys-data')
      .map(({ object }) => ({ placed, object, at }))
  })
}

/**
 * What undoes a revision's upgrade: the inverses of its operations, last first.
 * @param before the model at its parents
 * @throws `irreversible` at the operation that has no inverse
 */
export function inverseOf(upgrade: readonly Placed[], before: Model, target: Target): Placed[] {
  const inverses: Placed[][] = []
  const operations = operationsFor(upgrade, target)
  let model = before
  for (const [i, placed] of operations.entries()) {
    const definition = definitionOf(placed.operation)
    inverses.push(inverse(placed, model, () => writesOnlyNew(operations.slice(0, i + 1), before, target)))
    model = locate(placed.locate, () => definition.apply(placed.operation, model))
  }
  return inverses.reverse().flat()
}

/**
 * Checks that a revision without a downgrade can do without: each of its operations has an inverse. It ends at the first
 * one of unknown effect, after which the schema is not known.
 * @param operations those for the dialect
 * @throws `irreversible` at the operation that has none: the revision file is not complete (exit code 2)
 */
export function checkInvertible(operations: readonly Placed[], before: Model, target: Target): void {
  let model = before
  for (const [i, placed] of operations.entries()) {
    const definition = definitionOf(placed.operation)
    const isNew = () => writesOnlyNew(operations.slice(0, i + 1), before, target)
    locate((problem) => problem, () => inverse(placed, model, isNew), EXIT.usage)
    if (definition.opaque?.(placed.operation)) return
    model = locate(placed.locate, () => definition.apply(placed.operation, model))
  }
}

/**
 * Whether the last of a revision's first operations writes rows alone, and only where those before it made the table or
 * the columns: their inverses drop these. Behind SQL of unknown effect nobody can say so.
 */
function writesOnlyNew(operations: readonly Placed[], before: Model, target: Target): boolean {
  const earlier = operations.slice(0, -1)
  const { operation } = operations.at(-1)!
  const definition = definitionOf(operation)
  if (operations.some((one) => definitionOf(one.operation).opaque?.(one.operation))) return false
  const model = replay(earlier, before, target)
  if (definition.apply(operation, model) !== model) return false
  if (!('table' in operation) || operation.table === undefined) return false
  const isNew = madeBy(earlier, before, target)
  const table = { schema: 'schema' in operation ? operation.schema : undefined, name: operation.table }
  if (isNew(table)) return true
  const effects = definition.effects(operation, model)
  return effects.length > 0 &&
    effects.every(({ kind, object, column }) =>
      kind === 'destroys-data' && object === table.name && isNew(table, column)
    )
}

/** @param needsNone whether an operation that has no inverse needs none */
function inverse(placed: Placed, before: Model, needsNone: () => boolean): Placed[] {
  const definition = definitionOf(placed.operation)
  const result = locate(placed.locate, () => definition.invert(placed.operation, before))
  if (isOperations(result)) {
    return result.map((operation) => ({
      operation,
      locate: (problem) =>
        placed.locate({ ...problem, path: [], notes: [...(problem.notes ?? []), undoing(placed)] }),
    }))
  }
  if (needsNone()) return []
  const problem = placed.locate({
    code: 'irreversible',
    severity: 'error',
    message: `"${definition.describe(placed.operation)}" cannot be undone: ${result.irreversible}`,
    path: [],
  })
  return fault(problem.code, problem.message, {
    ...problem,
    hint: 'give the revision a `downgrade:` list, or `downgrade: { irreversible: "why" }`',
  })
}

function undoing(placed: Placed): string {
  return `while undoing "${
    definitionOf(placed.operation).describe(placed.operation)
  }" (the downgrade is derived)`
}

function isOperations(inverse: readonly Operation[] | object): inverse is readonly Operation[] {
  return Array.isArray(inverse)
}
