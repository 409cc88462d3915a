/**
 * Names that change hands: an enum goes and a table of its name comes, an index moves to another table. What goes is
 * dropped before anything is created; PostgreSQL has one name space for relations, and one for types, in which tables are.
 */
import type { Column, DataType, Model, QualifiedName, Table } from '../model/model.ts'
import { find, findColumn } from '../model/edit.ts'
import { isOf } from '../model/types.ts'
import { typeUses } from '../ops/parts/enum.ts'
import { countsBy } from '../ops/parts/sequence.ts'
import { fromType } from '../ops/parts/type.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { alterColumn, columnPairs, dropColumns, goingColumns } from './columns.ts'
import type { ColumnPair } from './columns.ts'
import { takeDomainOut } from './domains.ts'
import { changedEnums, dropEnum, isRebuilt } from './enums.ts'
import { dropSequence } from './sequences.ts'
import { changedTables, clearTable, newTables } from './tables.ts'
import { missingViews } from './views.ts'
import { byKey, keyOf } from '../model/identical.ts'
import type { Work } from './work.ts'

/** The names of what a table has an index for. */
function indexNames(table: Table): string[] {
  const keys = [
    ...(table.primaryKey === undefined ? [] : [table.primaryKey]),
    ...table.uniques,
    ...table.excludes,
  ]
  return [...table.indexes, ...keys].map((one) => one.name)
}

/** The names of relations that will be new, with their schemas. */
function comingNames(work: Work): Set<string> {
  const names = new Set<string>()
  const add = (one: QualifiedName) => names.add(keyOf(one))
  for (const one of newTables(work)) {
    for (const name of [one.name, ...indexNames(one)]) add({ schema: one.schema, name })
  }
  for (const { from, to } of changedTables(work)) {
    const known = new Set(indexNames(from))
    for (const name of indexNames(to)) if (!known.has(name)) add({ schema: to.schema, name })
  }
  for (const { view } of missingViews(work)) add(view)
  const sequences = byKey(work.model.sequences)
  for (const one of work.desired.sequences) if (!sequences.has(keyOf(one))) add(one)
  const types = byKey<QualifiedName>([...work.model.enums, ...work.model.domains])
  for (const one of [...work.desired.enums, ...work.desired.domains]) {
    if (!types.has(keyOf(one)) || isOtherKind(work.model, work.desired, one)) add(one)
  }
  return names
}

/** Whether an enum becomes a domain or the other way round. */
function isOtherKind(here: Model, there: Model, one: QualifiedName): boolean {
  return (find(here, 'enums', one) === undefined) !== (find(there, 'enums', one) === undefined)
}

/** Frees the names that something new will have, and moves columns off enums whose values go. */
export function clearNames(work: Work): void {
  const coming = comingNames(work)
  const gone = <T extends QualifiedName>(here: readonly T[], there: readonly T[]) => {
    const wanted = byKey(there)
    return here.filter((one) => !wanted.has(keyOf(one)) && coming.has(keyOf(one)))
  }
  const enums = gone(work.model.enums, work.desired.enums)
  const rebuilt = changedEnums(work).filter(isRebuilt).map((one) => one.from)
  const left = [...enums, ...rebuilt]
  if (left.length > 0) leave(work, (column) => left.some((one) => isOf(column.type, 'enum', one)))
  for (const one of gone(work.model.domains, work.desired.domains)) takeDomainOut(work, one)
  for (const one of enums) if (typeUses(work.model, 'enum', one).length === 0) dropEnum(work, one)
  for (const one of gone(work.model.sequences, work.desired.sequences)) {
    freeDefaults(work, one)
    dropSequence(work, one)
  }
  for (const { from, to } of changedTables(work)) {
    const kept = new Set(indexNames(to))
    const clash = indexNames(from).some((name) =>
      !kept.has(name) && coming.has(keyOf({ schema: from.schema, name }))
    )
    if (clash) clearTable(work, to)
  }
}

function freeDefaults(work: Work, sequence: QualifiedName): void {
  for (const table of work.model.tables) {
    for (const column of table.columns.filter((one) => countsBy(one, sequence))) {
      work.emit({ op: 'alter_column', ...onTable(table), column: column.name, default: null })
    }
  }
}

/**
 * Drops the columns that leave a type, or gives them the other one: before the values of an enum go, so that rows that
 * have such a value are no matter.
 */
function leave(work: Work, isLeft: (column: Column) => boolean): void {
  const wanted = byKey(work.desired.tables)
  for (const from of work.model.tables) {
    const left = from.columns.filter(isLeft)
    const to = left.length === 0 ? undefined : wanted.get(keyOf(from))
    if (to === undefined) continue
    const pairs = columnPairs(work, from, to).filter((one) =>
      left.includes(one.from) && !isLeft(now(work, one.to))
    )
    const going = goingColumns(work, from, to).filter((one) => left.includes(one))
    if (pairs.length + going.length === 0) continue
    clearTable(work, to)
    const cleared = work.table(to)!
    for (const pair of columnPairs(work, cleared, to)) {
      if (pairs.some((one) => one.to === pair.to)) leaveType(work, to, pair, isLeft)
    }
    const there = going.filter((one) => findColumn(cleared, one.name) !== undefined)
    if (cleared.columns.length > there.length) dropColumns(work, to, there)
    // The last columns stay until there are others.
    else {
      for (const { name } of there) {
        work.emit({ op: 'alter_column', ...onTable(to), column: name, type: 'text' })
      }
    }
  }
}

/** Where types are forgotten the two may look the same, and the column leaves the one all the same. */
function leaveType(work: Work, to: Table, pair: ColumnPair, isLeft: (column: Column) => boolean): void {
  const target = now(work, pair.to)
  alterColumn(work, to, { ...pair, to: target })
  const column = findColumn(work.table(to)!, pair.from.name)!
  if (!isLeft(column)) return
  const type = fromType(target.type, work.desired)
  work.emit({ op: 'alter_column', ...onTable(to), column: column.name, type })
}

/** A column as it can be already: a domain that is still to be created is what it is over. */
function now(work: Work, column: Column): Column {
  const under = (type: DataType): DataType => {
    if (type.kind === 'array') return { ...type, of: under(type.of) }
    if (type.kind !== 'domain' || find(work.model, 'domains', type) !== undefined) return type
    const domain = find(work.desired, 'domains', type)
    return domain === undefined ? type : under(domain.type)
  }
  return { ...column, type: under(column.type) }
}
