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
  readonly before: readonly Violation[]
}

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
export async function violations(query: Query): Promise<readonly Violation[]> {
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

/** Those of `after` that were not there before. */
export function newViolations(
  before: readonly Violation[],
  after: readonly Violation[],
): readonly Violation[] {
  const known = new Map<string, number>()
  for (const one of before) known.set(JSON.stringify(one), (known.get(JSON.stringify(one)) ?? 0) + 1)
  return after.filter((one) => {
    const key = JSON.stringify(one)
    const left = known.get(key) ?? 0
    known.set(key, left - 1)
    return left <= 0
  })
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
