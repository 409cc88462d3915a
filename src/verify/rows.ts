/** Rows put into tables, so that what a revision does to a table is done to data; and what became of them. */
import { ProblemError } from '../problem.ts'
import type { Connection, Dialect } from '../dialect/dialect.ts'
import { find, findColumn, shown } from '../model/edit.ts'
import type { Column, DataType, Model, Table } from '../model/model.ts'
import { goingOf } from './going.ts'
import type { Turn } from './going.ts'
import { insertSample, SAMPLES } from './sample-rows.ts'

/** What is at hand: a scratch database. */
export interface Ground {
  readonly connection: Connection
  readonly dialect: Dialect
}

/** Puts two rows into each of some tables that has none and takes them: those that others refer to first. */
export async function fill(ground: Ground, model: Model, tables: readonly Table[]): Promise<void> {
  let left = tables
  for (let more = true; more;) {
    const bare: Table[] = []
    for (const table of left) {
      if ((await rowsOf(ground, table)).length > 0) continue
      const taken: boolean[] = []
      for (const row of SAMPLES) {
        taken.push(await accepted(ground, insertSample(table, row, model, ground.dialect)))
      }
      if (!taken.includes(true)) bare.push(table)
    }
    more = bare.length > 0 && bare.length < left.length
    left = bare
  }
}

/** Whether the database takes a statement: checks and foreign keys refuse what a value's type allows. */
async function accepted({ connection }: Ground, sql: string): Promise<boolean> {
  try {
    await connection.run([sql])
    return true
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems.some((one) => one.code !== 'sql-failed')) {
      throw error
    }
    return false
  }
}

/** Deletes the rows of all tables: those that others refer to last. */
export async function empty(ground: Ground, model: Model): Promise<void> {
  let left: readonly Table[] = model.tables
  for (let more = true; more && left.length > 0;) {
    const kept: Table[] = []
    for (const table of left) {
      if (!await accepted(ground, `DELETE FROM ${ground.dialect.spelling.qualified(table)}`)) kept.push(table)
    }
    more = kept.length < left.length
    left = kept
  }
}

type Rows = readonly Readonly<Record<string, unknown>>[]

export interface Contents {
  readonly table: Table
  readonly rows: Rows
}

async function rowsOf({ connection, dialect }: Ground, table: Table): Promise<Rows> {
  return await connection.query(`SELECT * FROM ${dialect.spelling.qualified(table)}`)
}

/** The rows of tables, in the order in which the database gives them. */
export async function contents(ground: Ground, tables: readonly Table[]): Promise<Contents[]> {
  const all: Contents[] = []
  for (const table of tables) all.push({ table, rows: await rowsOf(ground, table) })
  return all
}

/** What operations did to rows, by what they say. */
export interface Changes {
  readonly before: Model
  readonly after: Model
  readonly turns: readonly Turn[]
  /** Whether some of them change rows, as they should: then only their number is looked at. */
  readonly writes: boolean
  /** A schema on the way from `before` to `after`, and the turns until there. */
  readonly between?: { readonly model: Model; readonly turns: readonly Turn[] }
}

/**
 * The tables that have lost rows, or values of columns that were left alone. Tables that are not there any more, and what
 * operations say they destroy, are not looked for.
 * @returns a line each
 */
export async function losses(ground: Ground, had: readonly Contents[], changes: Changes): Promise<string[]> {
  const found: string[] = []
  for (const { table, rows } of had) {
    const going = goingOf(table, changes.turns)
    const now = going && find(changes.after, 'tables', going.table)
    if (now === undefined) continue
    const there = await rowsOf(ground, now)
    if (there.length < rows.length) {
      found.push(`table "${shown(table)}" had ${rows.length} rows and has ${there.length}`)
    } else if (!changes.writes) found.push(...changed({ table, rows }, there, changes, ground.dialect))
  }
  return found
}

/** The columns of a table that go on as they were, with their names afterwards. */
export function keptColumns(
  table: Table,
  { before, after, turns }: Pick<Changes, 'before' | 'after' | 'turns'>,
  dialect: Dialect,
): ReadonlyMap<string, string> {
  const going = goingOf(table, turns)
  const now = going && find(after, 'tables', going.table)
  const kept = new Map<string, string>()
  for (const column of now === undefined ? [] : table.columns) {
    const name = going!.columns.get(column.name)
    const same = name === undefined ? undefined : findColumn(now!, name)
    if (isKept(column, same, { before, after }, dialect)) kept.set(column.name, same.name)
  }
  return kept
}

/** Which columns' values are not there any more. */
function changed({ table, rows }: Contents, there: Rows, changes: Changes, dialect: Dialect): string[] {
  const { before, between } = changes
  const kept = keptColumns(table, changes, dialect)
  const onTheWay = between &&
    keptColumns(table, { before, after: between.model, turns: between.turns }, dialect)
  const lost = [...kept].filter(([was, name]) => {
    if (onTheWay?.has(was) === false) return false
    const left = there.map((row) => printable(row[name]))
    return rows.some((row) => {
      const at = left.indexOf(printable(row[was]))
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
  })
  return lost.map(([name]) => `values of "${shown(table)}.${name}" are not what they were`)
}

/**
 * Whether operations that led from one schema to another left the values of a column alone.
 * @param same the column in the later one, where it is still there
 */
export function isKept(
  column: Column,
  same: Column | undefined,
  { before, after }: Pick<Changes, 'before' | 'after'>,
  dialect: Dialect,
): same is Column {
  return same !== undefined && column.generated === undefined && same.generated === undefined &&
    dialect.sameType(same.type, column.type) && same.nullable === column.nullable &&
    held(column.type, before) === held(same.type, after)
}

/** The values of the enum that a type is, and the type that its domain is over: where they change, rows do. */
function held(type: DataType, model: Model): string {
  if (type.kind === 'array') return held(type.of, model)
  if (type.kind === 'enum') return JSON.stringify(find(model, 'enums', type)?.values)
  const under = type.kind === 'domain' ? find(model, 'domains', type)?.type : undefined
  return under === undefined ? '' : JSON.stringify(under) + held(under, model)
}

/** A cell as text that is equal for equal cells; bytes and big integers have no JSON. */
export function printable(cell: unknown): string {
  if (cell instanceof ArrayBuffer) return String([...new Uint8Array(cell)])
  return typeof cell === 'bigint' ? String(cell) : JSON.stringify(cell) ?? ''
}
