/** Constraints of one table: what goes, what is renamed or validated, what comes. Foreign keys that come are last. */
import type { Model, QualifiedName, Table } from '../model/model.ts'
import { usedColumns } from '../model/used-columns.ts'
import { constraints, find, sameName } from '../model/edit.ts'
import type { AnyConstraint } from '../model/edit.ts'
import { isKey, orphans } from '../model/references.ts'
import type { Reference } from '../model/references.ts'
import { withoutColumn } from '../model/drop-column.ts'
import { changeConstraint } from '../model/change-constraint.ts'
import {
  fromCheck,
  fromExclusion,
  fromForeignKey,
  fromPrimaryKey,
  fromUnique,
} from '../ops/parts/constraint-model.ts'
import { inOrder } from '../ops/parts/from-table.ts'
import { onTable } from '../ops/parts/on-table.ts'
import type { Operation } from '../ops/index.ts'
import { bodyOf, isValid, sameBody } from './adopt.ts'
import type { Work } from './work.ts'

/** A constraint of a table that is there, or shall be, and its like as the dialect holds it. */
interface Held {
  readonly one: AnyConstraint
  readonly shadow: AnyConstraint
}

function held(table: Table, shadow: Table): Held[] {
  const shadows = constraints(shadow)
  return constraints(table).map((one, i) => ({ one, shadow: shadows[i]! }))
}

/** Whether two constraints are one, by name and by what they say. */
function same(a: Held, b: Held, work: Work): boolean {
  return a.one.kind === b.one.kind && a.shadow.constraint.name === b.shadow.constraint.name &&
    sameBody(bodyOf(a.shadow), bodyOf(b.shadow), work.dialect)
}

/** The constraints that one side has and the other has not. */
function without(these: readonly Held[], others: readonly Held[], work: Work): Held[] {
  const byName = new Map(others.map((one) => [`${one.one.kind} ${one.shadow.constraint.name}`, one]))
  return these.filter((one) => {
    const other = byName.get(`${one.one.kind} ${one.shadow.constraint.name}`)
    return other === undefined || !same(one, other, work)
  })
}

interface Sides {
  readonly here: readonly Held[]
  readonly there: readonly Held[]
}

function sidesOf(work: Work, from: Table, to: Table): Sides {
  return {
    here: held(from, work.shadow(from, work.model)),
    there: held(to, work.shadow(to, work.desired)),
  }
}

/** Drops foreign keys, of whichever table. */
export function dropKeys(work: Work, lost: readonly Reference[]): void {
  for (const { from, key } of lost) {
    const table = work.table(from)
    if (table === undefined || !table.foreignKeys.some((one) => one.name === key.name)) continue
    work.emit({ op: 'drop_constraint', name: key.name, ...onTable(table), type: 'foreign_key' })
  }
}

/** Drops the checks of a table that use some columns: they are created anew with the rest. */
export function dropChecks(work: Work, from: Table, columns: ReadonlySet<string>): void {
  for (const { name, expression } of from.checks) {
    if (!usedColumns(expression, from).some((one) => columns.has(one))) continue
    work.emit({ op: 'drop_constraint', name, ...onTable(from), type: 'check' })
  }
}

/**
 * Drops and renames the constraints of a table that are not as they shall be, after the foreign keys that need them.
 * Those that go with a dropped column are left to it.
 * @param going the columns that will be dropped
 */
export function dropConstraints(work: Work, from: Table, to: Table, going: ReadonlySet<string>): void {
  const { here, there } = sidesOf(work, from, to)
  const gone = without(here, there, work)
  const come = without(there, here, work)
  const kept = new Set<object>(
    constraints([...going].reduce(withoutColumn, from)).map((one) => one.constraint),
  )
  // PostgreSQL drops no column that an exclusion constraint has in an expression.
  for (const one of from.excludes) {
    if (!one.elements.every((part) => going.has(part.column ?? ''))) kept.add(one)
  }
  const names = new Set(here.map(({ one }) => one.constraint.name))
  const renamed = new Map<Held, Held>()
  const taken = new Set<Held>()
  for (const one of gone) {
    const twin = come.find((other) =>
      other.one.kind === one.one.kind && !names.has(other.one.constraint.name) &&
      !taken.has(other) &&
      sameBody(bodyOf(one.shadow), bodyOf(other.shadow), work.dialect)
    )
    if (twin === undefined) continue
    renamed.set(one, twin)
    taken.add(twin)
  }
  const order = inOrder(gone.filter((one) => !renamed.has(one)).map(({ one }) => one)).reverse()
  for (const one of order) if (kept.has(one.constraint)) drop(work, to, one)
  for (const [old, { one }] of renamed) {
    work.emit({
      op: 'rename_constraint',
      ...onTable(to),
      name: old.one.constraint.name,
      new_name: one.constraint.name,
    })
  }
}

/** Drops a constraint, after the foreign keys that need it. */
function drop(work: Work, name: QualifiedName, { kind, constraint }: AnyConstraint): void {
  const table = work.table(name)!
  if (kind !== 'foreign_key') {
    dropKeys(
      work,
      orphans(work.model, table, changeConstraint(table, constraint.name, () => undefined)),
    )
  }
  work.emit({ op: 'drop_constraint', name: constraint.name, ...onTable(table), type: kind })
}

/** Creates the constraints that the table lacks, but for foreign keys, and validates those that are not. */
export function createConstraints(work: Work, to: Table): void {
  const from = work.table(to)!
  const { here, there } = sidesOf(work, from, to)
  const missing = without(there, here, work).map(({ one }) => one)
  for (const one of inOrder(missing)) if (one.kind !== 'foreign_key') work.emit(creation(to, one))
  const waiting = new Set(
    there.filter(({ shadow }) => isValid(shadow)).map(({ shadow }) => shadow.constraint.name),
  )
  for (const { shadow, one } of here) {
    if (isValid(shadow) || !waiting.has(shadow.constraint.name) || work.table(to) === undefined) continue
    work.emit({ op: 'validate_constraint', name: one.constraint.name, ...onTable(to) })
  }
}

/**
 * Creates the foreign keys that the table lacks and that can be: what they refer to is there.
 * @returns whether none is left
 */
export function createForeignKeys(work: Work, to: Table): boolean {
  const from = work.table(to)!
  if (to.foreignKeys.length === 0) return true
  const { here, there } = sidesOf(work, from, to)
  let complete = true
  for (const { one } of without(there, here, work)) {
    if (one.kind !== 'foreign_key') continue
    if (refersToKey(work, one.constraint.references)) work.emit(creation(to, one))
    else complete = false
  }
  return complete
}

type Target = Table['foreignKeys'][number]['references']

/** Whether a foreign key can refer there: the columns are a key, and of the types that they will have. */
function refersToKey(work: Work, references: Target): boolean {
  const target = work.table(references)
  if (target === undefined || !isKey(target, references.columns)) return false
  const wanted = find(work.desired, 'tables', references)
  if (wanted === undefined) return true
  const held = (table: Table, model: Model, name: string) =>
    work.shadow(table, model).columns[table.columns.findIndex((one) => one.name === name)]?.type
  return references.columns.every((name) => {
    const [here, there] = [held(target, work.model, name), held(wanted, work.desired, name)]
    return here === undefined || there === undefined || work.dialect.sameType(here, there)
  })
}

/** The operation that creates a constraint; one that has no name of its own is left without. */
function creation(table: Table, one: AnyConstraint): Operation {
  const at = onTable(table)
  switch (one.kind) {
    case 'primary_key':
      return { op: 'create_primary_key', ...at, ...fromPrimaryKey(one.constraint) }
    case 'unique':
      return { op: 'create_unique_constraint', ...at, ...fromUnique(one.constraint) }
    case 'check':
      return { op: 'create_check_constraint', ...at, ...fromCheck(one.constraint) }
    case 'exclude':
      return { op: 'create_exclude_constraint', ...at, ...fromExclusion(one.constraint) }
    case 'foreign_key':
      return { op: 'create_foreign_key', ...at, ...fromForeignKey(one.constraint) }
  }
}

/** Whether a foreign key of a new table can be created with it: what it refers to is there, or is itself. */
export function isReady(work: Work, table: Table, key: Table['foreignKeys'][number]): boolean {
  if (key.valid === false) return false
  const { references } = key
  if (!sameName(references, table)) return refersToKey(work, references)
  // CREATE TABLE makes indexes last: a key cannot refer to one of its own table.
  return isKey({ ...table, indexes: [] }, references.columns)
}
