/** A stream that takes nothing, such as a log on a full disk: the work, and how it ended, are what they would be. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const HISTORY = {
  a1:
    'upgrade:\n  - create_table: { name: one, columns: [{ name: id, type: integer, primary_key: true }] }\n',
  a2:
    'upgrade:\n  - create_table: { name: two, columns: [{ name: id, type: integer, primary_key: true }] }\n',
}

/** Runs the program as a shell does, with a redirection such as `2>/dev/full`. */
function run({ cwd, url }: Ground, args: string, redirection: string) {
  const command = `"$DENO" run -A -q "$MAIN" ${args} ${redirection}`
  const env = { ...process.env, DENO: process.execPath, MAIN, DATABASE_URL: url }
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, env, encoding: 'utf8' })
  return { status, stdout, stderr }
}

const onLinux = (name: string, work: (ground: Ground) => Promise<void>) =>
  Deno.test({ name, ignore: process.platform !== 'linux', fn: () => onSqlite(HISTORY, work) })

onLinux('what cannot be told stops nothing', async (ground) => {
  assert.equal(run(ground, 'upgrade head', '2>/dev/full').status, 0)
  assert.deepEqual(await ground.sql('SELECT version_num FROM alembic_version'), ['a2'])
  assert.equal(run(ground, 'upgrade a3', '2>/dev/full').status, 2)
})

onLinux('a result that cannot be written is a failure, told once and without a stack', (ground) => {
  for (const args of ['heads', 'heads --json']) {
    const { status, stderr } = run(ground, args, '>/dev/full')
    assert.equal(status, 1, args)
    assert.match(
      stderr,
      /^error\[unwritten\]: standard output cannot be written: [^\n]*no space left[^\n]*\n$/i,
      args,
    )
  }
  return Promise.resolve()
})

onLinux('a failure whose document cannot be written is told as it is', (ground) => {
  const { status, stderr } = run(ground, 'upgrade a3 --json', '>/dev/full')
  assert.equal(status, 2)
  assert.match(stderr, /^error\[no-such-revision\]: [^]*^error\[unwritten\]: [^\n]*\n$/m)
  return Promise.resolve()
})
