/** The operations by which raw SQL says what it does to the schema: `effects` of execute. */
import { didYouMean, fault, locate } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import type { Effect, Renamed } from '../definition.ts'
import type { Operation } from '../index.ts'
import { kinds, lookup } from '../lookup.ts'

/** An operation as YAML writes it: `{ add_column: { … } }`. */
type Written = Readonly<Record<string, unknown>>

interface Read {
  readonly kind: string
  readonly operation: Operation
  readonly definition: NonNullable<ReturnType<typeof lookup>>
}

function read(written: Written, i: number): Read {
  const [kind = '', ...more] = Object.keys(written)
  const definition = lookup(kind)
  if (definition === undefined || more.length > 0) {
    const near = didYouMean(kind, kinds())
    return fault('unknown-operation', `unknown operation "${[kind, ...more].join(', ')}"`, {
      path: ['effects', i],
      hint: near === undefined ? undefined : `did you mean "${near}"?`,
    })
  }
  // Whoever reads revision files has checked the fields.
  return { kind, definition, operation: { op: kind, ...written[kind] as object } as Operation }
}

/** Goes through the operations, each with the model before it; problems get the path of the operation. */
function walk<T>(effects: readonly Written[], before: Model, visit: (one: Read, model: Model) => T) {
  let model = before
  const results = effects.map((written, i) => {
    const one = read(written, i)
    return locate(
      (problem) => ({ ...problem, path: ['effects', i, one.kind, ...(problem.path ?? [])] }),
      () => {
        const result = visit(one, model)
        model = one.definition.apply(one.operation, model)
        return result
      },
    )
  })
  return { results, model }
}

/** The model after the operations. @throws what they throw, at their path */
export function applyDeclared(effects: readonly Written[], model: Model): Model {
  return walk(effects, model, () => undefined).model
}

export function declaredEffects(effects: readonly Written[], before: Model): Effect[] {
  return walk(effects, before, (one, model) => one.definition.effects(one.operation, model)).results.flat()
}

export function declaredRenames(effects: readonly Written[]): Renamed[] {
  return effects.map(read).flatMap(({ definition, operation }) => definition.renames?.(operation) ?? [])
}

/** What undoes the operations, last first: as operations and as YAML writes them. */
export function invertDeclared(
  effects: readonly Written[],
  before: Model,
): { readonly operations: readonly Operation[]; readonly yaml: Written[] } | {
  readonly irreversible: string
} {
  const inverses = walk(effects, before, (one, model) => one.definition.invert(one.operation, model)).results
  const operations: Operation[] = []
  for (const inverse of inverses.reverse()) {
    if ('irreversible' in inverse) return inverse
    operations.push(...inverse)
  }
  const yaml = operations.map(({ op, only: _, ...fields }) => ({ [op]: fields }))
  return { operations, yaml }
}
