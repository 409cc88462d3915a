/** `settings:` hold for every statement of a revision, and for no other revision. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import postgresDriver from 'postgres'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { EXIT } from '../../src/problem.ts'
import { limitsOf } from '../../src/run/session/settings.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const SEEN = `current_setting('lock_timeout'), current_setting('statement_timeout')`
const seen = (table: string) =>
  `  - execute: { sql: "INSERT INTO ${table} SELECT ${SEEN.replaceAll('"', '')}" }\n`

const BODIES = {
  r0: `upgrade:
  - create_table: { name: seen, columns: [{ name: lock, type: text }, { name: statement, type: text }] }
`,
  r1: `transaction: none
settings: { lock_timeout: 3s, statement_timeout: 20s }
upgrade:
${seen('seen')}downgrade: []
`,
  r2: `settings: { statement_timeout: 30s }
upgrade:
${seen('seen')}  - execute: { sql: VACUUM seen }
${seen('seen')}downgrade: []
`,
  r3: `upgrade:\n${seen('seen')}downgrade: []\n`,
}
const EXPECTED = ['3s 20s', '4s 30s', '4s 30s', '4s 0']

Deno.test('limits hold outside transactions and are put back on PostgreSQL', () =>
  onPostgres(BODIES, async ({ write, done, sql }) => {
    write({ 'limbeck.yaml': 'settings: { lock_timeout: 4s }\n' })
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT * FROM seen'), EXPECTED)
  }))

Deno.test('limits hold in scripts, too', () =>
  onPostgres(BODIES, async ({ url, write, done, sql }) => {
    write({ 'limbeck.yaml': 'settings: { lock_timeout: 4s }\n' })
    const client = postgresDriver(url, { max: 1, onnotice: () => {}, fetch_types: false })
    try {
      // VACUUM must come by itself: several statements in one message are one transaction.
      for (const text of (await done('upgrade', 'head', '--sql')).split(';\n\n')) await client.unsafe(text)
    } finally {
      await client.end()
    }
    assert.deepEqual(await sql('SELECT * FROM seen'), EXPECTED)
  }))

Deno.test('limits of a revision do not hold for the next in one transaction', () =>
  onPostgres(
    { ...BODIES, r1: BODIES.r1.replace('transaction: none\n', ''), r2: BODIES.r3 },
    async (ground) => {
      ground.write({ 'limbeck.yaml': 'settings: { lock_timeout: 4s }\n' })
      await ground.done('upgrade', 'head', '--transaction', 'all')
      assert.deepEqual(await ground.sql('SELECT * FROM seen'), ['3s 20s', '4s 0', '4s 0'])
    },
  ))

/** Runs an upgrade while another connection holds the write lock of the file. */
async function lockedOut({ cwd, run }: Ground): Promise<{ code: number; waited: number; stderr: string }> {
  const script = `
    import { DatabaseSync } from 'node:sqlite'
    const database = new DatabaseSync('one.db')
    database.exec('BEGIN IMMEDIATE')
    console.log('locked')
    setTimeout(() => {}, 60_000)`
  const child = new Deno.Command(Deno.execPath(), { args: ['eval', script], cwd, stdout: 'piped' }).spawn()
  try {
    for await (const _ of child.stdout.values({ preventCancel: true })) break
    const started = performance.now()
    const { code, stderr } = await run('upgrade', 'head', '--lock-wait', '0')
    return { code, stderr, waited: performance.now() - started }
  } finally {
    child.kill()
    await child.stdout.cancel()
    await child.status
  }
}

const LIMITED = 'settings: { lock_timeout: 200ms }\nupgrade: []\n'

Deno.test("a revision's lock_timeout holds for the wait that its transaction begins with on SQLite", () =>
  onSqlite({ r1: 'upgrade: []\n', r2: LIMITED }, async (ground) => {
    await ground.done('upgrade', 'r1')
    ground.write({ 'limbeck.yaml': 'settings: { lock_timeout: 30s }\n' })
    const { code, waited, stderr } = await lockedOut(ground)
    assert.equal(code, EXIT.locked, stderr)
    assert(waited < 15_000, `${waited} ms`)
  }))

Deno.test('what is put back is the limit of the configuration, else what the session began with', () => {
  const own = { lock_timeout: '200ms' }
  const configured = limitsOf(sqlite, { lockTimeout: 30_000 }, own)
  assert.deepEqual(configured.session, ['PRAGMA busy_timeout = 200'])
  assert.deepEqual(configured.sessionBack, ['PRAGMA busy_timeout = 30000'])
  assert.deepEqual(limitsOf(sqlite, {}, own).sessionBack, ['PRAGMA busy_timeout = 0'])
})

Deno.test('a script for SQLite sets the limit before it begins to wait, and puts it back', () =>
  onSqlite({ r1: LIMITED }, async ({ cwd, done }) => {
    const script = await done('upgrade', 'head', '--sql')
    assert.match(script, /PRAGMA busy_timeout = 200;\n\nBEGIN IMMEDIATE;\n\n-- Running/)
    assert.match(script, /COMMIT;\n\nPRAGMA busy_timeout = 0;\n\n$/)
    const database = new DatabaseSync(path.join(cwd, 'fed.db'))
    database.exec(script)
    database.close()
  }))
