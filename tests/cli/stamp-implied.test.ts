/** `stamp --verify` with revisions of which one needs the other: an upgrade would refuse such a version table. */
import assert from 'node:assert/strict'
import { onSqlite } from '../support/project.ts'

const table = (name: string) =>
  `upgrade:
  - create_table: { name: ${name}, columns: [{ name: id, type: integer, primary_key: true }] }
`

Deno.test('it is refused, and nothing is stamped', () =>
  onSqlite({ a1: table('one'), b2: table('two') }, async ({ run, done, sql }) => {
    await done('upgrade', 'head')
    const { code, stderr } = await run('stamp', '--verify', 'a1', 'head')
    assert.equal(code, 2)
    assert.match(stderr, /error\[implied-revisions\]: "a1" is implied by what is to be stamped with it/)
    assert.match(stderr, /hint: .*`limbeck stamp --verify head`/)
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['b2'])
    assert.deepEqual(await sql(`SELECT count(*) FROM limbeck_journal WHERE direction = 'stamp'`), ['0'])
  }))

Deno.test('without --verify it is stamped as Alembic does, with a warning', () =>
  onSqlite({ a1: table('one'), b2: table('two') }, async ({ run, done, sql }) => {
    await done('stamp', 'head')
    await done('stamp', 'a1', 'head')
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['b2'])
    const stamped = await run('stamp', '--purge', 'a1', 'head')
    assert.equal(stamped.code, 0)
    assert.match(stamped.stderr, /implied by others/)
  }))
