/** Sequences of columns on PostgreSQL: numbers that rows have are not given again. */
import assert from 'node:assert/strict'
import { onPostgres } from '../support/project.ts'

const TABLE = `upgrade:
  - create_table:
      name: t
      columns:
        - { name: id, type: integer, primary_key: true, identity: { generated: by_default, start: 100, increment: 5 } }
        - { name: x, type: integer }
`

for (const [rows, next] of [['(1), (2), (3)', '115'], ['(1)', '105']] as const) {
  Deno.test(`an identity that comes back goes on in its steps after ${rows}`, () =>
    onPostgres({
      r1: TABLE,
      r2: 'upgrade: [{ alter_column: { table: t, column: id, identity: null } }]\n',
    }, async ({ done, sql }) => {
      await done('upgrade', 'r1')
      await sql(`INSERT INTO t (x) VALUES ${rows}`)
      await done('upgrade', 'head')
      await done('downgrade', '-1')
      assert.deepEqual(await sql('INSERT INTO t (x) VALUES (9) RETURNING id'), [next])
    }))
}

Deno.test('an identity with a start of its own begins there where no row is that far', () =>
  onPostgres({
    r1:
      'upgrade: [{ create_table: { name: t, columns: [{ name: id, type: bigint, primary_key: true }] } }]\n',
    r2:
      'upgrade: [{ alter_column: { table: t, column: id, identity: { generated: by_default, start: 1000 } } }]\n',
  }, async ({ done, sql }) => {
    await done('upgrade', 'r1')
    await sql('INSERT INTO t VALUES (7)')
    await done('upgrade', 'head')
    assert.deepEqual(await sql('INSERT INTO t DEFAULT VALUES RETURNING id'), ['1000'])
    await done('downgrade', '-1')
    await done('upgrade', 'head')
    assert.deepEqual(await sql('INSERT INTO t DEFAULT VALUES RETURNING id'), ['1001'])
  }))
