/** Tables: which differ, dropping and creating them, and making one that is there what it shall be. */
import { ancestorsOf } from '../model/inherited.ts'
import { EMPTY } from '../model/model.ts'
import type { Column, Table } from '../model/model.ts'
import { usedColumns } from '../model/used-columns.ts'
import { references } from '../model/references.ts'
import { computedFrom } from '../model/drop-column.ts'
import { sameTable } from '../model/same.ts'
import { defined } from '../model/defined.ts'
import { fromTable } from '../ops/parts/from-table.ts'
import { inlined } from '../models/inline.ts'
import type { TableSpec } from '../ops/parts/table.ts'
import { element } from '../model/types.ts'
import { repeatedKeys } from '../ops/parts/repeated-keys.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { adoptNames } from './adopt.ts'
import {
  addColumns,
  alterColumns,
  columnPairs,
  comparable,
  dropColumns,
  goingColumns,
  isRecreated,
  isRetyped,
} from './columns.ts'
import type { ColumnPair } from './columns.ts'
import {
  createConstraints,
  createForeignKeys,
  dropChecks,
  dropConstraints,
  dropKeys,
  isReady,
} from './constraints.ts'
import { createIndexes, dropIndex, dropIndexes } from './indexes.ts'
import { clearOptions, setOptions } from './options.ts'
import { Names, nativeType, wordsOf } from './mention.ts'
import { ordered } from './order.ts'
import { byKey, identical, keyOf } from '../model/identical.ts'
import type { Work } from './work.ts'

/**
 * Compares all tables once: those that are the same are not looked at again while nothing changes them. The desired
 * tables take over the names that unnamed constraints have.
 * @returns whether all tables are there, equal to the letter, and no others
 */
export function compareTables(work: Work): boolean {
  const { dialect, model, desired } = work
  const here = byKey(model.tables)
  const pairs = desired.tables.map((to) => ({ from: here.get(keyOf(to)), to }))
  // Columns of enums and domains may be otherwise while their tables are not.
  const typed = !identical([model.enums, model.domains], [desired.enums, desired.domains])
  const open = pairs.filter(({ from, to }) => from !== undefined && (typed || !identical(from, to)))
  let equal = pairs.length === model.tables.length && pairs.every(({ from }) => from !== undefined)
  const adopted = new Map(open.map(({ from, to }) => {
    const [there, wanted] = [work.shadow(from!, model), work.shadow(to, desired)]
    const same = identical(there, wanted)
    if (same) work.share(to, desired, there)
    else equal = false
    const table = same
      ? to
      : adoptNames({ table: from!, shadow: there }, { table: to, shadow: wanted }, dialect)
    const shadow = table === to ? wanted : work.shadow(table, desired)
    if (same || sameTable(there, shadow, dialect).length === 0) work.settle(from!, table)
    return [to, table]
  }))
  for (const { from, to } of pairs) if (from !== undefined && !adopted.has(to)) work.settle(from, to)
  if (adopted.size > 0) {
    work.desired = { ...desired, tables: desired.tables.map((one) => adopted.get(one) ?? one) }
  }
  return equal
}

/** A table that is there and shall be otherwise. */
export interface TablePair {
  readonly from: Table
  readonly to: Table
}

/** The tables that are on both sides and not known to be the same. */
export function changedTables(work: Work): TablePair[] {
  const here = byKey(work.model.tables)
  return work.desired.tables.flatMap((to) => {
    const from = here.get(keyOf(to))
    return from === undefined || work.isSettled(from, to) ? [] : [{ from, to }]
  })
}

export function newTables(work: Work): Table[] {
  const here = byKey(work.model.tables)
  return work.desired.tables.filter((one) => !here.has(keyOf(one)))
}

export function goneTables(work: Work): Table[] {
  const wanted = byKey(work.desired.tables)
  return work.model.tables.filter((one) => !wanted.has(keyOf(one)))
}

/**
 * Drops the tables that shall not be: those that refer to others, or have columns of their rows, first; circles of foreign
 * keys undone before.
 */
export function dropTables(work: Work): void {
  const gone = goneTables(work)
  const names = new Names()
  for (const one of gone) names.add(one.name, keyOf(one))
  const nodes = gone.map((table) => ({
    key: keyOf(table),
    rank: 0,
    needs: new Set([
      ...ancestorsOf(work.model, table).map(keyOf),
      ...names.named(wordsOf(...table.columns.map(nativeType)), keyOf(table)),
    ]),
    wants: new Set(table.foreignKeys.map((key) => keyOf(key.references))),
    build() {
      const now = work.table(table)!
      dropKeys(work, references(work.model, now).filter(({ from }) => from !== now))
      work.emit(defined({ op: 'drop_table', name: table.name, schema: table.schema }))
    },
  }))
  for (const node of ordered(nodes).reverse()) node.build()
}

/** Creates a table, with the foreign keys that can be. */
export function createTable(work: Work, table: Table): void {
  const { enums, domains } = work.desired
  const foreignKeys = table.foreignKeys.filter((key) => isReady(work, table, key))
  // The table alone: whether unnamed constraints get their names again is not asked of all other tables.
  const { policies: _, rowSecurity: __, forceRowSecurity: ___, ...plain } = table
  const repeated = repeatedKeys(table)
  const uniques = table.uniques.filter((one) => !repeated.includes(one))
  // Nothing is NOT VALID that a table is created with.
  const checks = table.checks.filter((one) => one.valid !== false)
  const spec = fromTable({ ...plain, foreignKeys, uniques, checks }, { ...EMPTY, enums, domains })
  work.emit({ op: 'create_table', ...inlined(spec) as TableSpec })
  if (repeated.length > 0 || checks.length < table.checks.length) createConstraints(work, table)
}

/** Takes away what a table shall not have, so that the rest can be changed. */
export function clearTable(work: Work, to: Table): void {
  const from = work.table(to)
  if (from === undefined || work.isSettled(from, to)) return
  clearOptions(work, to, work.shadow(from, work.model), work.shadow(to, work.desired))
  const going = goingColumns(work, from, to)
  const pairs = columnPairs(work, from, to)
  const retyped = pairs.filter((one) => isRetyped(one, work))
  // No type is changed under a generated column, which goes with what it is computed from.
  const sources = [...retyped.map((one) => one.from), ...going]
  const computed = new Set(sources.flatMap((one) => computedFrom(from, one.name)))
  const again = pairs.filter((one) => isRecreated(one, work, from) || computed.has(one.from)).map((one) =>
    one.from
  )
  const stays = going.length + again.length < from.columns.length
  dropKeys(
    work,
    retyped.filter(({ from, to }) => !comparable(from.type, to.type)).flatMap(({ from: one }) => [
      ...references(work.model, from).filter(({ key }) => key.references.columns.includes(one.name)),
      ...from.foreignKeys.filter((key) => key.columns.includes(one.name)).map((key) => ({ from, key })),
    ]),
  )
  // What compares values of an enum compares none of a domain of it.
  const wrapped = retyped.filter(({ here, there }) =>
    here.type.kind === 'enum' && there.type.kind === 'domain'
  )
  dropChecks(work, work.table(to)!, new Set(wrapped.map(({ from }) => from.name)))
  freeShared(work, work.table(to)!, retyped)
  const unkeyed = pairs.filter(({ to: one }) =>
    one.identity === undefined && !to.primaryKey?.columns.includes(one.name)
  )
  dropIdentities(work, to, [...unkeyed.map((one) => one.from), ...stays ? [] : going])
  const names = new Set([...stays ? going : [], ...again].map((one) => one.name))
  dropConstraints(work, work.table(to)!, to, names)
  dropIndexes(work, work.table(to)!, to, names)
  // SQLite has no tables without columns.
  if (again.length > 0 && again.length === from.columns.length) addColumns(work, to, false)
  dropColumns(work, to, [...again, ...stays ? going : []])
}

/**
 * SQLite has no identity but its primary key, so that they do not differ in it; what says that a column is one goes before
 * the key all the same.
 */
function dropIdentities(work: Work, to: Table, columns: readonly Column[]): void {
  if (!work.dialect.forgets) return
  for (const { name, identity } of columns) {
    if (identity !== undefined) {
      work.emit({ op: 'alter_column', ...onTable(to), column: name, identity: null })
    }
  }
}

/**
 * Takes away what compares several columns of an enum with values of it, when they become something else one after the
 * other: it is missing then, and created as it shall be.
 */
function freeShared(work: Work, table: Table, retyped: readonly ColumnPair[]): void {
  const moving = retyped.flatMap(({ from }) => element(from.type).kind === 'enum' ? [from.name] : [])
  const isShared = (...texts: readonly (string | undefined)[]) =>
    texts.some((text) =>
      text !== undefined && usedColumns(text, table).filter((one) => moving.includes(one)).length > 1
    )
  for (const { name, expression } of table.checks) {
    if (isShared(expression)) work.emit({ op: 'drop_constraint', name, ...onTable(table), type: 'check' })
  }
  for (const { name, where, elements } of table.excludes) {
    if (!isShared(where, ...elements.map((one) => one.expression))) continue
    work.emit({ op: 'drop_constraint', name, ...onTable(table), type: 'exclude' })
  }
  for (const index of table.indexes) {
    if (isShared(index.where, ...index.keys.map((one) => one.expression))) dropIndex(work, table, index)
  }
}

/** Gives a table what it lacks, and alters what is otherwise. */
export function fillTable(work: Work, to: Table): void {
  const from = work.table(to)!
  if (work.isSettled(from, to)) return
  addColumns(work, to, false)
  // A table whose columns are all exchanged keeps the old ones until it has the new: SQLite has none without columns.
  const going = goingColumns(work, work.table(to)!, to)
  dropConstraints(work, work.table(to)!, to, new Set(going.map((one) => one.name)))
  dropColumns(work, to, going)
  alterColumns(work, to)
  addColumns(work, to, true)
  createConstraints(work, to)
  createIndexes(work, to)
  const complete = createForeignKeys(work, to)
  const here = work.shadow(work.table(to)!, work.model)
  const there = work.shadow(to, work.desired)
  changeComment(work, to, here, there)
  setOptions(work, to, here, there)
  if (complete) work.settle(work.table(to)!, to)
}

function changeComment(work: Work, to: Table, here: Table, there: Table): void {
  if (here.comment === there.comment) return
  if (to.comment === undefined) work.emit({ op: 'drop_table_comment', ...onTable(to) })
  else work.emit({ op: 'create_table_comment', ...onTable(to), comment: to.comment })
}
