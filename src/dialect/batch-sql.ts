/** SQL that changes rows in batches, as both dialects write it. */
import type { Batches, BatchSpelling } from './batches.ts'
import type { Spelling } from './dialect.ts'

/** Where in the order of the key something is: a text a column, see {@link BatchSpelling}. */
export type Key = readonly string[]

/** `a`, or `(a, b)`: what is compared with a key. */
export function tuple(items: readonly string[]): string {
  return items.length === 1 ? items[0]! : `(${items.join(', ')})`
}

function literals(spelling: BatchSpelling, key: Key): string {
  return tuple(key.map((text) => spelling.literal(text)))
}

function conditions(parts: readonly (string | undefined)[]): string {
  return parts.filter((one) => one !== undefined).join(' AND ')
}

/** The rows that match: `matching`, and `unkeyed`, those of them whose key has a NULL. */
export function countMatching({ table, key, where }: Batches): string {
  const unkeyed = key.map((column) => `${column} IS NULL`).join(' OR ')
  return `SELECT count(*) AS matching, count(CASE WHEN ${unkeyed} THEN 1 END) AS unkeyed FROM ${table} WHERE ${where}`
}

/**
 * The last key of the next batch: one row whose columns are a {@link Key}, or none when no row matches any more.
 * @param after the last key of the batch before
 */
export function nextKey({ batches: spelling }: Spelling, batches: Batches, after: Key | undefined): string {
  const { table, key, where, size } = batches
  const names = key.map((_, i) => `key_${i + 1}`)
  const columns = key.map((column, i) => `${column} AS ${names[i]}`).join(', ')
  const more = after === undefined ? undefined : `${tuple(key)} > ${literals(spelling, after)}`
  const batch = `SELECT ${columns} FROM ${table} WHERE ${conditions([where, more])} ` +
    `ORDER BY ${key.join(', ')} LIMIT ${size}`
  const texts = names.map((name, i) => `${spelling.text(name)} AS text_${i + 1}`).join(', ')
  const last = names.map((name) => `${name} DESC`).join(', ')
  return `SELECT ${texts} FROM (${batch}) AS batch ORDER BY ${last} LIMIT 1`
}

function within({ batches: spelling }: Spelling, { key, where }: Batches, after: Key | undefined, last: Key) {
  return conditions([
    where,
    after === undefined ? undefined : `${tuple(key)} > ${literals(spelling, after)}`,
    `${tuple(key)} <= ${literals(spelling, last)}`,
  ])
}

/** Changes the rows of a batch: for each a row whose `still` is 1 when it matches afterwards, else 0. */
export function updateBatch(sql: Spelling, batches: Batches, after: Key | undefined, last: Key): string {
  const { table, set, where } = batches
  return `UPDATE ${table} SET ${set} WHERE ${within(sql, batches, after, last)} ` +
    `RETURNING CASE WHEN ${where} THEN 1 ELSE 0 END AS still`
}

/** How many rows of a batch match: `matching`. It sees what triggers did, too. */
export function countBatch(sql: Spelling, batches: Batches, after: Key | undefined, last: Key): string {
  return `SELECT count(*) AS matching FROM ${batches.table} WHERE ${within(sql, batches, after, last)}`
}
