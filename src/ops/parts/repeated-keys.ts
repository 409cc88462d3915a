/** Keys of a new table that say the same, as `id: { primary_key: true, unique: true }` does. */
import type { PrimaryKey, Table, Unique } from '../../model/model.ts'

type Key = PrimaryKey & Partial<Unique>

/**
 * The table with one key of those that say the same: the first, under the first name that any of them was given. It is
 * what PostgreSQL makes of a CREATE TABLE (transformIndexConstraints in src/backend/parser/parse_utilcmd.c); ALTER TABLE
 * does make a second one.
 * @param keepNamed whether two that both have a name of their own are kept
 */
export function withoutRepeatedKeys(table: Table, keepNamed = false): Table {
  const isOne = (a: Key, b: Key) => saysTheSame(a, b) && !(keepNamed && !a.implicit && !b.implicit)
  const first = table.primaryKey === undefined ? [] : [table.primaryKey]
  const kept = table.uniques.reduce<readonly Key[]>((sofar, one) => {
    const at = sofar.findIndex((other) => isOne(other, one))
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

/** The table with names spelled for keys that say the same, so that CREATE TABLE does not take them for one. */
export function withNamedTwins(table: Table): Table {
  if (repeatedKeys(table).length === 0) return table
  const keys: readonly Key[] = [
    ...(table.primaryKey === undefined ? [] : [table.primaryKey]),
    ...table.uniques,
  ]
  const spelled = <K extends Key>(one: K): K =>
    keys.some((other) => other !== one && saysTheSame(other, one)) ? { ...one, implicit: undefined } : one
  return {
    ...table,
    ...(table.primaryKey === undefined ? {} : { primaryKey: spelled(table.primaryKey) }),
    uniques: table.uniques.map(spelled),
  }
}

function named({ implicit: _, ...key }: Key, name: string): Key {
  return { ...key, name }
}

function saysTheSame(a: Key, b: Key): boolean {
  const said = ({ columns, descending, include, nullsNotDistinct, deferrable, onConflict }: Key) =>
    JSON.stringify([columns, descending, include, nullsNotDistinct, deferrable, onConflict])
  return said(a) === said(b)
}
