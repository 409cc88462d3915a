/** A pooler that shares the server between transactions is refused: no lock would hold there. */
import assert from 'node:assert/strict'
import { limbeck } from '../support/command-line.ts'
import { withPooler } from '../support/pooler.ts'
import { onPostgres } from '../support/project.ts'

const TABLE = {
  r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n',
  r2: 'upgrade: [{ create_index: { name: ix, table: t, columns: [x], concurrently: true } }]\n',
}

for (const size of [1, 2, 5]) {
  Deno.test(`a pooler in transaction mode with ${size} connections`, () =>
    onPostgres(
      TABLE,
      ({ url, cwd, sql }) =>
        withPooler(url, { mode: 'transaction', size }, async (through) => {
          const refused = await limbeck(['upgrade', 'head', '--url', through], { cwd })
          assert.equal(refused.code, 1, refused.stderr)
          assert.match(
            refused.stderr,
            /error\[pooler\]: .* a pooler that shares the server between transactions/,
          )
          assert.match(refused.stderr, /hint: connect to the server itself, or .* pool_mode = session/)
          // The server is shared with other tests, which may hold locks of their own databases.
          const [locks] = await sql(`
            SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database
            WHERE locktype = 'advisory' AND datname = current_database()`)
          assert.equal(locks, '0')
          const looked = await limbeck(['current', '--url', through], { cwd })
          assert.equal(looked.code, 0, looked.stderr)
        }),
    ))
}

for (const size of [1, 2]) {
  Deno.test(`a pooler in session mode with ${size} connections`, () =>
    onPostgres(TABLE, ({ url, cwd, sql }) =>
      withPooler(url, { mode: 'session', size }, async (through) => {
        const { code, stderr } = await limbeck(['upgrade', 'head', '--url', through], { cwd })
        assert.equal(code, 0, stderr)
        assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r2'])
      })))
}
