/** An index that a failed CREATE INDEX CONCURRENTLY left: it is there, and serves no reader. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { onPostgres } from '../support/project.ts'

const TABLE = '{ name: t, columns: [{ name: x, type: integer }], indexes: [{ name: ix, columns: [x] }] }'

Deno.test('check tells of an invalid index, and autogenerate drops it and creates it anew', () =>
  onPostgres({
    r1: `upgrade:
  - create_table: { name: t, columns: [{ name: x, type: integer }] }
  - create_index: { name: ix, table: t, columns: [x] }
`,
  }, async ({ cwd, run, done, write, sql }) => {
    write({ 'models/t.yaml': `tables: [${TABLE}]\n` })
    await done('upgrade', 'head')
    await done('check')
    await sql(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass`)
    const { code, stdout, stderr } = await run('check')
    assert.equal(code, 3, stderr)
    assert.match(stdout + stderr, /create index ix/)
    assert.match(stderr, /warning\[invalid-index\]: the index "ix" of "t" is INVALID/)
    await done('revision', '--autogenerate', '-m', 'anew')
    const file = readdirSync(path.join(cwd, 'revisions')).find((one) => one.includes('anew'))!
    assert.match(readFileSync(path.join(cwd, 'revisions', file), 'utf8'), /drop_index[^]*create_index/)
    await done('upgrade', 'head')
    await done('check')
    assert.deepEqual(await sql(`SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass`), ['true'])
  }))

Deno.test('an index ON ONLY a partitioned table, which waits for its partitions, is none', () =>
  onPostgres({
    r1: `upgrade:
  - create_table: { name: t, columns: [{ name: x, type: integer }], partition_by: RANGE (x) }
  - execute: { sql: CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9), effects: [] }
  - create_index: { name: ix, table: t, columns: [x] }
`,
  }, async ({ done, sql }) => {
    await done('upgrade', 'head')
    await sql('DROP INDEX ix', 'CREATE INDEX ix ON ONLY t (x)')
    await done('check')
  }))

for (const how of ['', 'concurrently: true, ']) {
  Deno.test(`if_not_exists makes an invalid index anew, and passes over a valid one: ${how}`, () =>
    onPostgres({
      r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n',
      r2: `upgrade: [{ create_index: { name: ix, table: t, columns: [x], ${how}if_not_exists: true } }]\n`,
    }, async ({ done, sql }) => {
      await done('upgrade', 'r1')
      await sql('CREATE INDEX ix ON t (x)')
      const [before] = await sql(`SELECT 'ix'::regclass::oid`)
      await done('upgrade', 'head')
      assert.deepEqual(await sql(`SELECT 'ix'::regclass::oid`), [before])
      await done('stamp', 'r1')
      await sql(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass`)
      await done('upgrade', 'head')
      assert.deepEqual(await sql(`SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass`), [
        'true',
      ])
      await done('downgrade', 'r1')
    }))
}
