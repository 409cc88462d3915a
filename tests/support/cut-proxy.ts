/** A TCP proxy in front of PostgreSQL that counts the messages of clients, and does something at one of them. */
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { inFront } from './in-front.ts'
import { messageCutter } from './messages.ts'

/** What happens at a message: nothing of it is seen by the server, or it is, and the answer is never seen. */
export type Moment = 'before' | 'after'

export interface Proxy {
  /** The URL of the database through the proxy. */
  readonly url: string
  /** How many messages came by since the last {@link cutAt}. */
  count(): number
  /** Cuts the connection at this message from now on, once, and counts from 0; undefined: only counts. */
  cutAt(message: number | undefined, moment?: Moment): void
  close(): Promise<void>
}

interface Plan {
  at: number | undefined
  moment: Moment
  seen: number
}

/** Starts the proxy for the server of the URL. @param noticed what is done instead of cutting */
export async function cutProxy(url: string, noticed?: () => void): Promise<Proxy> {
  const target = new URL(url)
  const plan: Plan = { at: undefined, moment: 'before', seen: 0 }
  const { url: through, close } = await inFront(url, (client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) socket.setNoDelay(true)
    upstream.on('error', () => {})
    carry(client, upstream, plan, noticed)
  })
  return {
    url: through,
    count: () => plan.seen,
    cutAt(message, moment = 'before') {
      Object.assign(plan, { at: message, moment, seen: 0 })
    },
    close,
  }
}

function carry(client: Socket, upstream: Socket, plan: Plan, noticed?: () => void): void {
  let deaf = false
  const cut = () => {
    if (noticed !== undefined) return noticed()
    client.destroy()
    upstream.destroy()
  }
  const forward = (message: Uint8Array) => {
    const hit = ++plan.seen === plan.at
    if (!hit) return void upstream.write(message)
    plan.at = undefined
    deaf = true
    if (plan.moment === 'before') return cut()
    upstream.write(message)
    upstream.once('data', cut)
    // A statement that waits for a lock, say, is not answered soon.
    setTimeout(cut, 500).unref()
  }
  const split = messageCutter(false)
  client.on('data', (chunk: Uint8Array) => {
    if (!deaf) { for (const message of split(chunk)) if (!deaf) forward(message) }
  })
  upstream.on('data', (chunk: Uint8Array) => void (deaf || client.write(chunk)))
  client.on('close', () => upstream.end())
  upstream.on('close', () => client.end())
}
