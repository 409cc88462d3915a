/** Row security of a role that migrates: what it does not see is told of, and not taken for nothing. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { onPostgres } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const columns = 'columns: [{ name: id, type: integer, primary_key: true }, { name: x, type: integer }]'
const FILES = {
  r1: `upgrade:
  - create_table: { name: t, ${columns} }
  - create_table: { name: u, ${columns} }
  - enable_row_level_security: { table: t, force: true }
  - create_policy: { name: odd, table: t, using: id % 2 = 1 }
`,
  r2: `upgrade:
  - backfill: { table: t, set: { x: id }, where: x IS NULL }
  - update_rows: { table: t, set: { x: 0 }, where: x = 1 }
  - backfill: { table: u, set: { x: id }, where: x IS NULL }
downgrade: []
`,
}

/** As a role of its own, which owns what it makes and is no superuser. */
async function asOwner(ground: Ground, work: (url: string) => Promise<void>): Promise<void> {
  const { sql } = ground
  const role = `owner_${randomBytes(4).toString('hex')}`
  await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'p'`, `GRANT ALL ON SCHEMA public TO ${role}`)
  try {
    const url = new URL(ground.url)
    Object.assign(url, { username: role, password: 'p' })
    await work(url.href)
  } finally {
    await sql(`DROP OWNED BY ${role} CASCADE`, `DROP ROLE ${role}`)
  }
}

Deno.test('rows that row security hides are told of before they are left out', () =>
  onPostgres(FILES, (ground) =>
    asOwner(ground, async (url) => {
      const { run, done, sql } = ground
      await done('upgrade', 'r1', '--url', url)
      await sql('INSERT INTO t SELECT g FROM generate_series(1, 4) AS g')
      const { code, stderr } = await run('upgrade', 'head', '--url', url)
      assert.equal(code, 0, stderr)
      assert.match(
        stderr,
        /r2\.yaml:4:5: warning\[hidden-rows\]: row security hides rows of "t"[^\n]*"backfill x in t"/,
      )
      assert.match(stderr, /r2\.yaml:5:5: warning\[hidden-rows\][^\n]*"update x in t"/)
      assert.equal(stderr.match(/hidden-rows/g)?.length, 2)
    })))

Deno.test('a policy that hides nothing is none to tell of', () =>
  onPostgres(FILES, (ground) =>
    asOwner(ground, async (url) => {
      const { run, done, sql } = ground
      await done('upgrade', 'r1', '--url', url)
      await sql('CREATE POLICY everything ON t USING (true)')
      const { stderr } = await run('upgrade', 'head', '--url', url)
      assert.doesNotMatch(stderr, /hidden-rows/)
    })))

Deno.test('a table whose rows are all hidden is not taken for an empty one when it is dropped', () =>
  onPostgres(FILES, (ground) =>
    asOwner(ground, async (url) => {
      const { run, done, write, sql } = ground
      await done('upgrade', 'r1', '--url', url)
      await sql('INSERT INTO t VALUES (2)')
      write({ 'limbeck.yaml': 'protect: true\n' })
      const { code, stderr } = await run('downgrade', 'base', '--url', url)
      assert.equal(code, 2, stderr)
      assert.match(stderr, /table "t": its rows could not be counted \(row security hides some/)
      assert.deepEqual(await sql('SELECT id FROM t'), ['2'])
    })))

Deno.test('a row that no policy lets in says what holds for the owner', () =>
  onPostgres({
    r1: FILES.r1,
    r2: 'upgrade: [{ bulk_insert: { table: t, rows: [{ id: 1, x: 1 }, { id: 2, x: 1 }] } }]\n',
  }, (ground) =>
    asOwner(ground, async (url) => {
      const { code, stderr } = await ground.run('upgrade', 'head', '--url', url)
      assert.equal(code, 1, stderr)
      assert.match(stderr, /new row violates row-level security policy for table "t"/)
      assert.match(stderr, /hint: its policies hold for the role of the URL, and with FORCE for the owner/)
    })))
