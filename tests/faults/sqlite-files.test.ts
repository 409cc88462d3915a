/** A SQLite file on a disk that is full, and one that somebody reads all the time. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '../../src/problem.ts'
import { onConnection } from '../support/on-connection.ts'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { start } from '../support/program.ts'
import { onSqlite, writeFiles } from '../support/project.ts'
import { filesOf } from './histories.ts'
import { points } from '../support/sample.ts'
import { stateOf } from './state.ts'

const MAIN = path.resolve(import.meta.dirname!, '../../src/main.ts')

/** Runs an upgrade that may make files of so many blocks (of 512 bytes) and no larger ones. */
async function confined(cwd: string, blocks: number, url: string): Promise<{ code: number; stderr: string }> {
  const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`
  const run = [Deno.execPath(), 'run', '-A', '-q', '--no-check', MAIN, 'upgrade', 'head', '--url', url]
  const { code, stderr } = await new Deno.Command('sh', { args: ['-c', script, 'sh', ...run], cwd }).output()
  return { code, stderr: new TextDecoder().decode(stderr) }
}

/** An empty database has 2 blocks of 4096 bytes; the history's has about ten. */
const SIZES = [16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96]

Deno.test({
  name: 'a disk that is full: nothing is half done, and the run ends when there is space',
  ignore: Deno.build.os === 'windows',
  fn: () =>
    withFolder(async (cwd) => {
      writeFiles(cwd, filesOf('rebuilds'))
      const whole = `sqlite:///${path.join(cwd, 'whole.db')}`
      assert.equal((await limbeck(['upgrade', 'head', '--url', whole], { cwd })).code, 0)
      const expected = await stateOf(whole)
      const codes: number[] = []
      for (const point of points(SIZES.length, 4)) {
        const url = `sqlite:///${path.join(cwd, `full-${point}.db`)}`
        const { code, stderr } = await confined(cwd, SIZES[point - 1]!, url)
        codes.push(code)
        if (code !== 0) assert.match(stderr, /error\[(disk-full|io-error|sql-failed|cannot-open)\]/)
        const again = await limbeck(['upgrade', 'head', '--url', url], { cwd })
        assert.equal(again.code, 0, `${stderr}\n${again.stderr}`)
        assert.deepEqual(await stateOf(url), expected, stderr)
      }
      assert(codes.includes(1), codes.join())
    }),
})

Deno.test('a reader that stays: COMMIT gives way after lock_timeout, and new readers come in', () =>
  onSqlite({
    r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n',
    r2: 'upgrade: [{ add_column: { table: t, column: { name: y, type: integer } } }]\n',
  }, async ({ cwd, url, write, sql }) => {
    write({ 'limbeck.yaml': 'settings: { lock_timeout: 300ms }\n' })
    // Not in this process: when another copy of SQLite closes the file here, the reader's lock goes, too
    // (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
    assert.equal((await start(['upgrade', 'r1', '--url', url], { cwd }).ended).code, 0)
    const file = path.join(cwd, 'one.db')
    const reader = new DatabaseSync(file)
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM t').get()
    const run = start(['upgrade', 'head', '--url', url], { cwd })
    const told = /another transaction was in the way: .* is locked by another connection .*: trying again/
    let gaveWay = false
    const said = run.says(told).then(() => gaveWay = true)
    let longest = 0
    for (let reads = 0; reads < 40 || (!gaveWay && reads < 600); reads++) {
      const began = performance.now()
      const other = new DatabaseSync(file, { timeout: 5000 })
      other.prepare('SELECT count(*) FROM t').get()
      other.close()
      longest = Math.max(longest, performance.now() - began)
      await sleep(50)
    }
    reader.exec('COMMIT')
    await said
    const { code, stderr } = await run.ended
    reader.close()
    assert.equal(code, 0, stderr)
    assert(longest < 300 + 500, `a reader waited for ${longest} ms`)
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r2'])
  }))

Deno.test('a file that another takes the place of while a run is at it: nothing goes on, and that is told', () =>
  onSqlite({}, async ({ cwd, url, sql }) => {
    await sql('CREATE TABLE t (x)')
    const file = path.join(cwd, 'one.db')
    await onConnection(url, async (connection) => {
      await connection.run(['INSERT INTO t VALUES (1)'])
      Deno.copyFileSync(file, `${file}.copy`)
      Deno.renameSync(`${file}.copy`, file)
      await assert.rejects(() => connection.run(['INSERT INTO t VALUES (2)']), (error) => {
        assert(error instanceof ProblemError)
        const [problem] = error.problems
        assert.equal(problem?.code, 'database-moved')
        assert.match(problem.message, /one\.db" was moved, replaced or deleted while it was in use$/)
        return true
      })
    })
    assert.deepEqual(await sql('SELECT x FROM t'), ['1'])
  }))
