/** A new file is filled through a write-ahead log, of which nobody sees anything. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../../../src/dialect/dialect.ts'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import { BEFORE_LOG } from '../../../src/dialect/sqlite/whole.ts'
import { limbeck } from '../../support/command-line.ts'
import { start } from '../../support/program.ts'
import { writeFiles } from '../../support/project.ts'
import { OPTIONS, withFolder } from './memory.ts'

const URL = 'sqlite:///a.db'

const IMPATIENT = { patience: 0, waiting: () => {} }

/** More transactions than it takes to begin the log. */
const MANY = 3 * BEFORE_LOG

const table = (n: number) => ({
  first: [],
  provided: 'SELECT 1',
  statements: [{ sql: `CREATE TABLE t${n} (\n a INTEGER)` }],
})

async function modeOf(db: Connection): Promise<unknown> {
  return (await db.query('PRAGMA journal_mode'))[0]?.journal_mode
}

/** What another process is told of the file: its journal's mode and how many tables there are, or what is in the way. */
function seen(folder: string): string {
  const code = `import { DatabaseSync } from 'node:sqlite'
try {
  const db = new DatabaseSync('a.db', { timeout: 0 })
  const { journal_mode: mode } = db.prepare('PRAGMA journal_mode').get()
  console.log(mode, db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name LIKE 't%'").get().n)
} catch (error) { console.log(error.message) }`
  const { stdout, stderr } = spawnSync(process.execPath, ['eval', code], { cwd: folder, encoding: 'utf8' })
  return stdout.trim() || stderr
}

Deno.test('from the eighth table on a new file has a log, and in the end none', () =>
  withFolder(async (folder) => {
    const db = await sqlite.connect(URL, { ...OPTIONS, cwd: folder, alone: true })
    const modes: unknown[] = []
    for (let n = 1; n <= MANY; n++) {
      assert.equal(await db.transact(table(n)), true)
      modes.push(await modeOf(db))
    }
    const first = modes.indexOf('wal')
    assert.deepEqual(modes.slice(first), Array(MANY - first).fill('wal'))
    assert.equal(first, BEFORE_LOG)
    assert.equal(seen(folder), 'database is locked')
    await db.close()
    assert.deepEqual(readdirSync(folder), ['a.db'])
    assert.equal(seen(folder), `delete ${MANY}`)
  }))

Deno.test('a file that another run filled while this one waited for its lock is not new', () =>
  withFolder(async (folder) => {
    const open = () => sqlite.connect(URL, { ...OPTIONS, cwd: folder, alone: true })
    const [first, second] = [await open(), await open()]
    const held = await first.lock('v', IMPATIENT)
    await first.run(['CREATE TABLE others (a INTEGER)'])
    await held.release()
    await first.close()
    const lock = await second.lock('v', IMPATIENT)
    for (let n = 1; n <= MANY; n++) assert.equal(await second.transact(table(n)), true)
    assert.equal(await modeOf(second), 'persist')
    await lock.release()
    await second.close()
  }))

Deno.test('the log ends before anything else is done, and does not come again', () =>
  withFolder(async (folder) => {
    const db = await sqlite.connect(URL, { ...OPTIONS, cwd: folder, alone: true })
    for (let n = 1; n <= MANY; n++) await db.transact(table(n))
    await db.run(['INSERT INTO t1 VALUES (1)'])
    assert.equal(seen(folder), `delete ${MANY}`)
    for (let n = MANY + 1; n <= 2 * MANY; n++) assert.equal(await db.transact(table(n)), true)
    assert.equal(await modeOf(db), 'persist')
    await db.close()
    assert.deepEqual(readdirSync(folder), ['a.db'])
    assert.equal(seen(folder), `delete ${2 * MANY}`)
  }))

Deno.test('a file that somebody has made keeps its rollback journal', () =>
  withFolder(async (folder) => {
    const options = { ...OPTIONS, cwd: folder, alone: true as const }
    const made = await sqlite.connect(URL, options)
    await made.run(['CREATE TABLE theirs (a)'])
    await made.close()
    const db = await sqlite.connect(URL, options)
    for (let n = 1; n <= MANY; n++) {
      assert.equal(await db.transact(table(n)), true)
      assert.notEqual(await modeOf(db), 'wal')
    }
    await db.close()
  }))

/** A history of tables alone, which takes a while. */
function history(count: number): Record<string, string> {
  const id = (n: number) => String(n).padStart(12, '0')
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [
    `revisions/${id(n)}_t.yaml`,
    `id: "${id(n)}"\ndown_revision: ${n === 0 ? 'null' : `"${id(n - 1)}"`}\nupgrade:\n` +
    `  - create_table: { name: t${n}, columns: [{ name: id, type: integer, primary_key: true }] }\n`,
  ]))
}

Deno.test('a process that is killed leaves the log, and the next run ends it', () =>
  withFolder(async (folder) => {
    const count = 400
    writeFiles(folder, history(count))
    const program = start(['upgrade', 'head', '--url', URL], { cwd: folder })
    const log = join(folder, 'a.db-wal')
    for (let waited = 0; !existsSync(log); waited += 5) {
      assert.ok(waited < 30_000, 'there was no log')
      await sleep(5)
    }
    program.kill('SIGKILL')
    await program.ended
    assert.match(seen(folder), /^wal \d+$/)
    const { code, stderr } = await start(['upgrade', 'head', '--url', URL], { cwd: folder }).ended
    assert.equal(code, 0, stderr)
    assert.equal(seen(folder), `delete ${count}`)
    assert.deepEqual(readdirSync(folder).sort(), ['a.db', 'revisions'])
  }))

Deno.test('what such a process leaves is none of the schema', () =>
  withFolder(async (folder) => {
    const db = await sqlite.connect(URL, { ...OPTIONS, cwd: folder })
    await db.run(['CREATE TABLE t (a)', 'CREATE TABLE limbeck_wal (mode TEXT)'])
    await db.close()
    const { stdout, stderr } = await limbeck(['inspect', '--url', URL], { cwd: folder })
    assert.match(stdout, /name: t\b/)
    assert.doesNotMatch(stdout + stderr, /limbeck_wal/)
  }))

for (const after of [0, 2 * BEFORE_LOG]) {
  Deno.test(`a log that a revision asks for stays, with ${after} tables behind it`, () =>
    withFolder(async (folder) => {
      const files = history(MANY + after)
      const first = String(MANY - 1).padStart(12, '0')
      const next = `revisions/${String(MANY).padStart(12, '0')}_t.yaml`
      const wal = `id: wal\ndown_revision: "${first}"\ntransaction: none\n` +
        'upgrade:\n  - execute: { sql: PRAGMA journal_mode = WAL }\ndowngrade: []\n'
      const behind = after === 0 ? {} : { [next]: files[next]!.replace(`"${first}"`, 'wal') }
      writeFiles(folder, { ...files, ...behind, 'revisions/wal.yaml': wal })
      const { code, stderr } = await limbeck(['upgrade', 'head', '--url', URL], { cwd: folder })
      assert.equal(code, 0, stderr)
      assert.equal(seen(folder), `wal ${MANY + after}`)
    }))
}

Deno.test('a log that was asked for before it would begin stays', () =>
  withFolder(async (folder) => {
    const db = await sqlite.connect(URL, { ...OPTIONS, cwd: folder, alone: true })
    for (let n = 1; n <= 3; n++) await db.transact(table(n))
    await db.run(['PRAGMA journal_mode = WAL'])
    for (let n = 4; n <= MANY; n++) assert.equal(await db.transact(table(n)), true)
    await db.close()
    assert.equal(seen(folder), `wal ${MANY}`)
  }))

Deno.test('a run goes on where another that was killed meanwhile left the mark of its log', () =>
  withFolder(async (folder) => {
    const db = await sqlite.connect(URL, { ...OPTIONS, cwd: folder, alone: true })
    await db.run(['CREATE TABLE limbeck_wal (mode TEXT)'])
    for (let n = 1; n <= MANY; n++) assert.equal(await db.transact(table(n)), true)
    await db.close()
    assert.equal(seen(folder), `delete ${MANY}`)
    assert.equal((await limbeck(['inspect', '--url', URL], { cwd: folder })).code, 0)
  }))

const TO_LOCK = { patience: 0, waiting: () => {} }

Deno.test('where the left log cannot be ended, that is told; who may only read leaves it', () =>
  withFolder(async (folder) => {
    const options = { ...OPTIONS, cwd: folder }
    const made = await sqlite.connect(URL, options)
    await made.run(['CREATE TABLE limbeck_wal (mode TEXT)'])
    await made.close()
    const db = await sqlite.connect(URL, options)
    await db.query('PRAGMA query_only = ON')
    await assert.rejects(db.lock('', TO_LOCK), { name: 'ProblemError', message: /read-only/ })
    await db.close()
    const reader = await sqlite.connect('sqlite:///file:a.db?mode=ro&uri=true', options)
    await (await reader.lock('', TO_LOCK)).release()
    await reader.close()
  }))
