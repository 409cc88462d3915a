/** Rows whose foreign keys point nowhere, before and after a change made with foreign keys off. */
import { fault } from '../../problem.ts'
import type { Row } from '../dialect.ts'
import { string } from '../ansi.ts'
import { driverError } from './failure.ts'

export interface Violation {
  readonly table: string
  /** Null in a WITHOUT ROWID table. */
  readonly rowid: string | null
  readonly parent: string
  readonly columns: string
}

/** A transaction with foreign keys off: how they were, and the violations that are not its fault. */
export interface Rebuilding {
  readonly foreignKeys: boolean
  readonly before: Checked
}

/** The violations at a time, and the names of the tables and of their columns then, where there are any. */
interface Checked {
  readonly found: readonly Violation[]
  readonly names: ReadonlySet<string>
}

export const NO_VIOLATIONS: Checked = { found: [], names: new Set() }

type Query = (sql: string) => Promise<readonly Row[]>

/** The rows of `PRAGMA foreign_key_check` with the columns of the constraint that each violates. */
function check(source: string): string {
  const columns =
    `(SELECT group_concat("from", ', ') FROM pragma_foreign_key_list(found."table") key WHERE key.id = found.fkid)`
  return `SELECT found."table" AS child, CAST(found."rowid" AS TEXT) AS row, found.parent, ${columns} AS columns FROM ${source} found`
}

/**
 * The violations in the database.
 * @param query runs a statement inside the transaction
 * @returns also the tables whose keys cannot be checked at all (they point to columns that are not unique): nothing can
 *   be inserted in them with foreign keys on, so that they are one violation each
 */
export async function violations(query: Query): Promise<Checked> {
  const found = await findAll(query)
  return { found, names: new Set(found.length === 0 ? [] : await namesOf(query)) }
}

async function namesOf(query: Query): Promise<readonly string[]> {
  const rows = await query(
    `SELECT s.name AS "table", c.name AS "column" FROM sqlite_schema s, pragma_table_xinfo(s.name) c WHERE s.type = 'table'`,
  )
  return rows.flatMap((row) => [nameOf(String(row.table)), nameOf(String(row.table), String(row.column))])
}

function nameOf(...parts: readonly string[]): string {
  return JSON.stringify(parts).toLowerCase()
}

async function findAll(query: Query): Promise<readonly Violation[]> {
  try {
    return (await query(check('pragma_foreign_key_check'))).map(toViolation)
  } catch (error) {
    if (!isMismatch(error)) throw error
  }
  const tables = await query(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%references%'`,
  )
  const found: Violation[] = []
  for (const { name } of tables) found.push(...await violationsOf(String(name), query))
  return found
}

function isMismatch(error: unknown): boolean {
  return driverError(error).message.includes('foreign key mismatch')
}

async function violationsOf(table: string, query: Query): Promise<readonly Violation[]> {
  try {
    return (await query(check(`pragma_foreign_key_check(${string(table)})`))).map(toViolation)
  } catch (error) {
    if (!isMismatch(error)) throw error
    const parent = /referencing "(.*)"/.exec(driverError(error).message)?.[1] ?? ''
    return [{ table, rowid: null, parent, columns: '' }]
  }
}

function toViolation(row: Row): Violation {
  return {
    table: String(row.child),
    rowid: row.row === null ? null : String(row.row),
    parent: String(row.parent),
    columns: String(row.columns ?? ''),
  }
}

/** Those of `after` that were not there before, under the names that tables and columns had then. */
export function newViolations(before: Checked, after: Checked): readonly Violation[] {
  const whole = (one: Violation) => JSON.stringify(one)
  const come = without(after.found, before.found, whole, () => true)
  if (come.length === 0 || before.found.length === 0) return come
  const gone = without(before.found, after.found, whole, () => true)
  const isRenamed = (now: Violation, then: Violation) => isSame(now, then, after.names, before.names)
  return without(come, gone, ({ rowid }) => String(rowid), isRenamed)
}

/** The first list without those that pair with one of the second, each with one. */
function without(
  list: readonly Violation[],
  others: readonly Violation[],
  key: (one: Violation) => string,
  pairs: (one: Violation, other: Violation) => boolean,
): readonly Violation[] {
  const left = new Map<string, Violation[]>()
  for (const other of others) {
    const same = left.get(key(other))
    if (same === undefined) left.set(key(other), [other])
    else same.push(other)
  }
  return list.filter((one) => {
    const candidates = left.get(key(one)) ?? []
    const at = candidates.findIndex((other) => pairs(one, other))
    if (at !== -1) candidates.splice(at, 1)
    return at === -1
  })
}

/** Whether it may be the same violation: what is called otherwise now was not there, and what it was called is gone. */
function isSame(
  now: Violation,
  then: Violation,
  names: ReadonlySet<string>,
  namesThen: ReadonlySet<string>,
): boolean {
  const isRenamed = (name: string, nameThen: string) => !namesThen.has(name) && !names.has(nameThen)
  const isTable = (one: string, other: string) => one === other || isRenamed(nameOf(one), nameOf(other))
  const columnsThen = then.columns.split(', ')
  const columns = now.columns.split(', ')
  return isTable(now.table, then.table) && isTable(now.parent, then.parent) &&
    columns.length === columnsThen.length &&
    columns.every((one, i) =>
      one === columnsThen[i] || isRenamed(nameOf(then.table, one), nameOf(now.table, columnsThen[i]!))
    )
}

const SHOWN = 10

/** @throws `foreign-key-violation`, naming the first rows */
export function faultViolations(found: readonly Violation[]): never {
  const rows = found.length === 1 ? 'a row points' : `${found.length} rows point`
  const notes = found.slice(0, SHOWN).map(inWords)
  if (found.length > SHOWN) notes.push(`and ${found.length - SHOWN} more`)
  return fault('foreign-key-violation', `${rows} to nothing after the change, which was rolled back`, {
    notes,
    hint: 'correct or delete these rows first, in the same revision if need be; ' +
      'ON DELETE does not act in a revision that rebuilds a table; use a revision of its own',
  })
}

function inWords({ table, rowid, parent, columns }: Violation): string {
  if (columns === '') return `"${table}" has a foreign key to "${parent}" that does not match a key of it`
  const row = rowid === null ? `a row of "${table}"` : `"${table}" row ${rowid}`
  return `${row}: (${columns}) is not in "${parent}"`
}
