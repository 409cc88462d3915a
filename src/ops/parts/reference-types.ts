/**
 * The types of foreign keys on PostgreSQL, which compares the columns that refer with those referred to by the index of
 * the latter, or casts them to its type if such a cast is made by itself (ATAddForeignKeyConstraint).
 */
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import { find, findColumn, get, sameName, shown } from '../../model/edit.ts'
import type { Column, DataType, ForeignKey, Model, QualifiedName, Table } from '../../model/model.ts'
import { references } from '../../model/references.ts'
import type { CompileContext } from '../definition.ts'
import { fromType, shownType } from './type.ts'

type Kind = DataType['kind']

/** Types that are compared with each other. Of those that are missing here nothing is said. */
const FAMILIES: readonly (readonly Kind[])[] = [
  ['smallint', 'integer', 'bigint'],
  ['numeric'],
  ['real', 'double'],
  ['varchar', 'char', 'text'],
  ['date', 'timestamp', 'timestamptz'],
  ['boolean'],
  ['uuid'],
  ['bytea'],
  ['jsonb'],
]

/** From the first three each is cast to those behind it. */
const NUMBERS = 3

function isComparable(from: DataType, to: DataType): boolean {
  const [a, b] = [from, to].map(({ kind }) => FAMILIES.findIndex((family) => family.includes(kind)))
  if (a === undefined || b === undefined || a < 0 || b < 0 || a === b) return true
  return a < b && b < NUMBERS
}

/**
 * Refuses foreign keys that an operation gives a table whose columns PostgreSQL cannot compare with what they refer to.
 * @param path where the operation says the type of a column that refers, or the foreign key
 * @throws `foreign-key-types`
 */
export function checkNewReferences(
  { before, after }: CompileContext,
  name: QualifiedName,
  path: (column: string) => Path,
): void {
  const table = get(after, 'tables', name)
  // Most have none: an index of the tables need not go back to those before.
  if (table.foreignKeys.length === 0) return
  const old = find(before, 'tables', name)?.foreignKeys ?? []
  for (const key of table.foreignKeys) if (!old.includes(key)) checkKey(after, table, key, path)
}

/**
 * The same for all foreign keys that another type of a column concerns.
 * @throws `foreign-key-types`
 */
export function checkRetypedReferences(model: Model, table: Table, column: string): void {
  const own = table.foreignKeys.filter(({ columns }) => columns.includes(column))
  const others = references(model, table).filter(({ key }) => key.references.columns.includes(column))
  for (const { from, key } of [...own.map((key) => ({ from: table, key })), ...others]) {
    checkKey(
      model,
      from,
      key,
      () => ['type'],
      `drop "${key.name}" first, and create it anew when both have one type`,
    )
  }
}

function checkKey(
  model: Model,
  table: Table,
  key: ForeignKey,
  path: (column: string) => Path,
  way = 'give both columns one type',
): void {
  const target = sameName(table, key.references) ? table : find(model, 'tables', key.references)
  const typed = (one: Table, { name, type }: Column) =>
    `"${shown(one)}.${name}" is ${shownType(fromType(type, model))}`
  key.columns.forEach((name, i) => {
    const from = findColumn(table, name)
    const to = target && findColumn(target, key.references.columns[i]!)
    if (from === undefined || to === undefined || isComparable(from.type, to.type)) return
    fault('foreign-key-types', `${typed(table, from)}, and refers to what is not: ${typed(target!, to)}`, {
      path: path(name),
      hint: `PostgreSQL cannot compare them: ${way}`,
    })
  })
}
