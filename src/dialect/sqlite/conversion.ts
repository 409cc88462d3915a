/** The value of a column whose type changes, as SQL. */
import { affinity } from './types.ts'

/**
 * The value in its new type. Text and blobs are cast, blobs to text where they are text, numbers to text with all their
 * digits; and numbers are rounded to whole ones, as PostgreSQL rounds them, where there is such an integer. The rest is left
 * to the column's affinity, which converts what it can without loss: CAST would make 0 of what is no number, and 2024 of
 * '2024-01-31'. A column of numbers may hold text, too.
 */
export function converted(value: string, from: string, to: string): string {
  const [old, now] = [affinity(from), affinity(to)]
  if (old === now || to === '') return value
  if (now === 'TEXT' && old === 'BLOB') {
    return `CASE WHEN typeof(${value}) = 'blob' AND ${noText(value)} THEN ${value} ${elseText(value, to)}`
  }
  // What is binary in a column of numbers (a UUID, JSONB) is no text.
  if (now === 'TEXT') return `CASE WHEN typeof(${value}) = 'blob' THEN ${value} ${elseText(value, to)}`
  if (now === 'BLOB') return `CAST(${value} AS ${to})`
  const number = old === 'REAL' || /^(NUMERIC|DECIMAL)\b/i.test(from)
  if (now !== 'INTEGER' || !number) return value
  const fits = `typeof(${value}) = 'real' AND abs(${value}) < 9223372036854775807.0`
  return `CASE WHEN ${fits} THEN CAST(round(${value}) AS ${to}) ELSE ${value} END`
}

/** The end of a CASE: CAST writes 15 digits of a number, which are not always enough to read the same number again. */
function elseText(value: string, to: string): string {
  const inexact = `typeof(${value}) = 'real' AND CAST(CAST(${value} AS TEXT) AS REAL) <> ${value}`
  return `WHEN ${inexact} THEN printf('%!.17g', ${value}) ELSE CAST(${value} AS ${to}) END`
}

/**
 * Whether a blob is no text in UTF-8: SQLite would cast it all the same, to what ends at a NUL or makes the readers stop
 * that know no other text (libSQL's stop the whole process). What is not ASCII is gone through, character by character:
 * one that is written as SQLite writes it is one.
 */
function noText(blob: string): string {
  const charAt = (place: string) => `substr(CAST(substr(${blob}, ${place}, 4) AS TEXT), 1, 1)`
  const next = '_limbeck_at + length(CAST(_limbeck_char AS BLOB))'
  return `EXISTS (
  WITH RECURSIVE _limbeck_text (_limbeck_at, _limbeck_char) AS (
    SELECT 1, ${charAt('1')}
    WHERE instr(${blob}, x'00') OR CAST(${blob} AS TEXT) GLOB '*[^' || char(1) || '-' || char(127) || ']*'
    UNION ALL
    SELECT ${next}, ${charAt(next)}
    FROM _limbeck_text
    WHERE _limbeck_char = char(unicode(_limbeck_char)) AND ${next} <= length(${blob})
  )
  SELECT 1 FROM _limbeck_text WHERE _limbeck_char <> char(unicode(_limbeck_char))
)`
}
