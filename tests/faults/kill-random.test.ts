/** Processes killed at moments that nobody chose, until one gets to the end: it is the end of an undisturbed run. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { withPostgres } from '../support/postgres.ts'
import { start } from '../support/program.ts'
import { writeFiles } from '../support/project.ts'
import { filesOf } from './histories.ts'
import type { HistoryName } from './histories.ts'
import { ALL } from '../support/sample.ts'
import { stateOf } from './state.ts'

const ROUNDS = ALL ? 8 : 1

/** A number from 0 to 1 that looks like chance and is the same each time. */
function chance(seed: number): number {
  const wild = Math.sin(seed) * 10_000
  return wild - Math.floor(wild)
}

async function until(name: HistoryName, cwd: string, url: string, seed: number): Promise<number> {
  for (let kills = 0;; kills++) {
    const program = start(['upgrade', 'head', '--url', url], { cwd })
    // It says which database it takes right before it connects.
    await program.says(/database:/)
    await sleep(chance(seed * 100 + kills) * 150 * (1 + kills / 3))
    program.kill('SIGKILL')
    const { code, stderr } = await program.ended
    if (code === 0) return kills
    assert.equal(code, 137, `${name}, seed ${seed}: ${stderr}`)
  }
}

async function sweep(
  name: HistoryName,
  cwd: string,
  whole: string,
  fresh: (work: (url: string) => Promise<void>) => Promise<void>,
) {
  writeFiles(cwd, filesOf(name))
  const { code, stderr } = await limbeck(['upgrade', 'head', '--url', whole], { cwd })
  assert.equal(code, 0, stderr)
  const expected = await stateOf(whole)
  for (let seed = 1; seed <= ROUNDS; seed++) {
    await fresh(async (url) => {
      await until(name, cwd, url, seed)
      assert.deepEqual(await stateOf(url), expected, `${name}, seed ${seed}`)
    })
  }
}

for (const name of ALL ? ['concurrent', 'enums', 'apart', 'backfills'] as const : ['concurrent'] as const) {
  Deno.test(`killed at any moment on PostgreSQL: ${name}`, () =>
    withFolder((cwd) => withPostgres((whole) => sweep(name, cwd, whole, withPostgres))))
}

for (
  const name of ALL ? ['rebuilds', 'apart', 'tables', 'backfills'] as const : ['rebuilds', 'tables'] as const
) {
  Deno.test(`killed at any moment on a SQLite file: ${name}`, () =>
    withFolder(async (cwd) => {
      let count = 0
      const file = () => `sqlite:///${path.join(cwd, `${++count}.db`)}`
      await sweep(name, cwd, file(), (work) => work(file()))
    }))
}
