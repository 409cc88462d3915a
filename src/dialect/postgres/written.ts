/**
 * How the server writes what it holds: dates, intervals, bytes and names come out as the settings of a database or a role
 * say (manual, "Client Connection Defaults"), and SQL of people may rely on these. They are others only where a schema is
 * read, as pg_dump has them.
 */
import type { Connection, Row } from '../dialect.ts'

const SETTINGS: Readonly<Record<string, string>> = {
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  quote_all_identifiers: 'off',
}
const NAMES = Object.keys(SETTINGS)

const selected = (calls: readonly string[]) => `SELECT ${calls.join(', ')}`
const set = (name: string, value: string) => `set_config('${name}', ${value}, false)`
const kept = (name: string) => `limbeck.${name}`

const BEFORE = [
  selected(NAMES.map((name) => set(kept(name), `current_setting('${name}')`))),
  selected(NAMES.map((name) => set(name, `'${SETTINGS[name]!}'`))),
].join('; ')
const AFTER = selected(NAMES.map((name) => set(name, `current_setting('${kept(name)}')`)))

/** Statements for a part of a transaction that is rolled back. */
export const LOCALLY = NAMES.map((name) => `SET LOCAL ${name} = '${SETTINGS[name]!}'`).join('; ')

/** The rows of queries whose texts are the same whatever is set. All travel in one round trip. */
export async function written(
  connection: Connection,
  queries: readonly string[],
): Promise<readonly (readonly Row[])[]> {
  const answers = await Promise.all([BEFORE, ...queries, AFTER].map((text) => connection.query(text)))
  return answers.slice(1, -1)
}
