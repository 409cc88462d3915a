/** A file that cannot be written to its end is not there: half of it would count as all of it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const WIDE = `CREATE TABLE b (${Array.from({ length: 100 }, (_, i) => `c${i} integer`).join(', ')})`

/** Runs the program where no file grows beyond a block, of half a kilobyte or one: as on a disk that is full then. */
function run({ cwd, url }: Ground, ...args: string[]): void {
  const command = `trap '' XFSZ; ulimit -f 1; exec "$DENO" run -A -q "$MAIN" "$@"`
  const env = { ...process.env, DENO: process.execPath, MAIN, DATABASE_URL: url }
  const { status, stderr } = spawnSync('sh', ['-c', command, 'sh', ...args], { cwd, env, encoding: 'utf8' })
  assert.equal(status, 1, stderr)
  assert.match(stderr, /^error\[system\]: the system refused: /m)
}

function onFullDisk(name: string, work: (ground: Ground) => Promise<void>): void {
  Deno.test({ name, ignore: process.platform !== 'linux', fn: () => onSqlite({}, work) })
}

onFullDisk('a revision, whole or not', (ground) => {
  ground.write({ 'revisions/.keep': '' })
  run(ground, 'revision', '-m', 'x'.repeat(3000))
  assert.deepEqual(readdirSync(path.join(ground.cwd, 'revisions')), ['.keep'])
  return Promise.resolve()
})

onFullDisk('schemas for editors, whole or not', (ground) => {
  run(ground, 'init')
  assert(!existsSync(path.join(ground.cwd, 'schemas/revision.schema.json')))
  return Promise.resolve()
})

onFullDisk('imported migrations, all or none', (ground) => {
  ground.write({ 'revisions/.keep': '', 'old/1_a.sql': 'CREATE TABLE a (id integer);', 'old/2_b.sql': WIDE })
  run(ground, 'import', 'sql', 'old')
  assert.deepEqual(readdirSync(path.join(ground.cwd, 'revisions')), ['.keep'])
  return Promise.resolve()
})

onFullDisk('inspected models, all or none', async (ground) => {
  await ground.sql('CREATE TABLE a (id integer)', WIDE)
  run(ground, 'inspect', '--split', 'models')
  assert.deepEqual(readdirSync(path.join(ground.cwd, 'models')), [])
})
