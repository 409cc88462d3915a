/** Rows in batches on PostgreSQL. */
import { tuple } from '../batch-sql.ts'
import type { Batches, BatchSpelling } from '../batches.ts'
import type { Spelling } from '../dialect.ts'

/**
 * A key is kept as the text of its values, and is a literal of no type again, which takes that of the column it is compared
 * with. A script loops in DO, which may COMMIT outside a transaction (manual, "Transaction Management" of PL/pgSQL).
 */
export function batchSpelling(literal: Spelling['literal']): BatchSpelling {
  return {
    text: (column) => `${column}::text`,
    literal,
    script: (batches) => script(batches, literal),
  }
}

function script(batches: Batches, literal: Spelling['literal']): string {
  const { table, key, set, where, size, pause } = batches
  const of = (variable: string) => key.map((_, i) => `limbeck.${variable}_${i + 1}`)
  const [first, last] = [of('first'), of('last')]
  const from = `${tuple(key)} >= ${tuple(first)}`
  const batch = `SELECT ${key.join(', ')} FROM ${table} WHERE ${where} AND ${from} ` +
    `ORDER BY ${key.join(', ')} LIMIT ${size}`
  const descending = key.map((column) => `${column} DESC`).join(', ')
  const next = (condition: string) => [
    `SELECT ${key.join(', ')} INTO ${first.join(', ')}`,
    `  FROM ${table} WHERE ${where}${condition} ORDER BY ${key.join(', ')} LIMIT 1;`,
  ]
  const declare = (variable: string) =>
    key.map((column, i) => `  ${variable}_${i + 1} ${table}.${column}%TYPE;`)
  const body = [
    '#variable_conflict use_column',
    '<<limbeck>>',
    'DECLARE',
    ...declare('first'),
    ...declare('last'),
    'BEGIN',
    ...next('').map((line) => `  ${line}`),
    '  WHILE FOUND LOOP',
    `    SELECT ${key.join(', ')} INTO ${last.join(', ')}`,
    `      FROM (${batch}) AS batch ORDER BY ${descending} LIMIT 1;`,
    `    UPDATE ${table} SET ${set}`,
    `      WHERE ${where} AND ${from} AND ${tuple(key)} <= ${tuple(last)};`,
    '    COMMIT;',
    ...(pause === 0 ? [] : [`    PERFORM pg_catalog.pg_sleep(${pause / 1000});`]),
    ...next(` AND ${tuple(key)} > ${tuple(last)}`).map((line) => `    ${line}`),
    '  END LOOP;',
    `  IF EXISTS (SELECT FROM ${table} WHERE ${where}) THEN`,
    `    RAISE EXCEPTION USING MESSAGE = ${
      literal(`rows of ${table} match still: the backfill is not done`)
    };`,
    '  END IF;',
    'END',
  ].join('\n')
  const tag = dollarTag(body)
  return `DO ${tag}\n${body}\n${tag}`
}

/** A dollar quote that the text does not hold. */
function dollarTag(text: string): string {
  let tag = '$limbeck$'
  for (let i = 1; text.includes(tag); i++) tag = `$limbeck_${i}$`
  return tag
}
