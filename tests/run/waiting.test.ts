/** A run waits while somebody else writes to the SQLite file, and then goes on as if nothing had been. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { EXIT } from '../../src/problem.ts'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'

const FIRST =
  'id: a1\ndown_revision: null\nupgrade: [{ execute: { sql: CREATE TABLE t (x) } }]\ndowngrade: []\n'

/** Another process (locks are a process's) that holds the write lock for so many milliseconds. */
async function writer(file: string, milliseconds: number): Promise<Deno.ChildProcess> {
  const script = `
    import { DatabaseSync } from 'node:sqlite'
    const database = new DatabaseSync(${JSON.stringify(file)})
    database.exec('BEGIN IMMEDIATE')
    console.log('locked')
    setTimeout(() => database.exec('COMMIT'), ${milliseconds})`
  const child = new Deno.Command(Deno.execPath(), { args: ['eval', script], stdout: 'piped' }).spawn()
  for await (const _ of child.stdout) break
  return child
}

/** Runs an upgrade while another process writes. */
async function upgradeBeside(cwd: string, milliseconds: number, ...options: string[]) {
  mkdirSync(path.join(cwd, 'revisions'))
  writeFileSync(path.join(cwd, 'revisions/a1.yaml'), FIRST)
  const where = { cwd, env: { LIMBECK_DATABASE_URL: 'sqlite:///one.db' } }
  await limbeck(['ensure-version'], where)
  const other = await writer(path.join(cwd, 'one.db'), milliseconds)
  const started = performance.now()
  const ran = await limbeck(['upgrade', 'head', ...options], where)
  const waited = performance.now() - started
  await other.status
  return { ...ran, waited }
}

Deno.test('an upgrade waits for a writer', () =>
  withFolder(async (cwd) => {
    const { code, stderr, waited } = await upgradeBeside(cwd, 600)
    assert.equal(code, 0, stderr)
    assert(waited > 600, `${waited} ms`)
  }))

Deno.test('an upgrade gives up after --lock-wait', () =>
  withFolder(async (cwd) => {
    writeFileSync(path.join(cwd, 'limbeck.yaml'), 'settings: { lock_timeout: 300ms }\n')
    const { code, stderr } = await upgradeBeside(cwd, 1500, '--lock-wait', '300ms')
    assert.equal(code, EXIT.locked, stderr)
  }))
