/** Tables with many rows, and what a backfill made of them. */
import { setTimeout as sleep } from 'node:timers/promises'
import path from 'node:path'
import { dialectOf } from '../../src/dialect/index.ts'
import type { Connection } from '../../src/dialect/dialect.ts'
import { onPostgres, onSqlite } from './project.ts'
import type { Ground } from './project.ts'

const MAIN = path.resolve(import.meta.dirname!, '../../src/main.ts')

/** `users` with an id, an email and an empty column for it in lower case. */
export const USERS = `upgrade:
  - create_table:
      name: users
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: email, type: varchar }
        - { name: low, type: varchar }
        - { name: times, type: integer, nullable: false, default: 0 }
`

/** A revision with a backfill of `users.low` alone. */
export function lower(more = ''): string {
  return `upgrade:
  - backfill: { table: users, set: { low: lower(email), times: times + 1 }, where: low IS NULL${more} }
downgrade: []
`
}

/** Fills `users` with rows 1 to `count`. */
export async function fillUsers({ sql, url }: Ground, count: number): Promise<void> {
  const numbers = url.startsWith('postgres')
    ? `generate_series(1, ${count}) AS n(i)`
    : `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i FROM n) AS n`
  await sql(`INSERT INTO users (id, email) SELECT i, 'User' || i FROM ${numbers}`)
}

/** Registers a test on both databases. */
export function onBoth(
  name: string,
  bodies: Readonly<Record<string, string>>,
  work: (ground: Ground) => Promise<void>,
): void {
  Deno.test(`${name} on SQLite`, () => onSqlite(bodies, work))
  Deno.test(`${name} on PostgreSQL`, () => onPostgres(bodies, work))
}

/** The command line in a process of its own. */
export function spawned({ cwd, url }: Ground, ...args: string[]): Deno.ChildProcess {
  const all = ['run', '-A', '-q', '--no-check', MAIN, ...args, '--url', url]
  return new Deno.Command(Deno.execPath(), { args: all, cwd, stdout: 'null', stderr: 'null' }).spawn()
}

/** Works with a connection beside the one of the run. */
export async function beside<T>(
  { cwd, url }: Ground,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const dialect = await dialectOf(url)
  const connection = await dialect.connect(url, { env: {}, cwd, create: false })
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

/** Waits until a query's first value is true. @throws when it takes longer than 20 seconds */
export async function until(connection: Connection, query: string): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    const [row] = await connection.query(query)
    if (row !== undefined && Number(Object.values(row)[0]) > 0) return
    await sleep(10)
  }
  throw new Deno.errors.TimedOut(query)
}
