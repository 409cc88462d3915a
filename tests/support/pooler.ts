/**
 * A pooler as PgBouncer is one: clients log in to it without a password and are given authenticated connections to the
 * server, each for a transaction (`transaction`), or for as long as they stay (`session`).
 */
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import postgres from 'postgres'
import { inFront } from './in-front.ts'
import { messageCutter } from './messages.ts'

/** An authenticated connection to the server, without the driver that opened it. */
async function serverSocket(url: string): Promise<Socket> {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  await new Promise((resolve) => socket.once('connect', resolve))
  const options: object = { max: 1, fetch_types: false, socket: () => socket }
  await postgres(url, options).unsafe('SELECT 1')
  for (const event of ['data', 'close', 'error', 'drain', 'end']) socket.removeAllListeners(event)
  socket.on('error', () => {})
  return socket
}

function message(type: string, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

/** What a client is told at first (manual, "Start-up"): welcome, and a key that the pooler made up. */
function welcome(): Uint8Array {
  const key = Buffer.alloc(8)
  key.writeInt32BE(1_000_000 + Math.floor(Math.random() * 1_000_000))
  const parameters = [['server_version', '18.0'], ['client_encoding', 'UTF8'], [
    'standard_conforming_strings',
    'on',
  ]]
  return Buffer.concat([
    message('R', Buffer.alloc(4)),
    ...parameters.map((pair) => message('S', Buffer.from(`${pair.join('\0')}\0`))),
    message('K', key),
    message('Z', Buffer.from('I')),
  ])
}

interface Pool {
  readonly free: Socket[]
  readonly waiting: ((server: Socket) => void)[]
}

function give({ free, waiting }: Pool, server: Socket): void {
  server.removeAllListeners('data')
  const next = waiting.shift()
  if (next === undefined) free.push(server)
  else next(server)
}

function serveClient(client: Socket, pool: Pool, mode: 'transaction' | 'session'): void {
  let server: Socket | undefined
  let asked = 0
  const link = async () => {
    const found = pool.free.pop() ?? await new Promise<Socket>((resolve) => pool.waiting.push(resolve))
    const cutter = messageCutter(true)
    found.on('data', (chunk: Uint8Array) => {
      client.write(chunk)
      for (const [type, , , , , status] of cutter(chunk)) {
        if (type !== 0x5a || --asked > 0 || status !== 0x49 || mode === 'session') continue
        server = undefined
        give(pool, found)
      }
    })
    found.resume()
    return server = found
  }
  const cutter = messageCutter(false)
  let started = false
  let queue = Promise.resolve()
  client.on('data', (chunk: Uint8Array) => {
    for (const one of cutter(chunk)) {
      if (!started) {
        started = true
        client.write(welcome())
      } else if (one[0] === 0x58) client.end()
      else {
        asked++
        queue = queue.then(async () => void (server ?? await link()).write(one))
      }
    }
  })
  client.on('close', () => {
    if (server !== undefined) give(pool, server)
  })
}

/** Works with the URL of a pooler with so many connections to the server. */
export async function withPooler(
  url: string,
  { mode, size }: { readonly mode: 'transaction' | 'session'; readonly size: number },
  work: (through: string) => Promise<void>,
): Promise<void> {
  const servers = await Promise.all(Array.from({ length: size }, () => serverSocket(url)))
  const pool: Pool = { free: [...servers], waiting: [] }
  const through = await inFront(url, (client) => serveClient(client, pool, mode))
  try {
    await work(through.url)
  } finally {
    for (const socket of servers) socket.destroy()
    await through.close()
  }
}
