/** Values on their way to the driver and back. */
import type { Scalar } from '../../model/model.ts'
import type { Row } from '../dialect.ts'
import { beginsWith } from './tokens.ts'
import type { ResultSet } from './driver.ts'

/** Integers are bound as integers (the driver binds JavaScript's numbers as REAL), booleans as 1 and 0. */
export function bound(value: Scalar): string | number | bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
}

/** Plain objects; integers that JavaScript's numbers hold exactly are numbers. */
export function toRows(result: ResultSet): readonly Row[] {
  return result.rows.map((row) =>
    Object.fromEntries(
      result.columns.map((column, i) => [column, typeof row[i] === 'bigint' ? small(row[i]) : row[i]]),
    )
  )
}

function small(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

const COUNTED = beginsWith('insert|update|delete|replace|with')

/** Whether the driver's count of changed rows is about the statement. */
export function isCounted(sql: string): boolean {
  return COUNTED.test(sql)
}

/** SQLite's counter keeps the count of the last change while other statements run, and RETURNING hides it. */
export function rowsChanged(sql: string, result: ResultSet): number {
  if (!isCounted(sql)) return 0
  return result.columns.length > 0 && /\breturning\b/i.test(sql) ? result.rows.length : result.rowsAffected
}

/** 3.45.1 is 3045001. */
export function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major * 1_000_000 + minor * 1000 + patch
}
