/**
 * Views and triggers that name what is not there: SQLite makes them all the same
 * (https://sqlite.org/lang_createview.html), and only who reads the view or writes to the table is told, or who renames
 * anything. So each is compiled once when it is made, and not run.
 */
import { didYouMean, fault, ProblemError } from '../../problem.ts'
import type { Row } from '../dialect.ts'
import { string } from '../ansi.ts'
import { unquoted } from '../../model/sql-tokens.ts'
import { failedSql } from './failed-sql.ts'
import { TEMPORARY } from './failure.ts'
import type { Running } from './failed-sql.ts'
import { spelling } from './spelling.ts'
import { beginsWith, identifierOf, isName, tokenize } from './tokens.ts'
import type { Token } from './tokens.ts'

/** Where it was made. */
interface Place {
  query(sql: string): Promise<readonly Row[]>
  /** Runs a statement, whose rows are no matter, and leaves nothing of it: SQLite commits nothing while an EXPLAIN is open. */
  compile(sql: string): Promise<void>
}

const MAKES_ONE = beginsWith(String.raw`create\s+(?:temp(?:orary)?\s+)?(?:view|trigger)`)

/** Whether the statement makes a view or a trigger. */
export function makesCode(sql: string): boolean {
  return MAKES_ONE.test(sql)
}

/** Whether these rebuild a table: the triggers that they make were there before, right or wrong. */
export function rebuildTable(statements: readonly { readonly sql: string }[]): boolean {
  return statements.some(({ sql }) => sql.includes(TEMPORARY.replacement) || sql.includes(TEMPORARY.copy))
}

/**
 * Looks at a view or a trigger that was just made. What may be there for others is no matter: tables that come later,
 * functions of a program, what stands in double quotes and is a string to other builds of SQLite.
 * @throws `sql-failed` at the name that is not there
 */
export async function checkMade(place: Place, made: Running & { readonly sql: string }): Promise<void> {
  const tokens = tokenize(made.sql)
  for (const probe of await probesOf(place, tokens)) {
    try {
      await place.compile(probe)
    } catch (error) {
      const [problem] = error instanceof ProblemError ? error.problems : []
      if (problem?.code !== 'sql-failed') throw error
      const name = missing(problem.message, tokens)
      if (name === undefined) continue
      const columns = await columnsOf(place, tokens)
      const near = didYouMean(name, columns)
      fault('sql-failed', problem.message, {
        ...failedSql({ message: problem.message, code: problem.sql?.code ?? '', offset: undefined }, made),
        hint: near === undefined || near === name
          ? 'SQLite makes it all the same, but it fails whenever it is used'
          : `did you mean "${near}"?`,
      })
    }
  }
}

const EVENTS: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE'])

/** What compiles it. Reading none of a view's rows is nothing to do, nor is EXPLAIN, which compiles triggers, too. */
async function probesOf(place: Place, tokens: readonly Token[]): Promise<readonly string[]> {
  const kind = tokens.findIndex(({ key }) => key === 'VIEW' || key === 'TRIGGER')
  const start = tokens[kind + 1]?.key === 'IF' ? kind + 4 : kind + 1
  const at = tokens[start + 1]?.key === '.' ? start + 2 : start
  const named = tokens[at]
  if (!isName(named)) return []
  const name = unquoted(named)
  if (tokens[kind]!.key === 'VIEW') return [`SELECT * FROM ${spelling.name(name)} LIMIT 0`]
  const event = tokens.slice(at + 1).find(({ key }) => EVENTS.has(key))?.key
  const rows = await place.query(
    `SELECT tbl_name AS name, c.name AS col FROM sqlite_schema s, pragma_table_info(s.tbl_name) c ` +
      `WHERE s.type = 'trigger' AND s.name = ${string(name)} COLLATE NOCASE`,
  )
  if (rows[0] === undefined) return []
  const table = spelling.name(String(rows[0].name))
  if (event === 'DELETE') return [`EXPLAIN DELETE FROM ${table}`]
  if (event === 'INSERT') return [`EXPLAIN INSERT INTO ${table} DEFAULT VALUES`]
  const set = rows.map(({ col }) => spelling.name(String(col))).map((one) => `${one} = ${one}`)
  return [`EXPLAIN UPDATE ${table} SET ${set.join(', ')}`]
}

const MISSING = /^(?:no such column|ambiguous column name|table .+ has no column named):? (.+)$/s

/** The name that SQLite does not find, where it is the text's own: else another view's or trigger's is wrong. */
function missing(message: string, tokens: readonly Token[]): string | undefined {
  const [, whole] = MISSING.exec(message) ?? []
  if (whole === undefined) return undefined
  const name = whole.slice(whole.lastIndexOf('.') + 1)
  const own = tokens.filter((token) => identifierOf(token) === name.toLowerCase())
  const isString = !whole.includes('.') && own.some(({ text }) => text.startsWith('"'))
  return own.length === 0 || isString ? undefined : name
}

/** The columns of the tables that the text names. */
async function columnsOf(place: Place, tokens: readonly Token[]): Promise<readonly string[]> {
  const names = new Set(tokens.flatMap((token) => identifierOf(token) ?? []))
  const rows = await place.query(
    `SELECT s.name AS "table", c.name AS col FROM sqlite_schema s, pragma_table_xinfo(s.name) c WHERE s.type = 'table'`,
  )
  return rows.filter((row) => names.has(String(row['table']).toLowerCase())).map(({ col }) => String(col))
}
