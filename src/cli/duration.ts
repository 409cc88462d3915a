/** Times as people write them on the command line: `500ms`, `60s`, `5m`. */
import { EXIT, fault } from '../problem.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }

/** How {@link readDuration} reads them, as a regular expression. */
export const DURATION = '^(?:0|\\d+(?:\\.\\d+)?\\s*(?:ms|s|m|min|h))$'

/**
 * The milliseconds.
 * @param name of the option, for the message
 * @throws `usage` (exit code 2)
 */
export function readDuration(name: string, text: string): number {
  const [, count = '', unit = ''] = /^([\d.]+)\s*([a-z]*)$/.exec(text.trim()) ?? []
  if (new RegExp(DURATION).test(text.trim())) return Math.round(Number(count) * (UNITS[unit] ?? 0))
  return fault('usage', `${name} takes a time, not "${text}"`, {
    hint: 'such as 500ms, 60s, 5m, or 0',
    exit: EXIT.usage,
  })
}
