/**
 * One connection to a PostgreSQL server. Statements go through the simple protocol, so that one may hold several
 * commands; those of a transaction are sent without waiting for one another: one round trip for all of them.
 */
import type { Readable, Writable } from 'node:stream'
import { fault } from '../../problem.ts'
import type { Scalar } from '../../model/model.ts'
import type { Connection, Row, Server } from '../dialect.ts'
import { bury } from './backend.ts'
import type { Backend } from './backend.ts'
import type { Driver } from './driver.ts'
import { failed } from './failure.ts'
import { lock } from './lock.ts'

/** The one connection. */
export interface Link {
  readonly sql: Driver
  /** Ends it, and with it the socket. */
  readonly end: () => Promise<void>
  /** Rejects with the driver's error when the connection is gone; never resolves. */
  readonly gone: Promise<never>
  readonly isGone: () => boolean
}

export interface PostgresConnection extends Connection {
  readonly lost: boolean
  cancel(): Promise<void>
  bury(lost: Connection): Promise<void>
  readonly backend: Backend
  /** Another connection to the same place. */
  another(): Promise<PostgresConnection>
}

/** What a session knows of where it is. */
export interface Origin {
  readonly server: Server
  readonly backend: Backend
  /** How the database is called in messages. */
  readonly url: string
  /** Sends a request to end the statement that runs. */
  cancel(): Promise<void>
  another(): Promise<PostgresConnection>
}

/** What a command reports, or the stream that COPY opens. */
interface Result extends Array<Row> {
  readonly count: number | null
  readonly command: string
}
type Answer = Result | readonly Result[] | Readable | Writable

/** Words that may end a transaction in the middle of a raw text. What follows such a text is not sent before it. */
const ENDS_TRANSACTION = /\b(commit|rollback|abort|prepare)\b|(^|;)\s*end\b/i

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY'])

function isResult(answer: Answer): answer is Result {
  return Array.isArray(answer) && 'command' in answer
}

/** The results of a text's commands, one for each. */
function results(answer: Answer, text: string, index: number): readonly Result[] {
  if (isResult(answer)) return [answer]
  if (Array.isArray(answer)) return answer as readonly Result[]
  // The driver waits for data that nobody sends: ending the stream ends the command.
  const stream = answer as Readable | Writable
  stream.on('error', () => {})
  stream.destroy()
  return fault('sql-failed', 'COPY from or to the client cannot be run here', {
    sql: { text, index },
    hint: 'use INSERT, or bulk_insert',
  })
}

function changed(list: readonly Result[]): number {
  return list.reduce((sum, one) => CHANGES.has(one.command) ? sum + (one.count ?? 0) : sum, 0)
}

/** Sending texts over a link, and making of their answers what they mean. */
function wire(link: Link) {
  // BEGIN travels with what comes next; its answer is awaited there.
  let opening: Promise<Answer> | undefined

  const send = (text: string): Promise<Answer> => {
    if (link.isGone()) return link.gone
    // The driver sends when its promise is first used: race() does.
    const answer = Promise.race([link.sql.unsafe(text) as Promise<Answer>, link.gone])
    answer.catch(() => {})
    return answer
  }
  const settle = async (answer: Promise<Answer>, text: string, index: number): Promise<readonly Result[]> =>
    results(await answer.catch((error: unknown) => failed(error, text, index)), text, index)
  const opened = async (): Promise<void> => {
    const pending = opening
    opening = undefined
    if (pending !== undefined) await settle(pending, 'BEGIN', 0)
  }
  return {
    send,
    settle,
    opened,
    begin(): void {
      opening = send('BEGIN')
    },
    async alone(text: string): Promise<readonly Result[]> {
      const answer = send(text)
      await opened()
      return await settle(answer, text, 0)
    },
    async bound(text: string, parameters: readonly Scalar[]): Promise<readonly Row[]> {
      await opened()
      const query = link.isGone()
        ? link.gone
        : link.sql.unsafe(text, parameters.map(bindable)) as Promise<Result>
      return await Promise.race([query, link.gone]).catch((error: unknown) => failed(error, text, 0))
    },
  }
}

/** COMMIT of a transaction in which something failed is a ROLLBACK, which is told as no error. */
function committed([result]: readonly Result[]): void {
  if (result?.command !== 'ROLLBACK') return
  fault('sql-failed', 'the transaction had failed, so that COMMIT rolled it back', {
    sql: { text: 'COMMIT' },
  })
}

/** A session over a link. */
export function session(link: Link, origin: Origin): PostgresConnection {
  const { send, settle, opened, begin, alone, bound } = wire(link)
  let transaction = false
  return {
    ...origin,
    get lost() {
      return link.isGone()
    },
    async bury(lost) {
      await bury(this, lost)
    },
    async lock(key, options) {
      return await lock(this, key, options)
    },
    async query(text, parameters = []) {
      if (parameters.length > 0) return await bound(text, parameters)
      return (await alone(text)).findLast((one) => one.length > 0) ?? []
    },
    async run(statements) {
      const pipelined = transaction && !statements.some((text) => ENDS_TRANSACTION.test(text))
      const sent = pipelined ? statements.map(send) : []
      await opened()
      await Promise.allSettled(sent)
      const counts: number[] = []
      for (const [index, text] of statements.entries()) {
        counts.push(changed(await settle(sent[index] ?? send(text), text, index)))
      }
      return counts
    },
    begin() {
      transaction = true
      begin()
      return Promise.resolve()
    },
    async commit(last = []) {
      transaction = false
      const texts = [...last, 'COMMIT']
      const sent = texts.map(send)
      await opened()
      await Promise.allSettled(sent)
      for (const [index, answer] of sent.entries()) committed(await settle(answer, texts[index] ?? '', index))
    },
    async rollback() {
      transaction = false
      if (!link.isGone()) await alone('ROLLBACK')
    },
    close: () => link.end(),
  }
}

function bindable(value: Scalar): string | number | boolean | null {
  return typeof value === 'bigint' ? String(value) : value
}
