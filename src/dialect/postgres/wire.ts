/**
 * Texts on their way to the server, and their answers. Each goes in a message of the simple protocol, so that it may hold
 * several commands; none waits for the answer to the one before.
 */
import type { Readable, Writable } from 'node:stream'
import { fault } from '../../problem.ts'
import type { Scalar } from '../../model/model.ts'
import type { Row, WholeTransaction } from '../dialect.ts'
import type { Driver } from './driver.ts'
import { codeOf, endsConnection, failed, failedAt, positionIn } from './failure.ts'
import { culprit, doneOf, isCount, message } from './whole.ts'

/** The one connection. */
export interface Link {
  readonly sql: Driver
  /** Ends it, and with it the socket. */
  readonly end: () => Promise<void>
  /** Rejects with the driver's error when the connection is gone; never resolves. */
  readonly gone: Promise<never>
  readonly isGone: () => boolean
  /** Says that it is: its last answer said so, and the socket closes only later. */
  readonly lose: (error: unknown) => void
}

/** What a command reports, or the stream that COPY opens. */
export interface Result extends Array<Row> {
  readonly count: number | null
  readonly command: string
}
type Answer = Result | readonly Result[] | Readable | Writable

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

/** Rejects answers when the link is gone. Promise.race() would keep every answer for as long as the link is. */
function rejectedBy({ gone, lose }: Link): <T>(answer: Promise<T>) => Promise<T> {
  const waiting = new Set<(error: unknown) => void>()
  gone.catch((error: unknown) => waiting.forEach((reject) => reject(error)))
  return <T>(answer: Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      waiting.add(reject)
      answer.then(resolve, (error: unknown) => {
        if (endsConnection(error)) lose(error)
        reject(error)
      }).finally(() => waiting.delete(reject))
    })
}

/** Sending texts over a link, and making of their answers what they mean. */
export function wire(link: Link) {
  // BEGIN travels with what comes next; its answer is awaited there.
  let opening: Promise<Answer> | undefined
  const orGone = rejectedBy(link)
  const send = (text: string): Promise<Answer> => {
    if (link.isGone()) return link.gone
    // The driver sends when its promise is first used.
    const answer = orGone(link.sql.unsafe(text) as Promise<Answer>)
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
    begin(first: readonly string[]): void {
      opening = send(['BEGIN', ...first].join('; '))
    },
    /** @param pipelined sends all before the first is answered */
    async all(texts: readonly string[], pipelined: boolean): Promise<readonly (readonly Result[])[]> {
      const sent = pipelined ? texts.map(send) : []
      await opened()
      await Promise.allSettled(sent)
      const done: (readonly Result[])[] = []
      for (const [index, text] of texts.entries()) {
        done.push(await settle(sent[index] ?? send(text), text, index))
      }
      return done
    },
    async alone(text: string): Promise<readonly Result[]> {
      const answer = send(text)
      await opened()
      return await settle(answer, text, 0)
    },
    whole: (transaction: WholeTransaction) => sendWhole(link, orGone, transaction),
    async bound(text: string, parameters: readonly Scalar[]): Promise<readonly Row[]> {
      await opened()
      const query = link.isGone()
        ? link.gone
        : orGone(link.sql.unsafe(text, parameters.map(bindable)) as Promise<Result>)
      return await query.catch((error: unknown) => failed(error, text, 0))
    },
  }
}

/** As {@link Connection.transact}. */
async function sendWhole(
  link: Link,
  orGone: <T>(answer: Promise<T>) => Promise<T>,
  transaction: WholeTransaction,
): Promise<boolean> {
  const sent = message(transaction)
  let done: number | undefined
  try {
    if (link.isGone()) return await link.gone
    await orGone(link.sql.unsafe(sent.text).forEach((row) => void (done = doneOf(row) ?? done)))
    return true
  } catch (error) {
    const { statements } = transaction
    const found = culprit(sent, statements, done, positionIn(error, sent.text))
    if (isCount(found, statements, codeOf(error))) return false
    return failedAt(error, found.sql, found.index, found.position)
  }
}

function bindable(value: Scalar): string | number | boolean | null {
  return typeof value === 'bigint' ? String(value) : value
}
