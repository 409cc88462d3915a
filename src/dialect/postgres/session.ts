/**
 * One connection to a PostgreSQL server. Statements go through the simple protocol, so that one may hold several
 * commands; those of a transaction are sent without waiting for one another: one round trip for all of them.
 */
import { fault } from '../../problem.ts'
import type { Connection, Server } from '../dialect.ts'
import { isPlain } from '../plain.ts'
import { bury } from './backend.ts'
import type { Backend } from './backend.ts'
import { lock } from './lock.ts'
import { wire } from './wire.ts'
import type { Link, Result } from './wire.ts'

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

/** Words that may end a transaction in the middle of a raw text. What follows such a text is not sent before it. */
const ENDS_TRANSACTION = /\b(commit|rollback|abort|prepare)\b|(^|;)\s*end\b/i

/** The server reads a message whole before it begins, and keeps all of it: so many characters at most. */
const LONGEST = 1_000_000

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY'])

function changed(list: readonly Result[]): number {
  return list.reduce((sum, one) => CHANGES.has(one.command) ? sum + (one.count ?? 0) : sum, 0)
}

/** COMMIT of a transaction in which something failed is a ROLLBACK, which is told as no error. */
function committed(done: readonly Result[]): void {
  if (done.at(-1)?.command !== 'ROLLBACK') return
  fault('sql-failed', 'the transaction had failed, so that COMMIT rolled it back', {
    sql: { text: 'COMMIT' },
  })
}

/** A session over a link. */
export function session(link: Link, origin: Origin): PostgresConnection {
  const { all, begin, alone, bound, whole } = wire(link)
  let transaction = false
  return {
    ...origin,
    pipelines: true,
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
    takesWhole: (statements) =>
      statements.reduce((sum, text) => sum + text.length, 0) <= LONGEST && statements.every(isPlain),
    transact: whole,
    async run(statements) {
      const pipelined = transaction && !statements.some((text) => ENDS_TRANSACTION.test(text))
      return (await all(statements, pipelined)).map(changed)
    },
    begin({ first = [] } = {}) {
      transaction = true
      begin(first)
      return Promise.resolve()
    },
    async commit(last = []) {
      transaction = false
      // In one message: where one of `last` fails nothing behind it is done.
      committed(await alone([...last, 'COMMIT'].join(';\n')))
    },
    async rollback() {
      transaction = false
      if (!link.isGone()) await alone('ROLLBACK')
    },
    close: () => link.end(),
  }
}
