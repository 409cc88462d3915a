/**
 * Serial columns. PostgreSQL does not keep whether a column was declared serial: one whose default is nextval() of a plain
 * sequence that it owns is one. Models may say it in so many words.
 */
import type { Column, Model, QualifiedName, Sequence, Table } from '../model/model.ts'
import { find, findColumn, isOwnedBy } from '../model/edit.ts'
import { wordsOf } from './mention.ts'

/** Whether nothing but its owner and its type is said about a sequence. */
function isPlain({ name: _, schema: __, ownedBy, type: ___, ...options }: Sequence): boolean {
  return ownedBy !== undefined && Object.values(options).every((one) => one === undefined)
}

function isNext({ default: value }: Column, { name }: QualifiedName): boolean {
  if (value === undefined || !('expression' in value) || !/^\s*nextval\s*\(/i.test(value.expression)) {
    return false
  }
  return wordsOf(value.expression.replaceAll(`'`, ' ')).has(name)
}

/** The desired schema with the columns serial that are in the current one and are said to have a sequence of their own. */
export function withSerials(desired: Model, current: Model): Model {
  const own = desired.sequences.filter((one) => isPlain(one) && find(current, 'sequences', one) === undefined)
  if (own.length === 0) return desired
  const taken = new Set<Sequence>()
  const serial = (table: Table, column: Column): Column => {
    const there = find(current, 'tables', table)
    if (there === undefined || findColumn(there, column.name)?.serial !== true) return column
    const sequence = own.find((one) =>
      isOwnedBy(one, table) && one.ownedBy?.column === column.name && isNext(column, one)
    )
    if (sequence === undefined) return column
    taken.add(sequence)
    const { default: _, ...rest } = column
    return { ...rest, serial: true }
  }
  const owners = new Set(own.map((one) => one.ownedBy!.table))
  const tables = desired.tables.map((table) =>
    owners.has(table.name)
      ? { ...table, columns: table.columns.map((column) => serial(table, column)) }
      : table
  )
  if (taken.size === 0) return desired
  return { ...desired, tables, sequences: desired.sequences.filter((one) => !taken.has(one)) }
}
