/** Near misses: the nearest revision is named, and the difference in a few words. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { limbeck } from '../support/command-line.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const ROOT = path.resolve(import.meta.dirname!, '../..')

interface Miss {
  /** What somebody did by hand. */
  readonly sql: readonly string[]
  readonly expected: { readonly missing: string[]; readonly extra: string[]; readonly different: string[] }
}

/** The example is upgraded to this revision first. */
const ID = '54e483b63d8a'

const MISSES: Readonly<Record<string, Miss>> = {
  'a column more': {
    sql: ['ALTER TABLE jobs ADD COLUMN priority INTEGER'],
    expected: { missing: [], extra: ['column "jobs.priority"'], different: [] },
  },
  'an index less': {
    sql: ['DROP INDEX ix_secrets_name'],
    expected: { missing: ['index "ix_secrets_name"'], extra: [], different: [] },
  },
  'a column less': {
    sql: ['ALTER TABLE datasets DROP COLUMN generated'],
    expected: { missing: ['column "datasets.generated"'], extra: [], different: [] },
  },
}

const CHANGED_DEFAULT: Miss = {
  sql: [`ALTER TABLE jobs ALTER COLUMN name SET DEFAULT 'x'`],
  expected: { missing: [], extra: [], different: ['column "jobs.name" (default)'] },
}

/** SQLite changes no default in place: the table is made again. */
const CHANGED_DEFAULT_OF_SQLITE: Miss = {
  ...CHANGED_DEFAULT,
  sql: [
    'PRAGMA writable_schema = ON',
    `UPDATE sqlite_schema SET sql = replace(sql, 'name VARCHAR NOT NULL', 'name VARCHAR DEFAULT ''x'' NOT NULL') WHERE name = 'jobs'`,
    'PRAGMA writable_schema = RESET',
  ],
}

async function attempt({ url, sql }: Ground, { sql: statements, expected }: Miss): Promise<void> {
  const upgraded = await limbeck(['upgrade', ID, '--url', url], { cwd: ROOT })
  assert.equal(upgraded.code, 0, upgraded.stderr)
  await sql(...statements)
  const { code, stdout, stderr } = await limbeck(['identify', '--json', '--url', url], { cwd: ROOT })
  const { nearest: [first], exact } = JSON.parse(stdout)
  assert.deepEqual(exact, [])
  assert.equal(code, 3, stderr)
  const { heads, same, missing, extra, different } = first
  assert([heads, ...same].some((one) => one.join() === ID))
  assert.deepEqual({ missing, extra, different }, expected)
}

for (const [name, miss] of Object.entries({ ...MISSES, 'a changed default': CHANGED_DEFAULT_OF_SQLITE })) {
  Deno.test(`on SQLite: ${name}`, () => onSqlite({}, (ground) => attempt(ground, miss)))
}

for (const [name, miss] of Object.entries({ ...MISSES, 'a changed default': CHANGED_DEFAULT })) {
  Deno.test(`on PostgreSQL: ${name}`, () => onPostgres({}, (ground) => attempt(ground, miss)))
}
