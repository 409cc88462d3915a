/** The server restarts under a run, in order and as if it had crashed: the run waits, goes on, and gets there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { withFolder } from '../support/folder.ts'
import { programme, remove } from '../support/postgres-server.ts'
import { start } from '../support/program.ts'
import { revisions, writeFiles } from '../support/project.ts'
import { stateOf } from './state.ts'

interface Own {
  readonly url: string
  restart(mode: 'fast' | 'immediate'): void
}

/** A server of its own: that of the other tests must not go away under them. */
async function withServer(work: (server: Own) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'limbeck-restarted-'))
  const done = spawnSync(process.execPath, [...programme(), 'start', folder, '18', String(process.pid)], {
    encoding: 'utf8',
  })
  assert.equal(done.status, 0, done.stderr)
  try {
    const { file, as } = JSON.parse(readFileSync(path.join(folder, 'stop.json'), 'utf8'))
    await work({
      url: readFileSync(path.join(folder, 'url'), 'utf8'),
      restart(mode) {
        const args = [
          'restart',
          '-s',
          '-m',
          mode,
          '-D',
          path.join(folder, 'data'),
          '-l',
          path.join(folder, 'log'),
        ]
        const { status, stderr } = spawnSync(file, args, { ...as, cwd: '/', encoding: 'utf8', stdio: 'pipe' })
        assert.equal(status, 0, stderr)
      },
    })
  } finally {
    remove(folder)
  }
}

/** Ten revisions of some time each, some of them with an index that is built outside the transaction. */
const HISTORY = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [
  `r${i}`,
  `upgrade:
  - create_table: { name: t${i}, columns: [{ name: x, type: integer }] }
  - execute: { sql: SELECT pg_sleep(0.1), effects: none }
${
    i % 3 === 1
      ? `  - create_index: { name: ix${i}, table: t${i}, columns: [x], concurrently: true }\n`
      : ''
  }downgrade: []
`,
]))

Deno.test('a server that restarts, and one that crashes', () =>
  withFolder((cwd) =>
    withServer(async ({ url, restart }) => {
      writeFiles(cwd, revisions(HISTORY))
      // The servers of tests do without: a crash would take what was committed last.
      const env = { PGOPTIONS: '-c synchronous_commit=on' }
      const program = start(['upgrade', 'head', '--url', url], { cwd, env })
      for (const [id, mode] of [['r1', 'fast'], ['r4', 'immediate'], ['r7', 'fast']] as const) {
        await program.says(new RegExp(`✓ .*-> ${id}\\b`))
        await sleep(30)
        restart(mode)
      }
      const { code, stderr } = await program.ended
      assert.equal(code, 0, stderr)
      assert.match(stderr, /the connection to the database was lost.*: trying again/)
      const { journal, heads } = await stateOf(url)
      assert.deepEqual(heads, ['r9'])
      assert.equal(journal.length, 10, stderr)
      assert(journal.every((row) => row.includes('"done"')), journal.join('\n'))
    })
  ))
