/** What began and did not end stands in the way of everything but its end. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const HALF_UP = {
  a1: 'upgrade: [{ create_table: { name: t, columns: [{ name: id, type: integer }] } }]\n',
  b2: `transaction: none
upgrade:
  - add_column: { table: t, column: { name: c, type: integer } }
  - execute: { sql: SELECT nope, effects: none }
downgrade: [{ drop_column: { table: t, column: c } }]
`,
}

const HALF_DOWN = {
  a1: `transaction: none
upgrade:
  - create_table: { name: t, columns: [{ name: id, type: integer }] }
  - create_index: { name: t_id, table: t, columns: [id] }
downgrade:
  - drop_index: { name: t_id, table: t }
  - execute: { sql: SELECT nope, effects: none }
  - drop_table: { name: t }
`,
  b2: 'upgrade: [{ add_column: { table: t, column: { name: d, type: integer } } }]\n',
}

const file = (id: string, down: string, text: string) => ({
  [`revisions/${id}.yaml`]: `id: ${id}\ndown_revision: ${down}\n${text.replace('SELECT nope', 'SELECT 1')}`,
})

async function assertRefused({ run }: Ground, which: RegExp, ...args: string[]): Promise<void> {
  const { code, stderr } = await run(...args)
  assert.equal(code, 1, stderr)
  assert.match(stderr, /error\[unfinished\]/)
  assert.match(stderr, which)
}

async function assertUpgradeStands(ground: Ground): Promise<void> {
  const { run, done, write } = ground
  assert.equal((await run('upgrade', 'head')).code, 1)
  const told = /the upgrade of revision "b2" was begun and did not end[^]*go on with it: `limbeck upgrade b2`/
  await assertRefused(ground, told, 'downgrade', 'base')
  await assertRefused(ground, told, 'upgrade', 'a1')
  write(file('b2', 'a1', HALF_UP.b2))
  await done('upgrade', 'head')
  await done('downgrade', 'base')
  await done('upgrade', 'head')
}

async function assertDowngradeStands(ground: Ground): Promise<void> {
  const { run, done, write } = ground
  await done('upgrade', 'a1')
  assert.equal((await run('downgrade', 'base')).code, 1)
  const told = /the downgrade of revision "a1" was begun and did not end/
  await assertRefused(ground, told, 'upgrade', 'head')
  await assertRefused(ground, told, 'journal', 'accept', 'a1')
  write(file('a1', 'null', HALF_DOWN.a1))
  await done('downgrade', 'base')
  await done('upgrade', 'head')
}

for (const [name, on] of [['SQLite', onSqlite], ['PostgreSQL', onPostgres]] as const) {
  Deno.test(`an upgrade that did not end on ${name}`, () => on(HALF_UP, assertUpgradeStands))
  Deno.test(`a downgrade that did not end on ${name}`, () => on(HALF_DOWN, assertDowngradeStands))
}
