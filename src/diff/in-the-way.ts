/**
 * What is left alone and in the way of a difference: a view over a column that goes, a foreign key to a table that goes.
 * No operation takes it away; what cannot be done while it is there says so itself.
 */
import { definitionOf } from '../ops/index.ts'
import type { Operation } from '../ops/index.ts'
import { find } from '../model/edit.ts'
import { withoutGrants } from '../model/grant.ts'
import type { Granted } from '../model/grant.ts'
import { byKey, keyOf } from '../model/identical.ts'
import type { Model, QualifiedName, Routine, Table, Trigger } from '../model/model.ts'
import { grantedRoutine, signature } from '../model/routine.ts'

const PARTS = ['foreignKeys', 'checks', 'uniques', 'excludes', 'indexes', 'policies'] as const

/** Of things that are left alone, what operations take away. */
interface Taken {
  readonly views: Set<string>
  readonly routines: Set<string>
  readonly triggers: Set<string>
  /** By table, the names of its constraints, indexes and policies. */
  readonly parts: Map<string, Set<string>>
}

/**
 * Both schemas without what is left alone and operations would take away, were it only to create it again.
 * @param operations that lead from the one to the other
 * @param left what is left alone; of a table that is compared, the parts that are not
 * @returns undefined when they take away nothing of it
 */
export function withoutTaken(
  [current, desired]: readonly [Model, Model],
  operations: readonly Operation[],
  left: Model,
): [Model, Model] | undefined {
  const taken: Taken = { views: new Set(), routines: new Set(), triggers: new Set(), parts: new Map() }
  operations.reduce((model, one) => {
    const next = definitionOf(one).apply(one, model)
    take(taken, left, model, next)
    return next
  }, current)
  const { views, routines, triggers, parts } = taken
  if (views.size + routines.size + triggers.size + parts.size === 0) return undefined
  return [without(current, taken), without(desired, taken)]
}

/** Notes what of the things that are left alone is not there any more. What was renamed is. */
function take(taken: Taken, left: Model, before: Model, after: Model): void {
  const gone = <T>(things: readonly T[], was: readonly T[], is: readonly T[], key: (one: T) => string) => {
    if (is.length >= was.length) return []
    const [had, has] = [new Set(was.map(key)), new Set(is.map(key))]
    return things.filter((one) => had.has(key(one)) && !has.has(key(one)))
  }
  for (const one of gone(viewsOf(left), viewsOf(before), viewsOf(after), keyOf)) taken.views.add(keyOf(one))
  for (const one of gone(left.functions, before.functions, after.functions, signature)) {
    taken.routines.add(signature(one))
  }
  // By their names: their table may have been renamed.
  for (const one of gone(left.triggers, before.triggers, after.triggers, keyOf)) {
    taken.triggers.add(triggerKey(one))
  }
  if (before.tables === after.tables) return
  const there = byKey(after.tables)
  for (const table of left.tables) {
    const [was, is] = [find(before, 'tables', table), there.get(keyOf(table))]
    if (was === undefined || is === undefined || was === is) continue
    const names = PARTS.flatMap((part) =>
      gone<QualifiedName>(table[part] ?? [], was[part] ?? [], is[part] ?? [], ({ name }) => name)
    ).map(({ name }) => name)
    if (names.length === 0) continue
    const known = taken.parts.get(keyOf(table)) ?? new Set()
    for (const name of names) known.add(name)
    taken.parts.set(keyOf(table), known)
  }
}

function viewsOf({ views, materializedViews }: Model): readonly QualifiedName[] {
  return [...views, ...materializedViews]
}

function triggerKey({ schema, table, name }: Trigger): string {
  return `${keyOf({ schema, name: table })}\0${name}`
}

function without(model: Model, { views, routines, triggers, parts }: Taken): Model {
  const isView = (one: QualifiedName) => views.has(keyOf(one))
  const isRoutine = (one: Routine) => routines.has(signature(one))
  const granted: Granted[] = [
    ...viewsOf(model).filter(isView).map((one): Granted => ({ ...one, on: 'table' })),
    ...model.functions.filter(isRoutine).map(grantedRoutine),
  ]
  return {
    ...model,
    views: model.views.filter((one) => !isView(one)),
    materializedViews: model.materializedViews.filter((one) => !isView(one)),
    functions: model.functions.filter((one) => !isRoutine(one)),
    triggers: model.triggers.filter((one) =>
      !triggers.has(triggerKey(one)) && !views.has(keyOf({ schema: one.schema, name: one.table }))
    ),
    tables: model.tables.map((one) => {
      const names = parts.get(keyOf(one))
      return names === undefined ? one : withoutParts(one, names)
    }),
    grants: withoutGrants(model.grants, granted),
  }
}

function withoutParts(table: Table, names: ReadonlySet<string>): Table {
  const kept = PARTS.map((part) => [part, table[part]?.filter(({ name }) => !names.has(name))] as const)
  return { ...table, ...Object.fromEntries(kept.filter(([, list]) => list !== undefined)) }
}
