/**
 * The connection to PostgreSQL ends at every message. A run that dies with it (as one that is killed does: the server
 * sees no more of it either way) leaves what the next run brings to the end of an undisturbed one; a run that lives gets
 * there by itself.
 */
import assert from 'node:assert/strict'
import { limbeck } from '../support/command-line.ts'
import { cutProxy } from '../support/cut-proxy.ts'
import type { Moment, Proxy } from '../support/cut-proxy.ts'
import { withFolder } from '../support/folder.ts'
import { onConnection } from '../support/on-connection.ts'
import { withPostgres } from '../support/postgres.ts'
import { writeFiles } from '../support/project.ts'
import { filesOf } from './histories.ts'
import type { HistoryName } from './histories.ts'
import { points } from '../support/sample.ts'
import { stateOf } from './state.ts'
import type { State } from './state.ts'

const MOMENTS: readonly Moment[] = ['before', 'after']

interface Sweep {
  readonly cwd: string
  /** The database itself, not through the proxy. */
  readonly url: string
  readonly proxy: Proxy
  readonly expected: State
  /** How many messages an undisturbed run takes. */
  readonly messages: number
}

const empty = (url: string) =>
  onConnection(url, (connection) => connection.run(['DROP SCHEMA public CASCADE', 'CREATE SCHEMA public']))

/** Works with a proxy whose messages are counted, and the state that an undisturbed run leaves. */
async function sweeping(name: HistoryName, work: (sweep: Sweep) => Promise<void>): Promise<void> {
  await withFolder((cwd) =>
    withPostgres(async (url) => {
      writeFiles(cwd, filesOf(name))
      const proxy = await cutProxy(url)
      try {
        proxy.cutAt(undefined)
        const { code, stderr } = await limbeck(['upgrade', 'head', '--url', proxy.url], { cwd })
        assert.equal(code, 0, stderr)
        const messages = proxy.count()
        await work({ cwd, url, proxy, expected: await stateOf(url), messages })
      } finally {
        await proxy.close()
      }
    })
  )
}

async function killed(sweep: Sweep, message: number, moment: Moment): Promise<void> {
  const { cwd, url, proxy, expected } = sweep
  await empty(url)
  proxy.cutAt(message, moment)
  const first = await limbeck(['upgrade', 'head', '--url', proxy.url, '--retry-for', '0'], { cwd })
  const again = await limbeck(['upgrade', 'head', '--url', url], { cwd })
  const at = `${moment} message ${message}:\n${first.stderr}\n--- again:\n${again.stderr}`
  assert.equal(again.code, 0, at)
  assert.deepEqual(await stateOf(url), expected, at)
}

async function lived(sweep: Sweep, message: number, moment: Moment): Promise<void> {
  const { cwd, url, proxy, expected } = sweep
  await empty(url)
  proxy.cutAt(message, moment)
  const { code, stderr } = await limbeck(['upgrade', 'head', '--url', proxy.url, '--wait', '10s'], { cwd })
  assert.equal(code, 0, `${moment} message ${message}:\n${stderr}`)
  assert.deepEqual(await stateOf(url), expected, `${moment} message ${message}:\n${stderr}`)
}

const SWEPT = [['transactional', 2], ['tables', 2], ['concurrent', 4], ['enums', 2], ['apart', 3]] as const

for (const [name, some] of SWEPT) {
  Deno.test(`a run on PostgreSQL that dies: ${name}`, () =>
    sweeping(name, async (sweep) => {
      for (const moment of MOMENTS) {
        for (const message of points(sweep.messages, some)) await killed(sweep, message, moment)
      }
    }))

  Deno.test(`a run on PostgreSQL that loses its connection: ${name}`, () =>
    sweeping(name, async (sweep) => {
      for (const moment of MOMENTS) {
        for (const message of points(sweep.messages, some)) await lived(sweep, message, moment)
      }
    }))
}
