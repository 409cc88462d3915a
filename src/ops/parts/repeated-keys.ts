/** Keys of a new table that say the same, as `id: { primary_key: true, unique: true }` does. */
import type { PrimaryKey, Table, Unique } from '../../model/model.ts'

type Key = PrimaryKey & Partial<Unique>

/**
 * The table with one key of those that say the same: the first, under the first name that any of them was given. It is
 * what PostgreSQL makes of a CREATE TABLE (transformIndexConstraints in src/backend/parser/parse_utilcmd.c); ALTER TABLE
 * does make a second one.
 */
export function withoutRepeatedKeys(table: Table): Table {
  const first = table.primaryKey === undefined ? [] : [table.primaryKey]
  const kept = table.uniques.reduce<readonly Key[]>((sofar, one) => {
    const at = sofar.findIndex((other) => saysTheSame(other, one))
    if (at < 0) return [...sofar, one]
    return sofar.map((other, i) =>
      i === at && other.implicit && !one.implicit ? named(other, one.name) : other
    )
  }, first)
  if (kept.length === first.length + table.uniques.length) return table
  if (table.primaryKey === undefined) return { ...table, uniques: kept }
  return { ...table, primaryKey: kept[0]!, uniques: kept.slice(1) }
}

/** The unique constraints that say what a key before them says: CREATE TABLE does not make them. */
export function repeatedKeys(table: Table): readonly Unique[] {
  const keys: readonly Key[] = table.primaryKey === undefined
    ? table.uniques
    : [table.primaryKey, ...table.uniques]
  return table.uniques.filter((one) => keys.find((key) => saysTheSame(key, one)) !== one)
}

function named({ implicit: _, ...key }: Key, name: string): Key {
  return { ...key, name }
}

function saysTheSame(a: Key, b: Key): boolean {
  const said = ({ columns, include, nullsNotDistinct, deferrable, onConflict }: Key) =>
    JSON.stringify([columns, include, nullsNotDistinct, deferrable, onConflict])
  return said(a) === said(b)
}
