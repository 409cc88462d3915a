/** What the server and the driver report, as problems. */
import { EXIT, fault } from '../../problem.ts'
import { ownValue } from '../../own-value.ts'
import type { Problem, ProblemError } from '../../problem.ts'
import type { Transience } from '../dialect.ts'
import { NULLS_IN_THE_WAY, ROWS_BREAK_IT, ROWS_NEED_A_VALUE } from '../rows-in-the-way.ts'
import { unreachableServer } from './socket.ts'
import type { Target } from './url.ts'

/** The fields of an ErrorResponse (manual, "Error and Notice Message Fields") as the driver names them. */
interface ServerError extends Error {
  readonly code: string
  readonly severity?: string
  readonly severity_local?: string
  readonly position?: string
  readonly detail?: string
  readonly hint?: string
  readonly where?: string
  readonly internal_query?: string
  readonly schema_name?: string
  readonly table_name?: string
  readonly column_name?: string
  readonly constraint_name?: string
}

/** Whether the server itself said it. The driver's class is not imported: it would load the driver. */
function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && error.name === 'PostgresError'
}

/** The driver's codes for a connection that is gone. */
const GONE = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
])

/** With which a server ends the connection itself (manual, "Message Severity Levels"). */
const LAST_WORDS = new Set(['FATAL', 'PANIC'])

/**
 * Whether the connection is gone for good. What a server says of a connection of its own to another one (a foreign table's)
 * has the same codes, and is an error like any other.
 */
export function endsConnection(error: unknown): boolean {
  if (!isServerError(error)) return GONE.has(codeOf(error))
  // A pooler says it in the one field that every server has had.
  return LAST_WORDS.has(error.severity ?? error.severity_local ?? '')
}

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

/**
 * Stops with a statement's failure.
 * @param index which of the statements run together it is
 * @throws `sql-failed` with the statement, the position in it and what the server adds; `connection-lost` (exit 5)
 */
export function failed(error: unknown, text: string, index: number): never {
  return failedAt(error, text, index, positionIn(error, text))
}

/** As {@link failed}. @param at where in the text it is, if that is known */
export function failedAt(error: unknown, text: string, index: number, at: number | undefined): never {
  const code = codeOf(error)
  if (endsConnection(error)) {
    return fault(
      'connection-lost',
      `the connection to the database was lost${isServerError(error) ? `: ${error.message}` : ''}`,
      {
        hint: 'what was in an open transaction is rolled back; run the command again',
        sql: { text, index },
        exit: EXIT.unreachable,
        cause: error,
      },
    )
  }
  if (!isServerError(error)) throw error
  const notes = notesOf(error)
  const hint = rowsInTheWay(error, text) ?? valueOfNoEnum(error) ?? keptOut(error) ??
    ownValue(HINTS, code) ?? ownValue(HINTS, error.message)
  return fault('sql-failed', error.message, {
    sql: { text, index, code, ...(at === undefined ? {} : { position: at }) },
    ...(hint === undefined ? {} : { hint }),
    ...(notes.length === 0 ? {} : { notes }),
    cause: error,
  })
}

/** What to do about what is neither the fault of the SQL nor of the rows, by SQLSTATE or message. */
const HINTS: Readonly<Record<string, string>> = {
  '25006': 'connect to the primary, as a user without default_transaction_read_only',
  '42501':
    'the role of the URL may not do that: GRANT it the right, or connect as the owner, or as a member of that role',
  '55P03':
    'SELECT pid, pg_blocking_pids(pid) FROM pg_stat_activity shows who waits for whom, pg_prepared_xacts who is gone; ' +
    '`settings: { lock_timeout: … }` says how long to wait',
  'no schema has been selected to create in':
    'no schema of the search_path is there, or the user may not use it: see its `options` in the URL, and the role',
  'canceling statement due to statement timeout':
    '`settings: { statement_timeout: … }` in limbeck.yaml or in the revision, else ALTER ROLE … SET, say how long it may take',
}

/** lock_not_available, deadlock_detected, serialization_failure: the transaction may go well another time. */
const BLOCKED = new Set(['55P03', '40P01', '40001'])

/** cannot_connect_now: starting, stopping, recovering. too_many_connections: some will end. */
const NOT_YET = new Set(['57P03', '53300'])

/** A standby may become the primary. */
const UNANSWERED = new Set(['no-server', 'no-such-host', 'timeout', 'read-only'])

/** As {@link Dialect.transience} says. */
export function transience(error: ProblemError): Transience | undefined {
  const [problem] = error.problems
  if (problem === undefined) return undefined
  const { code, sql } = problem
  if (code === 'connection-lost') return 'lost'
  if (code === 'sql-failed' && BLOCKED.has(sql?.code ?? '')) return 'blocked'
  return UNANSWERED.has(code) || (code === 'refused' && NOT_YET.has(codeOf(error.cause)))
    ? 'unanswered'
    : undefined
}

/**
 * Where in a text the server found an error. It counts characters (code points) from 1; a JavaScript text is indexed by
 * UTF-16 units.
 */
export function positionIn(error: unknown, text: string): number | undefined {
  if (!isServerError(error) || error.position === undefined) return undefined
  return [...text].slice(0, Number(error.position) - 1).join('').length
}

/** What to do about a text that is no value of its enum; 22P02 is said of numbers and dates, too. */
function valueOfNoEnum({ code, message }: ServerError): string | undefined {
  if (code !== '22P02' || !message.startsWith('invalid input value for enum ')) return undefined
  return 'give the type the value before, with `add_enum_value`, or write one that it has'
}

/** What to do about a row that no policy lets in: that is insufficient_privilege, too. */
function keptOut({ code, message }: ServerError): string | undefined {
  if (code !== '42501' || !message.includes('row-level security policy')) return undefined
  return 'its policies hold for the role of the URL, and with FORCE for the owner: write a row that they let in, or ' +
    'run as a role with BYPASSRLS'
}

/** What to do about rows that a change of their table cannot take. */
function rowsInTheWay({ code, message }: ServerError, sql: string): string | undefined {
  if (code === '23502' && /contains null values$/.test(message)) {
    return / ADD COLUMN /.test(sql) ? ROWS_NEED_A_VALUE : NULLS_IN_THE_WAY
  }
  return code === '23514' && /is violated by some row$/.test(message) ? ROWS_BREAK_IT : undefined
}

function notesOf(error: ServerError): NonNullable<Problem['notes']> {
  const relation = [error.schema_name, error.table_name].filter((part) => part !== undefined).join('.')
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['detail', error.detail],
    ['hint', error.hint],
    ['where', error.where],
    ['query', error.internal_query],
    ['table', relation === '' ? undefined : relation],
    ['column', error.column_name],
    ['constraint', error.constraint_name],
  ]
  return lines.flatMap(([label, value]) => value === undefined || value === '' ? [] : [`${label}: ${value}`])
}

/**
 * Stops with what the server said to a new connection.
 * @param passwordNote why a password file was not used
 * @throws `wrong-password`, `no-such-database`, `refused`, `connection-lost` (exit 5)
 */
export function notAdmitted(error: unknown, name: string, target: Target, passwordNote?: string): never {
  const message = error instanceof Error ? error.message : String(error)
  const code = codeOf(error)
  if (!isServerError(error)) {
    // No code: a mistake in a program, not something that a server or a network did.
    if (code === '') throw error
    return unreachableServer(
      'no-server',
      `the server at "${name}" ended the connection: ${message}`,
      'see its log',
      error,
    )
  }
  if (code === '28P01' || (code === '28000' && /password/.test(message))) {
    const how = target.password === undefined && passwordNote === undefined ? 'give one' : 'check it'
    return unreachableServer(
      'wrong-password',
      `the server at "${name}" did not accept the password of user "${target.user}"`,
      passwordNote ?? `${how}: in the URL, in PGPASSWORD or in the password file`,
      error,
    )
  }
  if (code === '3D000') {
    const hint = `create it: createdb ${target.database}`
    return unreachableServer(
      'no-such-database',
      `there is no database "${target.database}" at "${name}"`,
      hint,
      error,
    )
  }
  return unreachableServer(
    'refused',
    `the server at "${name}" refused the connection: ${message}`,
    hintFor(code),
    error,
  )
}

function hintFor(code: string): string {
  if (code === '28000') {
    return 'its pg_hba.conf decides who may connect from where, and whether with SSL (sslmode)'
  }
  if (code === '53300') return 'all its connections are taken: end some, or raise max_connections'
  if (code === '57P03') return 'it is starting or stopping: try again in a moment'
  return 'see the log of the server'
}
