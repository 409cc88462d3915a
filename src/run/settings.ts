/** Limits as the configuration and revisions write them. */
import type { SessionSettings } from '../dialect/dialect.ts'
import type { Settings } from '../revision/document.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** `4s`, `500ms`, `2min`, or a number of milliseconds. */
function milliseconds(written: string | number): number {
  if (typeof written === 'number') return written
  const match = /^(\d+)\s*(ms|s|min|h)?$/.exec(written)!
  return Number(match[1]) * UNITS[match[2] ?? 'ms']!
}

/** The limits of the configuration or of a revision, in milliseconds. */
export function sessionSettings(settings: Settings | undefined): SessionSettings {
  const { lock_timeout, statement_timeout } = settings ?? {}
  return {
    ...(lock_timeout === undefined ? {} : { lockTimeout: milliseconds(lock_timeout) }),
    ...(statement_timeout === undefined ? {} : { statementTimeout: milliseconds(statement_timeout) }),
  }
}
