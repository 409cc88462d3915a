/** What the driver throws, as problems: one clear line each, with the statement and the position where it is known. */
import { EXIT, fault } from '../../problem.ts'
import type { FaultDetails, ProblemError } from '../../problem.ts'
import { string } from '../ansi.ts'
import type { Transience } from '../dialect.ts'
import { NULLS_IN_THE_WAY, ROWS_BREAK_IT, ROWS_NEED_A_VALUE } from '../rows-in-the-way.ts'
import { failedSql } from './failed-sql.ts'
import type { Running } from './failed-sql.ts'
import { spelling } from './spelling.ts'
import type { Target } from './url.ts'

/** The driver's error, as far as it is one. */
export interface DriverError {
  /** SQLITE_CONSTRAINT, SERVER_ERROR, …; empty when it is no error of the driver. */
  readonly code: string
  /** SQLITE_CONSTRAINT_NOTNULL. */
  readonly extendedCode: string
  readonly message: string
  /** Where in the statement, in bytes: libSQL's servers tell it, the local driver does not. */
  readonly offset?: number
}

/** The names under which a rebuild makes tables: a person knows the table by its own name. */
export const TEMPORARY = { replacement: '_limbeck_new_', copy: '_limbeck_old_' } as const

/** It is there before its rebuild begins, so it is another's. */
const LEFT_BEHIND = /^table _limbeck_(?:new|old)_.+ already exists$/s

/** The parts of what the driver threw, without the prefixes that it and the servers put before SQLite's words. */
export function driverError(error: unknown): DriverError {
  if (!(error instanceof Error)) return { code: '', extendedCode: '', message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const extended = 'extendedCode' in error && typeof error.extendedCode === 'string'
    ? error.extendedCode
    : code
  const [, text = '', offset] = LOCATED.exec(error.message.replace(PREFIXES, '')) ?? []
  const message = LEFT_BEHIND.test(text)
    ? text
    : text.replaceAll(TEMPORARY.replacement, '').replaceAll(TEMPORARY.copy, '')
  return {
    code,
    extendedCode: extended,
    message,
    ...(offset === undefined ? {} : { offset: Number(offset) }),
  }
}

/** `SQLITE_ERROR: SQLite error: no such table: t`: the driver's and the server's words (sqld's src/hrana/stmt.rs). */
const PREFIXES =
  /^(?:[A-Z][A-Z0-9_]+: )*(?:SQLite error: |SQL input error: |SQL string could not be parsed: )?/
const LOCATED = /^(.*?)(?: \(at offset (\d+)\))?$/s

/** Whether another connection holds the database: the statement may succeed later. */
export function isBusy(error: unknown): boolean {
  const { code } = driverError(error)
  return code === 'TRANSACTION_BUSY' || /^SQLITE_(BUSY|LOCKED)/.test(code)
}

/**
 * Whether there is no transaction left to roll back. SQLite ends one itself when the disk is full or a statement says OR
 * ROLLBACK (https://sqlite.org/lang_transaction.html, section 3); a server ends those of streams it loses.
 */
export function isGone(error: unknown): boolean {
  const { code, message } = driverError(error)
  return code === 'TRANSACTION_CLOSED' || message.includes('no transaction is active') ||
    isTransport(code, error)
}

const PERMISSIONS = 'look at the permissions of the file and its folder'

/** Messages and exit codes for what is wrong with the database, not with the statement. */
const CONDITIONS: Readonly<Record<string, readonly [string, string, number, string?]>> = {
  SQLITE_NOTADB: ['not-a-database', 'is not a SQLite database', EXIT.unreachable],
  SQLITE_CANTOPEN: [
    'cannot-open',
    'cannot be opened',
    EXIT.unreachable,
    PERMISSIONS,
  ],
  SQLITE_AUTH: ['unauthorized', 'refuses access', EXIT.unreachable],
  SQLITE_PERM: ['unauthorized', 'refuses access', EXIT.unreachable],
  SQLITE_READONLY: [
    'read-only',
    'is read-only',
    EXIT.failed,
    PERMISSIONS,
  ],
  SQLITE_READONLY_DBMOVED: [
    'database-moved',
    'was moved, replaced or deleted while it was in use',
    EXIT.failed,
    'what was done to it since is not in the file that is there now: see which of them is right',
  ],
  SQLITE_FULL: ['disk-full', 'cannot be written: the disk is full', EXIT.failed],
  SQLITE_IOERR: ['io-error', 'cannot be read or written', EXIT.failed],
  SQLITE_CORRUPT: ['corrupt', 'is damaged', EXIT.failed, 'PRAGMA integrity_check says where'],
  SQLITE_BUSY: ['busy', 'is locked by another connection', EXIT.locked, 'end it, or try again'],
  SQLITE_LOCKED: ['busy', 'is locked by another connection', EXIT.locked, 'end it, or try again'],
  TRANSACTION_BUSY: ['busy', 'has too many transactions open', EXIT.locked, 'try again'],
}

/**
 * Stops with the problem that the error is: `busy`, `read-only`, `unreachable`, … or `sql-failed` with the statement.
 * @throws always
 */
export function fail(error: unknown, target: Target, running: Running = {}): never {
  const { code, extendedCode, message, offset } = driverError(error)
  const text = hideSecrets(message, target)
  const details: FaultDetails = {
    cause: error,
    ...failedSql({ code: extendedCode, message: text, offset }, running),
  }
  const base = code.split('_').slice(0, 2).join('_')
  const condition = CONDITIONS[extendedCode] ?? CONDITIONS[base]
  if (condition !== undefined) {
    const [name, what, exit, hint] = condition
    fault(name, `the database ${place(target)} ${what}`, { ...details, exit, hint, notes: [text] })
  }
  if (target.kind === 'remote' && isTransport(code, error)) {
    const why = [text, causeOf(error)].filter((part) => part !== '').join(': ')
    notReached(target, code, why, details)
  }
  if (target.kind === 'remote' && isStreamLost(code, text)) {
    fault('connection-lost', `the database ${place(target)} ended the connection: ${text}`, {
      ...details,
      exit: EXIT.unreachable,
      hint: 'what was in an open transaction is rolled back; run the command again',
    })
  }
  if (/^ConnectionFailed|Unable to open connection/.test(text)) {
    fault('cannot-open', `the database ${place(target)} cannot be opened`, {
      ...details,
      exit: EXIT.unreachable,
      // The driver gives SQLite's code at the end; 14 is SQLITE_CANTOPEN.
      hint: /: 14\b/.test(text) ? PERMISSIONS : undefined,
      notes: [text],
    })
  }
  const hint = brokenBefore(text) ?? stringMeant(text, running.sql) ?? rowsInTheWay(text, running.sql) ??
    HINTS.find(([pattern]) => pattern.test(text))?.[1]
  return fault('sql-failed', text, hint === undefined ? details : { ...details, hint })
}

/** Other builds of SQLite take what stands in double quotes for a string where it names nothing. */
function stringMeant(message: string, sql: string | undefined): string | undefined {
  const [, name] = /^no such column: (.+)$/s.exec(message) ?? []
  if (name === undefined || !sql?.includes(`"${name}"`)) return undefined
  return `if it is a string, it stands in single quotes: ${string(name)}`
}

/** What to do about rows that a rebuild of their table, or a unique index, cannot take. */
function rowsInTheWay(message: string, sql = ''): string | undefined {
  const isRebuild = sql.includes(TEMPORARY.replacement) || sql.includes(TEMPORARY.copy)
  if (!isRebuild && !/^CREATE UNIQUE INDEX/.test(sql)) return undefined
  const [, what, names] = /^(NOT NULL|UNIQUE|CHECK) constraint failed: (.+)$/s.exec(message) ?? []
  if (what === 'NOT NULL') return NULLS_IN_THE_WAY
  if (what === 'CHECK') return ROWS_BREAK_IT
  if (message === 'datatype mismatch') {
    return 'rows hold NULL, or what is no integer, in the column that becomes the key: mend them first, ' +
      'or say with `using` what they become'
  }
  const [, strict, column] = /^cannot store \w+ value in \w+ column (.+)\.(.+)$/s.exec(message) ?? []
  if (column !== undefined) {
    return `rows hold others: SELECT typeof(${spelling.name(column)}), count(*) FROM ${
      spelling.name(strict!)
    } GROUP BY 1`
  }
  const columns = names?.split(', ').map((one) => one.slice(one.indexOf('.') + 1))
  if (columns === undefined || names!.startsWith('index ')) return undefined
  const [table] = names!.split('.')
  const list = columns.map(spelling.name).join(', ')
  return `rows have the same: SELECT ${list}, count(*) FROM ${
    spelling.name(table!)
  } GROUP BY ${list} HAVING count(*) > 1`
}

/** What to do about what SQLite says of a statement. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [LEFT_BEHIND, 'a script that was broken off left it: see what it holds, then drop it'],
  [/^Cannot add a NOT NULL column with default value NULL/, ROWS_NEED_A_VALUE],
  [
    /^error in (?:view|trigger) [^:]+ after rename: /,
    'it reads the column from a view or a subquery, which shows it under its new name: drop it before, and create it anew after',
  ],
]

/** SQLite reads the whole schema before it renames anything. What it broke itself it calls so `after rename`. */
function brokenBefore(message: string): string | undefined {
  // A rename breaks no index.
  const text = message.replace(/^(error in index [^:]+?) after rename: /, '$1: ')
  const [, what, kind] = /^error in ((view|trigger|table|index) [^:]+?): /.exec(text) ?? []
  if (what === undefined || / after \w+( \w+)?$/.test(what)) return undefined
  const anew = kind === 'table' ? 'the constraint that holds it' : 'it'
  return `it was so before this: drop ${anew} and create it anew, first; strings stand in single quotes`
}

/** What a server, or something before it, answers to any request of ours: asking again does not help. */
const REFUSALS = /HTTP status 4(?!08|25|29)\d\d/

function notReached(target: Target, code: string, why: string, details: FaultDetails): never {
  const unauthorized = code.startsWith('AUTH_') || /HTTP status 40[13]/.test(why)
  const problem = unauthorized ? 'unauthorized' : REFUSALS.test(why) ? 'refused' : 'unreachable'
  return fault(problem, `the database ${place(target)} cannot be reached: ${why}`, {
    ...details,
    exit: EXIT.unreachable,
    hint: unauthorized ? 'give the token as ?authToken=… or in LIBSQL_AUTH_TOKEN' : undefined,
  })
}

/** A stream that a server gave up, and the transaction in it with it (sqld's src/hrana/http and src/connection). */
function isStreamLost(code: string, text: string): boolean {
  return /^(TRANSACTION_(CLOSED|TIMEOUT)|STREAM_\w+)$/.test(code) ||
    /stream (?:handle )?(?:not found|expired|has expired|is closed)|transaction timed-?out|invalid baton/i
      .test(text)
}

/** As {@link Dialect.transience} says. */
export function transience(error: ProblemError): Transience | undefined {
  switch (error.problems[0]?.code) {
    case 'busy':
    case 'lease-lost':
    case 'table-moved':
      return 'blocked'
    case 'connection-lost':
    case 'unreachable':
      return 'lost'
    default:
      return undefined
  }
}

/** The path or URL for messages. */
export function place(target: Target): string {
  return target.kind === 'file'
    ? `"${target.path}"`
    : target.kind === 'memory'
    ? 'in memory'
    : `"${target.shown}"`
}

function hideSecrets(text: string, target: Target): string {
  if (target.kind !== 'remote' || target.authToken === undefined) return text
  return text.replaceAll(target.authToken, '***').replaceAll(encodeURIComponent(target.authToken), '***')
}

/**
 * Errors of the network and of the protocol, as opposed to what the database says of a statement. An answer without a
 * code is that of a server that could not get at the database, unless it speaks of SQL as old ones do.
 */
function isTransport(code: string, error: unknown): boolean {
  if (error instanceof TypeError || code === 'SERVER_ERROR' || /^(HRANA|AUTH)_/.test(code)) return true
  return code === 'UNKNOWN' && error instanceof Error && !/SQL/.test(error.message)
}

/** Why fetch failed: the network's own words are in the cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && cause.message !== '' ? cause.message : ''
}
