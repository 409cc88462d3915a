/** The model's {@link Table} → what create_table writes; its order of constraints gives them their names again. */
import type { Model, Table } from '../../model/model.ts'
import { constraints, find, remove } from '../../model/edit.ts'
import type { AnyConstraint, ConstraintKind } from '../../model/edit.ts'
import { defaultName } from '../../model/attach.ts'
import type { Addition } from '../../model/attach.ts'
import { defined } from '../../model/defined.ts'
import { fromColumn } from './column.ts'
import { fromCheck, fromExclusion, fromForeignKey, fromPrimaryKey, fromUnique } from './constraint-model.ts'
import { fromIndex } from './index-spec.ts'
import type { TableSpec } from './table.ts'

/** A table without what stands in databases or models alone; what is on it comes back by operations: `policy.ts`. */
function inItself(
  {
    unmanaged: _,
    doubleQuotes: _quotes,
    was: _was,
    rowSecurity: __,
    forceRowSecurity: ___,
    policies: ____,
    ...rest
  }: Table,
) {
  return rest
}

/** What YAML writes for a table; a primary key of one unnamed column stands at the column. */
export function fromTable(table: Table, model: Model): TableSpec {
  const { name, schema, columns, primaryKey, uniques, checks, foreignKeys, excludes, indexes, ...options } =
    inItself(table)
  const {
    comment,
    strict,
    withoutRowid,
    unlogged,
    with: parameters,
    tablespace,
    partitionBy,
    inherits,
    ...rest
  } = options
  void (rest satisfies Record<string, never>)
  const others = find(model, 'tables', table) === undefined ? model : remove(model, 'tables', table)
  const { primaryKey: _key, ...unkeyed } = table
  const bare: Table = { ...unkeyed, uniques: [], checks: [], foreignKeys: [], excludes: [], indexes: [] }
  const again = namesAgain(others, bare, constraints(table))
  const isOwn = (key: string) => columns.some((one) => one.name === key)
  const atColumn = primaryKey !== undefined && again(primaryKey) && primaryKey.columns.length === 1 &&
      primaryKey.columns.every(isOwn) &&
      Object.keys(primaryKey).every((field) => ['name', 'implicit', 'columns'].includes(field))
    ? primaryKey.columns[0]
    : undefined
  const spell = <C extends Named, S>(from: (one: C) => S) => (one: C): S =>
    from(again(one) ? one : { ...one, implicit: undefined })
  const some = <T>(items: readonly T[]) => items.length === 0 ? undefined : items
  return defined({
    name,
    schema,
    columns: columns.map((one) => fromColumn(one, model, { primaryKey: one.name === atColumn })),
    primary_key: primaryKey === undefined || atColumn !== undefined
      ? undefined
      : spell(fromPrimaryKey)(primaryKey),
    unique: some(uniques.map(spell(fromUnique))),
    foreign_keys: some(foreignKeys.map(spell(fromForeignKey))),
    checks: some(checks.map(spell(fromCheck))),
    exclude: some(excludes.map(spell(fromExclusion))),
    indexes: some(indexes.map(fromIndex)),
    comment,
    strict,
    without_rowid: withoutRowid,
    unlogged,
    with: parameters as TableSpec['with'],
    tablespace,
    partition_by: partitionBy,
    inherits,
  })
}

interface Named {
  readonly name: string
  readonly implicit?: true
}

const ORDER: readonly ConstraintKind[] = ['primary_key', 'unique', 'check', 'exclude', 'foreign_key']

/** Constraints in the order in which they are created: a foreign key may refer to a key of its own table. */
export function inOrder(all: readonly AnyConstraint[]): AnyConstraint[] {
  return [...all].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
}

/**
 * Which of the constraints get their names again by themselves when they are created anew, unnamed and in order. After a
 * rename they do not: `t_a_key` keeps the column's old name.
 * @param model without the table, or with any state of it
 * @param start the table without them
 */
export function namesAgain(
  model: Model,
  start: Table,
  all: readonly AnyConstraint[],
): (one: Named) => boolean {
  const same = new Set<Named>()
  let sofar = start
  for (const one of inOrder(all)) {
    const { name, implicit, ...unnamed } = one.constraint
    const again = defaultName(model, sofar, { kind: one.kind, constraint: unnamed } as Addition)
    if (implicit && again.implicit && again.name === name) same.add(one.constraint)
    sofar = holding(sofar, one)
  }
  return (one) => same.has(one)
}

/** The table with a constraint just as it is. */
export function holding(table: Table, one: AnyConstraint): Table {
  switch (one.kind) {
    case 'primary_key':
      return { ...table, primaryKey: one.constraint }
    case 'unique':
      return { ...table, uniques: [...table.uniques, one.constraint] }
    case 'check':
      return { ...table, checks: [...table.checks, one.constraint] }
    case 'exclude':
      return { ...table, excludes: [...table.excludes, one.constraint] }
    case 'foreign_key':
      return { ...table, foreignKeys: [...table.foreignKeys, one.constraint] }
  }
}
