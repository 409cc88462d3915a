/**
 * A run on a SQLite file is killed at every boundary between two calls of the driver. What a killed process leaves is the
 * files as they are then: they are copied at each boundary, and another run brings each copy to the end of an undisturbed
 * one. (The driver writes while it is called, never between two calls.)
 */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { createClient } from '@libsql/client'
import type { Client, Transaction } from '../../src/dialect/sqlite/driver.ts'
import { Session as SqliteSession } from '../../src/dialect/sqlite/session.ts'
import { LONGEST_HOLD } from '../../src/dialect/sqlite/whole.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { upgradeSteps } from '../../src/revision/graph/steps.ts'
import { run } from '../../src/run/runner.ts'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { writeFiles } from '../support/project.ts'
import { historyOf } from '../support/run.ts'
import { filesOf } from './histories.ts'
import type { HistoryName } from './histories.ts'
import { points } from '../support/sample.ts'
import { stateOf } from './state.ts'

type Tell = () => void

/** Calls `tell` before and after everything that the driver is asked to do. */
function watched<T extends object>(target: T, tell: Tell): T {
  return new Proxy(target, {
    get(of, name) {
      const value = Reflect.get(of, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        tell()
        const result: unknown = value.apply(of, args)
        if (!(result instanceof Promise)) return result
        return result.finally(tell).then((one: unknown) => isTransaction(one) ? watched(one, tell) : one)
      }
    },
  })
}

function isTransaction(value: unknown): value is Transaction {
  return typeof value === 'object' && value !== null && 'rollback' in value && 'executeMultiple' in value
}

/** Runs the history on the file, telling of each boundary. */
async function upgrade(cwd: string, file: string, tell: Tell): Promise<void> {
  const url = `sqlite:///${file}`
  const client = createClient({ url: `file:${file}`, intMode: 'bigint' }) as unknown as Client
  const target = { kind: 'file', path: file, readonly: false, existing: false, shown: url } as const
  const open = (beside: string) =>
    Promise.resolve(createClient({ url: `file:${beside}` }) as unknown as Client)
  const connection = new SqliteSession(watched(client, tell), target, {
    shown: url,
    patience: 1000,
    open,
    hold: LONGEST_HOLD,
  })
  await connection.greet()
  const history = await historyOf(cwd)
  const quiet = () => {}
  const reporter = { begin: quiet, start: quiet, done: quiet, end: quiet, warn: quiet }
  const tables = { versionTable: { name: 'alembic_version' }, journal: { name: 'limbeck_journal' } }
  const options = { transaction: 'per_revision', settings: {}, reporter } as const
  const find = (rows: readonly string[]) => upgradeSteps(history.graph, rows, 'head')
  await run({ connection, dialect: sqlite, history, ...tables, options }, find)
  await connection.close()
}

/** Copies the database as it is. */
function copy(file: string, folder: string): void {
  mkdirSync(folder)
  for (const ending of ['', '-journal', '-wal', '-shm']) {
    if (existsSync(file + ending)) copyFileSync(file + ending, path.join(folder, `one.db${ending}`))
  }
}

async function sweep(name: HistoryName, some: number): Promise<void> {
  await withFolder(async (cwd) => {
    writeFiles(cwd, filesOf(name))
    const file = path.join(cwd, 'one.db')
    let boundaries = 0
    await upgrade(cwd, file, () => copy(file, path.join(cwd, `killed-${++boundaries}`)))
    const expected = await stateOf(`sqlite:///${file}`)
    for (const point of points(boundaries, some)) {
      const url = `sqlite:///${path.join(cwd, `killed-${point}`, 'one.db')}`
      const { code, stderr } = await limbeck(['upgrade', 'head', '--url', url], { cwd })
      assert.equal(code, 0, `killed at ${point} of ${boundaries}: ${stderr}`)
      assert.deepEqual(await stateOf(url), expected, `killed at ${point} of ${boundaries}: ${stderr}`)
    }
  })
}

for (const name of ['transactional', 'tables', 'rebuilds', 'enums', 'apart', 'backfills'] as const) {
  Deno.test(`a run on a SQLite file that is killed: ${name}`, () => sweep(name, 25))
}
