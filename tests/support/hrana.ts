/**
 * A libSQL server for tests: the Hrana protocol over HTTP (version 2, `POST /v2/pipeline`,
 * https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_2_SPEC.md) in front of a local database file. It refuses
 * what libSQL's own server refuses: pragmas that change a connection, temporary tables, several statements in one.
 */
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import { split } from '../../src/dialect/split.ts'

interface NativeStatement {
  raw(on: boolean): NativeStatement
  safeIntegers(on: boolean): NativeStatement
  columns(): readonly { readonly name: string; readonly type: string | null }[]
  all(...values: unknown[]): readonly (readonly unknown[])[]
  run(...values: unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint }
}

interface Native {
  readonly inTransaction: boolean
  prepare(sql: string): NativeStatement
  close(): void
}

interface Stream {
  readonly db: Native
  readonly texts: Map<number, string>
  /** When it was last heard of. */
  heard: number
}

/** What goes wrong with a request: it is answered late, refused, or cut off before or after the work was done. */
export type Trouble = { readonly late: number } | 'refused' | 'cut-before' | 'cut-after'

/** Says of a request what goes wrong with it, if anything does. @param number counts from 1 */
export type Troubles = (number: number) => Trouble | undefined

/** A stream that is not heard of for so long is given up, and its transaction rolled back: libSQL's own server waits 10 s. */
const PATIENCE_MS = 400

type Json = Readonly<Record<string, unknown>>

export interface HranaServer {
  readonly url: string
  /** How many requests came in: round trips. */
  requests(): number
  close(): Promise<void>
}

/**
 * Serves the database file on a free port of this machine.
 * @param token what `Authorization: Bearer` must say; absent: anybody may
 */
export async function serve(
  file: string,
  token?: string,
  troubles: Troubles = () => undefined,
): Promise<HranaServer> {
  const Database = nativeDriver()
  const streams = new Map<string, Stream>()
  let count = 0
  const answered = (headers: IncomingMessage, body: string): [number, Json] =>
    token !== undefined && headers.headers.authorization !== `Bearer ${token}`
      ? [401, { message: 'Unauthorized: `the token is not valid`', code: 'AUTH_JWT_INVALID' }]
      : headers.url === '/v2/pipeline'
      ? [200, pipeline(JSON.parse(body), streams, () => new Database(file))]
      : [404, { message: 'not found' }]
  const server = createServer(async (request, response) => {
    const trouble = troubles(++count)
    const body = await text(request)
    if (trouble === 'cut-before') return void request.socket.destroy()
    if (typeof trouble === 'object') await new Promise((resolve) => setTimeout(resolve, trouble.late))
    const [status, answer] = trouble === 'refused'
      ? [503, { message: 'busy' }] as const
      : answered(request, body)
    if (trouble === 'cut-after') return void request.socket.destroy()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  const sweeping = setInterval(() => giveUp(streams), PATIENCE_MS / 4)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => count,
    async close() {
      clearInterval(sweeping)
      for (const { db } of streams.values()) db.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function giveUp(streams: Map<string, Stream>): void {
  for (const [baton, { db, heard }] of streams) {
    if (performance.now() - heard < PATIENCE_MS) continue
    streams.delete(baton)
    db.close()
  }
}

/** The addon under `@libsql/client`, which is no dependency of its own here. */
function nativeDriver(): new (file: string) => Native {
  return createRequire(createRequire(import.meta.url).resolve('@libsql/client'))('libsql')
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function pipeline(body: Json, streams: Map<string, Stream>, open: () => Native): Json {
  const baton = typeof body.baton === 'string' ? body.baton : crypto.randomUUID()
  const known = streams.get(baton)
  if (known === undefined && typeof body.baton === 'string') {
    const error = { code: 'STREAM_EXPIRED', message: 'The stream has expired due to inactivity' }
    const results = (body.requests as readonly Json[]).map(() => ({ type: 'error', error }))
    return { baton: null, base_url: null, results }
  }
  const stream = known ?? { db: open(), texts: new Map(), heard: 0 }
  stream.heard = performance.now()
  streams.set(baton, stream)
  let closed = false
  const results = (body.requests as readonly Json[]).map((request) => {
    if (request.type === 'close') closed = true
    try {
      return { type: 'ok', response: { type: request.type, ...answer(request, stream) } }
    } catch (error) {
      return { type: 'error', error: refusal(error) }
    }
  })
  if (closed) {
    streams.delete(baton)
    stream.db.close()
  }
  return { baton: closed ? null : baton, base_url: null, results }
}

function answer(request: Json, stream: Stream): Json {
  switch (request.type) {
    case 'execute':
      return { result: execute(request.stmt as Json, stream) }
    case 'batch':
      return { result: batch((request.batch as Json).steps as readonly Json[], stream) }
    case 'sequence':
      for (const { text } of split(sqlOf(request, stream), 'sqlite')) execute({ sql: text }, stream)
      return {}
    case 'store_sql':
      stream.texts.set(Number(request.sql_id), String(request.sql))
      return {}
    case 'close_sql':
      stream.texts.delete(Number(request.sql_id))
      return {}
    default:
      return {}
  }
}

function sqlOf(statement: Json, stream: Stream): string {
  return typeof statement.sql === 'string' ? statement.sql : stream.texts.get(Number(statement.sql_id))!
}

const REFUSED = /^\s*(pragma\s+(legacy_alter_table|busy_timeout|query_only)\s*=|create\s+temp|attach|vacuum)/i

function execute(statement: Json, stream: Stream): Json {
  const sql = parsed(sqlOf(statement, stream))
  const values = ((statement.args ?? []) as readonly Json[]).map(fromJson)
  const prepared = stream.db.prepare(sql).safeIntegers(true)
  if (!returnsRows(prepared)) {
    const { changes, lastInsertRowid } = prepared.run(...values)
    return { cols: [], rows: [], affected_row_count: changes, last_insert_rowid: String(lastInsertRowid) }
  }
  const rows = prepared.all(...values).map((row) => row.map(toJson))
  const cols = prepared.columns().map(({ name, type }) => ({ name, decltype: type }))
  return { cols, rows, affected_row_count: 0, last_insert_rowid: null }
}

/** The addon knows it, but says it only by refusing `raw`. */
function returnsRows(prepared: NativeStatement): boolean {
  try {
    prepared.raw(true)
    return true
  } catch {
    return false
  }
}

/** @throws what the server's parser refuses */
function parsed(sql: string): string {
  if (REFUSED.test(sql)) {
    throw new SqlError('SQL_PARSE_ERROR', `SQL string could not be parsed: unsupported statement: ${sql}`)
  }
  if (split(sql, 'sqlite').length > 1) {
    throw new SqlError('SQL_MANY_STATEMENTS', 'SQL string contains more than one statement')
  }
  return sql
}

/** All steps are parsed before the first is run: one that cannot be parsed fails the whole batch. */
function batch(steps: readonly Json[], stream: Stream): Json {
  for (const step of steps) {
    const sql = parsed(sqlOf(step.stmt as Json, stream))
    try {
      stream.db.prepare(sql)
    } catch (error) {
      const message = error instanceof Error ? error.message : ''
      if (message.includes('syntax error')) {
        throw new SqlError('SQL_PARSE_ERROR', `SQL string could not be parsed: ${message}`)
      }
    }
  }
  const results: (Json | null)[] = []
  const errors: (Json | null)[] = []
  steps.forEach((step, i) => {
    results[i] = errors[i] = null
    if (step.condition && !holds(step.condition as Json, results, errors, stream)) return
    try {
      results[i] = execute(step.stmt as Json, stream)
    } catch (error) {
      errors[i] = refusal(error)
    }
  })
  return { step_results: results, step_errors: errors }
}

function holds(
  condition: Json,
  results: readonly unknown[],
  errors: readonly unknown[],
  stream: Stream,
): boolean {
  const each = (one: unknown) => holds(one as Json, results, errors, stream)
  if (condition.type === 'ok') return results[Number(condition.step)] !== null
  if (condition.type === 'error') return errors[Number(condition.step)] !== null
  if (condition.type === 'not') return !each(condition.cond)
  if (condition.type === 'and') return (condition.conds as readonly Json[]).every(each)
  if (condition.type === 'or') return (condition.conds as readonly Json[]).some(each)
  return !stream.db.inTransaction
}

class SqlError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

function refusal(error: unknown): Json {
  if (error instanceof SqlError) return { code: error.code, message: error.message }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'SQLITE_UNKNOWN'
  const message = error instanceof Error ? error.message : String(error)
  return { code: code.split('_').slice(0, 2).join('_'), message: `SQLite error: ${message}` }
}

function toJson(value: unknown): Json {
  if (value === null) return { type: 'null' }
  if (typeof value === 'bigint') return { type: 'integer', value: String(value) }
  if (typeof value === 'number') return { type: 'float', value }
  if (typeof value === 'string') return { type: 'text', value }
  return { type: 'blob', base64: Buffer.from(value as Uint8Array).toString('base64') }
}

function fromJson(value: Json): unknown {
  if (value.type === 'null') return null
  if (value.type === 'integer') return BigInt(String(value.value))
  return value.type === 'blob' ? Buffer.from(String(value.base64), 'base64') : value.value
}
