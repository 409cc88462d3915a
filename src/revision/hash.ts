/** What a revision means, as one number: the journal keeps it, to tell whether a file was changed after it ran. */
import { createHash } from 'node:crypto'

/** The part of a revision file that runs, as it was read: variables not replaced. */
export interface Meaning {
  readonly upgrade: unknown
  /** Absent: derived from the upgrade. */
  readonly downgrade?: unknown
  readonly settings?: unknown
  readonly transaction?: unknown
}

/**
 * The SHA-256 of a revision's meaning, in hexadecimal. Comments, layout, quotes and the order of keys do not count;
 * nor do the id, the links and the message.
 */
export function contentHash(meaning: Meaning): string {
  const { upgrade, downgrade, settings, transaction } = meaning
  const text = canonical({ upgrade, downgrade, settings, transaction })
  return createHash('sha256').update(text).digest('hex')
}

/** JSON with sorted keys and without undefined fields. */
function canonical(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonical).join(',')}]`
  if (typeof data !== 'object' || data === null) return JSON.stringify(data) ?? 'null'
  const entries = Object.entries(data).filter(([, value]) => value !== undefined)
  const sorted = entries.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0)
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(',')}}`
}
