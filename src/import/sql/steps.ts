/** SQL as steps of a revision: operations where those say exactly the same, else `execute`. */
import { WRITTEN_DURATION } from '../../duration.ts'
import type { DialectName } from '../../model/model.ts'
import { split } from '../../dialect/split.ts'
import type { SplitStatement } from '../../dialect/split.ts'
import type { Span } from '../../problem.ts'
import { operationsOf } from './operations.ts'
import type { Operation } from '../../ops/index.ts'
import type { Step } from '../imported.ts'

/** Where the texts come from, and where to put what is no operation. */
export interface Around {
  /** @param offset in the text, in characters */
  at(offset: number): Span
  /** lock_timeout, statement_timeout. */
  readonly settings: Map<string, string>
  note(message: string, at: Span): void
  /** Why a person has to put the statement otherwise; undefined when it is as it is run. */
  wrong?(statement: string): string | undefined
}

const TIMEOUT = /^SET (?:SESSION |LOCAL )?(LOCK_TIMEOUT|STATEMENT_TIMEOUT) (?:=|TO)$/
const CONTROL =
  /^(BEGIN|COMMIT|END|START)( DEFERRED| IMMEDIATE| EXCLUSIVE)?( TRANSACTION| WORK)?( AND( NO)? CHAIN)?$/
/** As pg_dump writes it, and by hand. */
const NO_PATH =
  /^(SELECT (PG_CATALOG \. )?SET_CONFIG \( 'search_path' , '' , (true|false) \)|SET (SESSION |LOCAL )?SEARCH_PATH (TO|=) '')$/i
/** With its rows, as pg_dump writes them: up to the line that ends them. */
const COPY = /^COPY\s[^;]*?\sFROM\s+STDIN\b[^;]*;[^\n]*\n(?:[^]*?\n)??\\\.[ \t]*\r?$/im
const FOREIGN_KEYS = /^PRAGMA FOREIGN_KEYS/

function words({ tokens }: SplitStatement): string {
  return tokens.map((one) => one.key).join(' ').trim()
}

/**
 * The statements of a text. Timeouts become settings; BEGIN and COMMIT are left out, since limbeck begins and ends
 * transactions.
 */
export function stepsOf(sql: string, dialect: DialectName, around: Around): Step[] {
  const copy = COPY.exec(sql)
  if (copy !== null) {
    const at = around.at(copy.index)
    const end = copy.index + copy[0].length
    const after = { ...around, at: (offset: number) => around.at(end + offset) }
    return [
      ...stepsOf(sql.slice(0, copy.index), dialect, around),
      { operation: todo(COPY_WHY, copy[0], at), at },
      ...stepsOf(sql.slice(end), dialect, after),
    ]
  }
  return split(sql, dialect).flatMap((statement): Step[] => {
    const spoken = words(statement)
    const at = around.at(statement.tokens[0]!.start)
    if (timeout(statement, spoken, around, at)) return []
    if (CONTROL.test(spoken)) {
      around.note(`${spoken} is left out: limbeck begins and ends transactions`, at)
      return []
    }
    if (NO_PATH.test(statement.tokens.map((one) => one.text).join(' '))) {
      around.note(NO_PATH_NOTE, at)
      return []
    }
    if (FOREIGN_KEYS.test(spoken)) {
      around.note(PRAGMA, at)
      return []
    }
    const why = around.wrong?.(statement.text)
    if (why !== undefined) return [{ operation: todo(why, statement.text, at), at }]
    const operations = operationsOf(statement, dialect)
    const raw = { sql: tidy(statement, sql) }
    if (operations === undefined) return [{ operation: { op: 'execute', ...raw }, at }]
    return operations.map((operation) => ({ operation, at, raw }))
  })
}

/** Stands for what a person has to write. */
export function todo(why: string, source: string, { file, line }: Span): Operation {
  return { op: 'todo', why, ...(file === '' ? {} : { file: `${file}:${line}` }), source: source.trimEnd() }
}

const COPY_WHY = 'the rows of COPY stand in the file, and only psql sends them: write bulk_insert'
const NO_PATH_NOTE =
  'the empty search_path is left out: the names of the default schema are written without it'
const PRAGMA = 'PRAGMA foreign_keys is left out: limbeck turns foreign keys off around a rebuild of a table'

/** Whether the statement sets a timeout: it becomes a setting of the revision. */
function timeout({ tokens }: SplitStatement, spoken: string, around: Around, at: Span): boolean {
  const match = TIMEOUT.exec(tokens.slice(0, -1).map((one) => one.key).join(' '))
  if (match === null) return /^RESET (LOCK_TIMEOUT|STATEMENT_TIMEOUT)$/.test(spoken)
  const name = match[1]!.toLowerCase()
  const written = tokens.at(-1)!.text.replace(/^'(.*)'$/, '$1').trim()
  if (!new RegExp(WRITTEN_DURATION).test(written)) return false
  const value = pretty(written)
  const known = around.settings.get(name)
  if (known === undefined) around.settings.set(name, value)
  else if (known !== value) {
    around.note(`${name} is set more than once; the first value, ${known}, is taken`, at)
  }
  return true
}

function pretty(written: string): string {
  if (!/^\d+$/.test(written)) return written
  const ms = Number(written)
  return ms > 0 && ms % 1000 === 0 ? `${ms / 1000}s` : ms === 0 ? '0' : `${ms}ms`
}

/** The text with the indentation that its lines share taken off, unless a line is inside a text of SQL. */
function tidy({ text, tokens, offset }: SplitStatement, sql: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd())
  if (lines.length === 1 || tokens.some((one) => one.kind === 'string' && one.text.includes('\n'))) {
    return text
  }
  const before = sql.slice(sql.lastIndexOf('\n', offset - 1) + 1, offset)
  const first = before.trim() === '' ? before.length : 0
  const indents = lines.slice(1).filter((line) => line !== '').map((line) => /^\s*/.exec(line)![0].length)
  const shared = Math.min(...indents, first === 0 ? Infinity : first)
  return lines.map((line, i) => i === 0 ? line : line.slice(shared)).join('\n')
}
