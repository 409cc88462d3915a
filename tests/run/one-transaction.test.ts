/** `--transaction all`: what one transaction cannot hold is refused before anything ran, wherever it stands. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const RAW = `upgrade:
  - create_table: { name: known, columns: [{ name: x, type: integer }] }
  - execute: { sql: CREATE TABLE raw (x integer) }
downgrade: []
`

async function assertRefused({ run, sql }: Ground, place: RegExp): Promise<void> {
  for (const args of [['upgrade', 'head'], ['upgrade', 'head', '--sql']]) {
    const { code, stdout, stderr } = await run(...args, '--transaction', 'all')
    assert.equal(code, 1, `${args.join(' ')}: ${stdout}${stderr}`)
    assert.match(stderr, /transaction-forbidden/)
    assert.match(stderr, place)
    assert.equal(stdout, '')
  }
  const tables = await sql(
    `SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'limbeck_journal'`,
  )
  assert.deepEqual(tables, ['0'])
}

const later: Readonly<Record<string, string>> = {
  'VACUUM': 'upgrade: [{ execute: { sql: VACUUM raw } }]\ndowngrade: []\n',
  'an index built concurrently':
    'upgrade: [{ create_index: { name: ix, table: known, columns: [x], concurrently: true } }]\ndowngrade: []\n',
  'transaction: none': `transaction: none\n${RAW.replace('raw', 'other').replace('known', 'one_more')}`,
}

for (const [what, body] of Object.entries(later)) {
  Deno.test(`${what} after SQL of unknown effect is refused`, () =>
    onPostgres({ r1: RAW, r2: body }, (ground) => assertRefused(ground, /revisions\/r2\.yaml/)))
}

Deno.test('so is VACUUM behind SQL of unknown effect in the same revision', () =>
  onPostgres({
    r1:
      'upgrade:\n  - execute: { sql: CREATE TABLE raw (x integer) }\n  - execute: { sql: VACUUM raw }\ndowngrade: []\n',
  }, (ground) => assertRefused(ground, /revisions\/r1\.yaml:5/)))

Deno.test('a script for SQLite refuses, too', () =>
  onSqlite({ r1: RAW, r2: later['VACUUM']! }, async ({ run }) => {
    const { code, stderr } = await run('upgrade', 'head', '--transaction', 'all', '--sql')
    assert.equal(code, 1)
    assert.match(stderr, /transaction-forbidden/)
  }))

Deno.test('what nobody could foresee is refused when it comes, and all is rolled back', () =>
  onPostgres({
    r1: RAW,
    r2:
      'upgrade: [{ create_index: { name: ix, table: raw, columns: [x], concurrently: true } }]\ndowngrade: []\n',
  }, async ({ run, sql }) => {
    const { code, stderr } = await run('upgrade', 'head', '--transaction', 'all')
    assert.equal(code, 1)
    assert.match(stderr, /revisions\/r2\.yaml:3.*transaction-forbidden/)
    assert.deepEqual(await sql(`SELECT to_regclass('raw') IS NULL, (SELECT count(*) FROM alembic_version)`), [
      'true 0',
    ])
  }))
