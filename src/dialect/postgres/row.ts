/** Reading the values of catalog rows: a row's columns are known by the query, not by the compiler. */
import { fault } from '../../problem.ts'
import type { Row } from '../dialect.ts'

/** A text column. @throws `internal` when it holds none */
export function text(row: Row, key: string): string {
  const value = row[key]
  return typeof value === 'string' ? value : fault('internal', `the catalog column "${key}" holds no text`)
}

/** A text column that may be null or empty. */
export function textOr(row: Row, key: string): string | undefined {
  const value = row[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A json column that holds a list, or null. */
export function list<T>(row: Row, key: string): readonly T[] {
  const value = row[key]
  return Array.isArray(value) ? value : []
}

/** The fields whose value is not undefined: an absent field and an undefined one shall be one. */
export function present<T extends object>(fields: T): T {
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value
  return kept as T
}
