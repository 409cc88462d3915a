/** Two projects in one schema, each with a version table of its own: neither knows what the other has begun. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const table = (name: string) =>
  `  - create_table: { name: ${name}, columns: [{ name: id, type: integer, primary_key: true }] }\n`

const FILES = {
  'a.yaml': 'revisions: a\nversion_table: version_a\n',
  'a/r1.yaml': `id: r1\ndown_revision: null\ntransaction: none\nupgrade:\n${table('a')}` +
    `  - execute: { sql: SELECT nope, effects: none }\ndowngrade: []\n`,
  'b.yaml': 'revisions: b\nversion_table: version_b\n',
  'b/r1.yaml': `id: r1\ndown_revision: null\nupgrade:\n${table('b')}`,
  'b/r2.yaml': `id: r2\ndown_revision: r1\nupgrade:\n${table('c')}`,
}

async function assertApart({ run, done, write, sql }: Ground): Promise<void> {
  write(FILES)
  assert.equal((await run('upgrade', 'head', '-c', 'a.yaml')).code, 1)
  await done('upgrade', 'r1', '-c', 'b.yaml')
  await done('stamp', 'r2', '-c', 'b.yaml')
  write({ 'a/r1.yaml': FILES['a/r1.yaml'].replace('nope', '1') })
  await done('upgrade', 'head', '-c', 'a.yaml')
  assert.deepEqual(await sql('SELECT version_num FROM version_a'), ['r1'])
  assert.deepEqual(await sql('SELECT version_num FROM version_b'), ['r2'])
}

Deno.test('what one project began is no matter of the other on SQLite', () => onSqlite({}, assertApart))
Deno.test('what one project began is no matter of the other on PostgreSQL', () => onPostgres({}, assertApart))

const LONG = 'versions_of_a_service_that_has_a_very_long_name'.padEnd(62, '_of_its_own')

Deno.test('a version table of a long name has its journal on PostgreSQL', () =>
  onPostgres({}, async ({ write, done, sql }) => {
    write({ 'limbeck.yaml': `version_table: ${LONG}\n`, 'revisions/r1.yaml': FILES['b/r1.yaml'] })
    await done('upgrade', 'head')
    await done('downgrade', 'base')
    await done('upgrade', 'head')
    assert.deepEqual(await sql(`SELECT version_num FROM ${LONG}`), ['r1'])
    assert.deepEqual(await sql(`SELECT count(*) FROM ${`limbeck_journal_${LONG}`.slice(0, 63)}`), ['3'])
  }))
