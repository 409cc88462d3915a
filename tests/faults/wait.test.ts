/** `--wait` waits for a database that does not answer yet, and for nothing else. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import path from 'node:path'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { serve } from '../support/hrana.ts'
import { inFront } from '../support/in-front.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const EMPTY = { r1: 'upgrade: []\n' }

/** The message with which a server that starts answers everybody (manual, "Message Formats", ErrorResponse). */
function starting(): Uint8Array {
  const fields = ['SFATAL', 'VFATAL', 'C57P03', 'Mthe database system is starting up', ''].join('\0') + '\0'
  const message = Buffer.alloc(5 + fields.length)
  message.write('E')
  message.writeInt32BE(4 + fields.length, 1)
  message.write(fields, 5)
  return message
}

/** A server that resets the first connection, tells the second that it starts, and takes all others. */
async function moody(url: string, work: (through: string) => Promise<void>): Promise<void> {
  const target = new URL(url)
  let count = 0
  const through = await inFront(url, (client) => {
    count++
    if (count === 1) return void client.resetAndDestroy()
    if (count === 2) return void client.once('data', () => client.end(starting()))
    const upstream = connect(Number(target.port), target.hostname)
    upstream.on('error', () => {})
    client.on('close', () => upstream.destroy())
    client.pipe(upstream).pipe(client)
  })
  try {
    await work(through.url)
  } finally {
    await through.close()
  }
}

Deno.test('a server that resets, starts, and answers at last', () =>
  onPostgres(EMPTY, ({ url, cwd }) =>
    moody(url, async (through) => {
      const { code, stderr } = await limbeck(['upgrade', 'head', '--url', through, '--wait', '20s'], { cwd })
      assert.equal(code, 0, stderr)
      const waits = stderr.match(/waiting for the database: .*/g) ?? []
      assert.equal(waits.length, 2, stderr)
      assert.match(waits[1] ?? '', /refused the connection: the database system is starting up/)
      assert.match(stderr, /✓ Running upgrade/)
    })))

async function waited({ cwd }: Ground, url: string, ...options: string[]) {
  const began = performance.now()
  const ran = await limbeck(['current', '--url', url, ...options], { cwd })
  return { ...ran, took: performance.now() - began }
}

Deno.test('the deadline: exit 5 with what was wrong last', () =>
  onSqlite(EMPTY, async (ground) => {
    for (
      const url of ['postgres://u@127.0.0.1:1/d', 'postgres://u@nowhere.invalid/d', 'http://127.0.0.1:1']
    ) {
      const { code, stderr, took } = await waited(ground, url, '--wait', '500ms')
      assert.equal(code, 5, stderr)
      assert.match(stderr, /error\[(no-server|no-such-host|unreachable)\]/)
      assert.match(stderr, /note: waited for 0.5 seconds/)
      assert(took >= 500, `${took} ms`)
    }
  }))

Deno.test('a wrong password and a database that is not there fail at once', () =>
  onPostgres(EMPTY, async (ground) => {
    const wrong = new URL(ground.url)
    wrong.password = 'wrong'
    const unknown = new URL(ground.url)
    unknown.pathname = '/nowhere'
    for (const url of [wrong.href, unknown.href, `sqlite:///${ground.cwd}/none/x.db`]) {
      const { code, stderr, took } = await waited(ground, url, '--wait', '30s')
      assert.equal(code, 5, stderr)
      assert(took < 15_000, `${took} ms: ${stderr}`)
    }
  }))

Deno.test('a libSQL server that is busy is waited for, one that refuses is not', () =>
  withFolder(async (cwd) => {
    const file = path.join(cwd, 'served.db')
    const server = await serve(file, 'sesame', (number) => number < 4 ? 'refused' : undefined)
    const env = { LIMBECK_WAIT: '10s' }
    try {
      const good = await limbeck(['inspect', '--url', `${server.url}?authToken=sesame`], { cwd, env })
      assert.equal(good.code, 0, good.stderr)
      assert.match(good.stderr, /waiting for the database/)
      const bad = await limbeck(['inspect', '--url', `${server.url}?authToken=wrong`], { cwd, env })
      assert.equal(bad.code, 5)
      assert.match(bad.stderr, /error\[unauthorized\]/)
      assert.doesNotMatch(bad.stderr, /waiting for the database/)
    } finally {
      await server.close()
    }
  }))

Deno.test('times that are none', () =>
  onSqlite(EMPTY, async ({ run }) => {
    for (
      const [option, text] of [['--wait', 'soon'], ['--lock-wait', '5'], ['--retry-for', '-1s']] as const
    ) {
      const { code, stderr } = await run('upgrade', 'head', option, text)
      assert.equal(code, 2, stderr)
      assert.match(stderr, new RegExp(`${option} takes a time, not "${text}"`))
    }
  }))
