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
