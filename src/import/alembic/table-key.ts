/** The primary key of a table that is created, and the numbers that it gets. */
import type { ReadColumn } from './column.ts'
import { SQLALCHEMY } from './context.ts'
import type { Collection } from './context.ts'

export interface KeyParts {
  readonly columns: ReadColumn[]
  primaryKey?: unknown
  readonly foreignKeys: unknown[]
}

interface Key {
  readonly name?: string
  readonly columns: readonly string[]
}

/**
 * The key as `sqlite_autoincrement` leaves it: SQLite's stands at the column, where SQLAlchemy gives it no name
 * (sqlalchemy/dialects/sqlite/base.py, `visit_primary_key_constraint`).
 */
export function keptName(key: unknown, context: Collection): unknown {
  const { name, ...rest } = (key ?? {}) as Partial<Key>
  if (name === undefined || SQLALCHEMY[context.needDialect()].namesKeys) return key
  return rest
}

/**
 * An integer that is the whole primary key gets its numbers from a sequence, as SQLAlchemy has it
 * (https://docs.sqlalchemy.org/en/20/core/metadata.html, "autoincrement"); and a key of several columns has one
 * that does where `autoincrement=True` says so.
 * @param never whether SQLite never gives a number again (`sqlite_autoincrement`), in a key of one integer that refers
 * to nothing
 */
export function numbered(parts: KeyParts, never: boolean): readonly unknown[] {
  const key = parts.primaryKey as Key | undefined
  const inline = parts.columns.filter((one) => one.spec.primary_key).map((one) => one.spec.name)
  const names = key?.columns ?? inline
  const referring = new Set(
    parts.foreignKeys.flatMap((one) => (one as { readonly columns: readonly string[] }).columns),
  )
  return parts.columns.map(({ spec, counts, asked, serial }) => {
    const alone = names.length === 1 && counts && !referring.has(spec.name)
    const once = never && serial !== '' && names.length === 1 && names[0] === spec.name &&
      !referring.has(spec.name) && spec.references === undefined
    const told = once ? { ...spec, autoincrement: true } : spec
    if (!names.includes(spec.name) || !alone && !asked) return told
    const { nullable: _, ...rest } = told
    return { ...rest, type: serial }
  }).map((spec) => {
    if (key === undefined) return spec
    const { primary_key: _, ...rest } = spec
    if (!isInline(parts) || !names.includes(spec.name)) return rest
    const { name, type, nullable: __, ...more } = rest
    return { name, type, primary_key: true, ...more }
  })
}

/** A key without a name that has its columns in the order of the table is said at the columns. */
export function isInline({ primaryKey, columns }: KeyParts): boolean {
  if (primaryKey === undefined) return false
  const { columns: names, ...more } = primaryKey as Key
  const order = columns.map((one) => one.spec.name).filter((name) => names.includes(name))
  return Object.keys(more).length === 0 && order.join('\0') === names.join('\0')
}
