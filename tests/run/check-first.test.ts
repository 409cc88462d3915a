/** What is wrong is found before anything is made: no file, no version table, no journal. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { EXIT } from '../../src/problem.ts'
import { onPostgres, onSqlite } from '../support/project.ts'

const GOOD = 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n'
const BAD = 'upgrade: [{ drop_table: { name: nothing } }]\ndowngrade: []\n'

/** As many revisions as let the schema be read while they are. */
const many = (last: string) => {
  const bodies = Array.from(
    { length: 60 },
    (_, i) => [`r${10 + i}`, GOOD.replace('name: t,', `name: t${i},`)],
  )
  return { ...Object.fromEntries(bodies) as Record<string, string>, r99: last }
}

const mistakes:
  readonly (readonly [what: string, bodies: Record<string, string>, args: readonly string[]])[] = [
    ['an unknown revision', { r1: GOOD }, ['upgrade', 'haed']],
    ['an unknown revision to stamp', { r1: GOOD }, ['stamp', 'haed']],
    ['a mistake in a revision', { r1: GOOD, r2: BAD }, ['upgrade', 'head']],
    ['a file that is wrong', { r1: 'upgrade: [{ create_tabel: {} }]\n' }, ['upgrade', 'head']],
    ['a mistake behind many revisions', many(BAD), ['upgrade', 'head']],
    ['a file that is wrong behind many revisions', many('upgrade: [{ create_tabel: {} }]\n'), [
      'upgrade',
      'head',
    ]],
    ['nothing to downgrade', { r1: GOOD }, ['downgrade', 'base']],
  ]

for (const [what, bodies, args] of mistakes) {
  Deno.test(`${what} leaves no SQLite file behind`, () =>
    onSqlite(bodies, async ({ cwd, run }) => {
      const { code, stderr } = await run(...args)
      assert.notEqual(code, 0, stderr)
      assert(!existsSync(path.join(cwd, 'one.db')), stderr)
    }))

  Deno.test(`${what} leaves no tables in a PostgreSQL database`, () =>
    onPostgres(bodies, async ({ run, sql }) => {
      await run(...args)
      assert.deepEqual(await sql(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`), [])
    }))
}

Deno.test('a database that is not there cannot be downgraded', () =>
  onSqlite({ r1: GOOD }, async ({ run }) => {
    const { code, stderr } = await run('downgrade', 'base')
    assert.equal(code, EXIT.unreachable)
    assert.match(stderr, /no-such-database/)
  }))

Deno.test('what is there already is found before the first of many revisions', () =>
  onPostgres(many(GOOD), async ({ run, sql, done }) => {
    await sql('CREATE TABLE t (x integer)')
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, EXIT.failed, stderr)
    assert.match(stderr, /r99\.yaml.*table-exists[\s\S]*stamp --auto/)
    assert.deepEqual(await sql(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`), ['t'])
    await sql('DROP TABLE t')
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r99'])
  }))
