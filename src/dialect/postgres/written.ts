/**
 * How the server writes what it holds: dates, intervals, bytes and names come out as the settings of a database or a role
 * say (manual, "Client Connection Defaults"), and SQL of people may rely on these. They are others only where a schema is
 * read, as pg_dump has them. So is whether queries are compiled to machine code (manual, "When to JIT?"): those of a catalog
 * with thousands of tables seem worth it to the planner, and take a multiple of their time with it.
 */
import type { Connection, Limit, Row } from '../dialect.ts'

const SETTINGS: Readonly<Record<string, string>> = {
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  quote_all_identifiers: 'off',
  jit: 'off',
}
const NAMES = Object.keys(SETTINGS)

const kept = (name: string) => `limbeck.${name}`

/** Sets some for the transaction, and gives no row: set_config() returns what it set, which is never NULL. */
function set(values: readonly (readonly [name: string, value: string])[]): string {
  const calls = values.map(([name, value]) => `(set_config('${name}', ${value}, true))`)
  return `SELECT FROM (VALUES ${calls.join(', ')}) AS v (x) WHERE x IS NULL`
}

/** Statements for a part of a transaction that is rolled back. */
export const LOCALLY = NAMES.map((name) => `SET LOCAL ${name} = '${SETTINGS[name]!}'`).join('; ')

const LOCK_TIMEOUT = 'lock_timeout'

/** Before and after a text, what holds for it alone. @param patience in milliseconds, where the session has no limit */
function around(patience: number | undefined): readonly [before: string, after: string] {
  const names = patience === undefined ? NAMES : [...NAMES, LOCK_TIMEOUT]
  const keep = set(names.map((name) => [kept(name), `current_setting('${name}')`]))
  const back = set(names.map((name) => [name, `current_setting('${kept(name)}')`]))
  if (patience === undefined) return [`${keep}; ${LOCALLY}`, back]
  const now = `current_setting('${LOCK_TIMEOUT}')`
  const limit = set([[LOCK_TIMEOUT, `CASE ${now} WHEN '0' THEN '${patience}' ELSE ${now} END`]])
  return [`${keep}; ${LOCALLY}; ${limit}`, back]
}

/**
 * The rows of queries whose texts are the same whatever is set. All travel in one round trip. Each is a message that sets
 * for itself, which outside a transaction is one: a pooler may give the next one to another process.
 * @param lockTimeout how long is waited for a table that somebody has locked: the server looks texts up under a lock
 */
export async function written(
  connection: Pick<Connection, 'query'>,
  queries: readonly string[],
  lockTimeout?: Limit,
): Promise<readonly (readonly Row[])[]> {
  const [before, after] = around(lockTimeout === 'default' ? undefined : lockTimeout)
  return await Promise.all(queries.map((text) => connection.query(`${before};\n${text};\n${after}`)))
}
