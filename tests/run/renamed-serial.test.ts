/** A serial keeps the name of its sequence when its table is renamed; it is one all the same. */
import assert from 'node:assert/strict'
import { onPostgres } from '../support/project.ts'

Deno.test('a serial whose table was renamed becomes a bigint with its sequence, and a serial again', () =>
  onPostgres({
    r1:
      'upgrade: [{ create_table: { name: t, columns: [{ name: id, type: serial, primary_key: true }] } }]\n',
    r2: 'upgrade: [{ rename_table: { name: t, new_name: u } }]\n',
    r3: 'upgrade: [{ alter_column: { table: u, column: id, type: bigint } }]\n',
  }, async ({ done, sql }) => {
    const sequences = () =>
      sql(
        "SELECT sequencename AS name, data_type::TEXT AS type FROM pg_sequences WHERE sequencename LIKE '%id_seq'",
      )
    await done('upgrade', 'r2')
    await done('upgrade', 'r3')
    assert.deepEqual(await sequences(), ['t_id_seq bigint'])
    await done('downgrade', '-1')
    assert.deepEqual(await sequences(), ['t_id_seq integer'])
  }))
