/** Spans of time as people write them: `500ms`, `4s`, `1.5h`; minutes are `min`, as for PostgreSQL, or `m`. */

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }
const COUNT = '\\d+(?:\\.\\d+)?'
const UNIT = '(?:ms|s|m|min|h)'

/** A time with its unit, or 0, as a regular expression: on the command line, where nobody would think of milliseconds. */
export const DURATION = `^(?:0|${COUNT}\\s*${UNIT})$`

/** The same in files, where a number without a unit is of milliseconds, as PostgreSQL reads its settings. */
export const WRITTEN_DURATION = `^${COUNT}\\s*${UNIT}?$`

/** What files hold, as JSON Schema. */
export const DURATION_SHAPE = {
  anyOf: [{ type: 'string', pattern: WRITTEN_DURATION }, { type: 'integer', minimum: 0 }],
}

/** The milliseconds of what {@link WRITTEN_DURATION} or {@link DURATION} allows, or of a number of them. */
export function milliseconds(written: string | number): number {
  const [, count = '', unit = ''] = /^([\d.]+)\s*([a-z]*)$/.exec(String(written)) ?? []
  return Math.round(Number(count) * (UNITS[unit] ?? 1))
}
