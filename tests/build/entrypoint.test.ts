/** docker-entrypoint.sh: migrates, then becomes the application. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { withFolder } from '../support/folder.ts'

const SCRIPT = fileURLToPath(new URL('../../scripts/docker-entrypoint.sh', import.meta.url))

/** Runs it with a `limbeck` that says what it was asked, and an application that does, too. */
async function start(env: Readonly<Record<string, string>>, exit = 0) {
  return await withFolder((folder) => {
    const program = (name: string, text: string) => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`)
      chmodSync(join(folder, name), 0o755)
    }
    program('limbeck', `echo "limbeck $*"; exit ${exit}`)
    program('application', 'echo "application $* in process $$"')
    const { status, stdout, pid } = spawnSync('sh', [SCRIPT, 'application', 'a b', '--c'], {
      env: { ...env, PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
    })
    return Promise.resolve({ status, lines: stdout.replace(String(pid), 'its own').trim().split('\n') })
  })
}

const ignore = process.platform === 'win32'
const APPLICATION = 'application a b --c in process its own'

Deno.test({
  name: 'entrypoint: the application follows the upgrade, in the same process',
  ignore,
  async fn() {
    assert.deepEqual(await start({}), { status: 0, lines: ['limbeck upgrade head --wait 60s', APPLICATION] })
  },
})

Deno.test({
  name: 'entrypoint: when the upgrade fails, the application does not start, and the exit code is its',
  ignore,
  async fn() {
    assert.deepEqual(await start({}, 4), { status: 4, lines: ['limbeck upgrade head --wait 60s'] })
  },
})

Deno.test({
  name: 'entrypoint: LIMBECK_UPGRADE says something else, or nothing',
  ignore,
  async fn() {
    const other = await start({ LIMBECK_UPGRADE: 'upgrade billing@head --wait 5s' })
    assert.deepEqual(other.lines, ['limbeck upgrade billing@head --wait 5s', APPLICATION])
    assert.deepEqual((await start({ LIMBECK_UPGRADE: '' })).lines, [APPLICATION])
  },
})

const SHELLS = ['sh', 'bash'].filter((one) => spawnSync(one, ['-c', ':']).status === 0)

/** Sends it a signal when its `limbeck` has said that it began, which then does `onSignal`. */
async function stopped(shell: string, onSignal: string) {
  return await withFolder(async (folder) => {
    const stub = `trap 'sleep 0.3; ${onSignal}' TERM; echo begun; for i in $(seq 200); do sleep 0.1; done`
    writeFileSync(join(folder, 'limbeck'), `#!/bin/sh\n${stub}\n`, { mode: 0o755 })
    const env = { PATH: `${folder}:${process.env.PATH}` }
    const script = spawn(shell, [SCRIPT, 'echo', 'application'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let stdout = ''
    script.stdout.on('data', (text) => {
      stdout += text
      if (stdout === 'begun\n') process.kill(script.pid!, 'SIGTERM')
    })
    const [code, signal] = await once(script, 'close')
    return { code, signal, lines: stdout.trim().split('\n') }
  })
}

for (const shell of SHELLS) {
  Deno.test({
    name: `entrypoint: a signal reaches limbeck, whose end it waits for (${shell})`,
    ignore,
    async fn() {
      const ended = await stopped(shell, 'echo stopped; exit 143')
      assert.deepEqual(ended, { code: 143, signal: null, lines: ['begun', 'stopped'] })
    },
  })

  Deno.test({
    name:
      `entrypoint: where limbeck was done when the signal came, the application does not start (${shell})`,
    ignore,
    async fn() {
      const ended = await stopped(shell, 'echo done; exit 0')
      assert.deepEqual(ended, { code: 143, signal: null, lines: ['begun', 'done'] })
    },
  })
}
