/** Commands that only look tell of a revision that was begun and did not end. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const BODIES = {
  a1: `upgrade:
  - create_table: { name: users, columns: [{ name: id, type: integer, primary_key: true }, { name: n, type: integer }] }
`,
  b2: `transaction: none
upgrade:
  - execute: { sql: "INSERT INTO users VALUES (1, 1)", effects: none, downgrade: DELETE FROM users }
  - execute: { sql: "INSERT INTO users VALUES (1, 2)", effects: none, downgrade: DELETE FROM users }
`,
}
const WARNING = [
  /warning\[unfinished\]: the upgrade of revision "b2" was begun and did not end/,
  /note: begun by \S+@\S+ at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ; one statement of it is committed/,
  /hint: .*`limbeck upgrade b2`/,
]

async function assertTold({ run, done, sql }: Ground): Promise<void> {
  await done('upgrade', 'a1')
  for (const words of [['current'], ['check'], ['stamp', '--auto']]) {
    assert.doesNotMatch((await run(...words)).stderr, /unfinished/)
  }
  assert.equal((await run('upgrade', 'head')).code, 1)
  for (
    const [words, code] of [[['current'], 0], [['current', '-v'], 0], [['check'], 3], [
      ['stamp', '--auto'],
      0,
    ]] as const
  ) {
    const told = await run(...words)
    assert.equal(told.code, code)
    WARNING.forEach((line) => assert.match(told.stderr, line, words.join(' ')))
    assert.equal(told.stderr.split('unfinished').length, 2)
  }
  assert.equal((await run('current')).stdout, 'a1\n')
  assert.doesNotMatch((await run('current', '-q')).stderr, /unfinished/)
  await sql('DELETE FROM users')
  await done('stamp', 'a1')
  assert.doesNotMatch((await run('current')).stderr, /unfinished/)
}

Deno.test('on SQLite', () => onSqlite(BODIES, assertTold))

Deno.test('on PostgreSQL', () => onPostgres(BODIES, assertTold))

Deno.test('who may not read the journal is told where the database is', () =>
  onPostgres(BODIES, async ({ run, done, sql, url }) => {
    await done('upgrade', 'a1')
    const role = `reader_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
    await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
    await sql(`GRANT SELECT ON alembic_version TO ${role}`)
    try {
      const own = new URL(url)
      own.username = role
      own.password = 'x'
      const { code, stdout, stderr } = await run('current', '--url', own.href)
      assert.equal(code, 0, stderr)
      assert.equal(stdout, 'a1\n')
      assert.match(stderr, /warning\[no-journal\]: the journal cannot be read: permission denied/)
      assert.match((await run('check', '--url', own.href)).stdout, /the database is at a1, the heads are/)
      assert.match((await run('upgrade', 'head', '--url', own.href)).stderr, /hint: [^\n]*GRANT it the right/)
      await sql(`REVOKE SELECT ON alembic_version FROM ${role}`)
      assert.match((await run('current', '--url', own.href)).stderr, /hint: [^\n]*GRANT it the right/)
    } finally {
      await sql(`DROP OWNED BY ${role}`, `DROP ROLE ${role}`)
    }
  }))
