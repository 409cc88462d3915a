/**
 * Rebuilding a table: what ALTER TABLE cannot do is done by making the table anew and copying the rows
 * (https://sqlite.org/lang_altertable.html#otheralter). Nothing is lost on the way: rowids, AUTOINCREMENT counters,
 * indexes and triggers are put back, views and the foreign keys of other tables are never touched.
 *
 * It runs in a transaction begun with foreign keys off (`begin({ rebuild: true })`, or the statements of
 * `rebuild-script.ts` in a script); dropping the old table would else delete or cascade to the rows that point to it.
 */
import { fault } from '../../problem.ts'
import { findColumn, shown } from '../../model/edit.ts'
import { sqlFor } from '../../model/sql-text.ts'
import type { Column, Model, Table } from '../../model/model.ts'
import { closed, string } from '../ansi.ts'
import type { Rebuild, Statement } from '../dialect.ts'
import { converted } from './conversion.ts'
import { holdsStrings, stringFinder } from './double-quotes.ts'
import { TEMPORARY } from './failure.ts'
import { columnType, isRowidAlias, spelling } from './spelling.ts'
import { mentions } from './tokens.ts'
import { checkUses, sqlTriggers, triggersOn } from './uses.ts'

/** What is copied: the columns of the new table, each with its value, as SQL over the columns of the old one. */
interface Copy {
  readonly into: readonly string[]
  readonly values: readonly string[]
}

/**
 * The statements that make `before` into `after`, which has the same name.
 *
 * Rows go by the names of columns; `carry` gives the SQL for others. A new column without `carry` takes its default; a
 * column made NOT NULL fails on rows that hold NULL in it, unless `carry` covers them.
 * @throws `unmanaged` for a table that has what the model cannot say; `column-in-use` for a column that is dropped and
 *   that a trigger, a constraint, an index or another table still uses
 */
export function rebuild(change: Rebuild): readonly Statement[] {
  const { before, after, model } = change
  const unmanaged = before.unmanaged ?? []
  if (unmanaged.length > 0) {
    fault(
      'unmanaged',
      `the table "${shown(before)}" cannot be rebuilt: that would lose ${unmanaged.join(', ')}`,
      {
        path: [],
        hint: 'write the change as SQL for SQLite: `only: sqlite` and `execute`',
      },
    )
  }
  checkUses(change)
  return [
    ...(cannotRename(after, model) ? throughCopy(change) : throughReplacement(change)),
    ...after.indexes.map((index) => ({ sql: spelling.createIndex(index, after) })),
    ...triggersOn(before, model).map(({ sql }) => ({ sql })),
    ...checkViews(before, after, model),
  ]
}

/**
 * Whether ALTER TABLE RENAME would fail while the table is away: a view or a trigger elsewhere refers to it ("error in
 * view v: no such table"; PRAGMA legacy_alter_table would help, which libSQL servers refuse), its own expressions do
 * (`CHECK (t.a > 0)`), or some text holds strings in double quotes.
 */
function cannotRename(table: Table, model: Model): boolean {
  const own = triggersOn(table, model).map(({ name }) => name)
  const texts = [
    ...model.views.map((view) => sqlFor(view.query, 'sqlite')),
    ...sqlTriggers(model).filter(({ name }) => !own.includes(name)).map(({ sql }) => sql),
    ...table.checks.map(({ expression }) => expression),
    ...table.columns.map(({ generated }) => generated?.expression),
  ]
  return holdsStrings(model) ||
    texts.some((text) => text !== undefined && mentions(text, table.name))
}

/** The new table under another name, the rows, the old one dropped, the new one renamed: one copy. */
function throughReplacement(change: Rebuild): readonly Statement[] {
  const { before, after, modelAfter: model = change.model } = change
  // What SQLite refuses is said of the table, not of the one that stands in for it.
  spelling.createTable(after, model)
  const name = TEMPORARY.replacement + after.name
  const replacement = spelling.name(name)
  const { into, values } = copied(change, before)
  return [
    { sql: spelling.createTable({ ...after, name }, model) },
    ...(hasCounter(after) && !hasCounter(before) ? takeCounter(before.name, name) : []),
    insert(replacement, into, values, spelling.qualified(before), after.name),
    ...(hasCounter(before) ? moveCounter(before.name, name) : []),
    { sql: `DROP TABLE ${spelling.qualified(before)}` },
    { sql: `ALTER TABLE ${replacement} RENAME TO ${spelling.name(after.name)}` },
  ]
}

/**
 * The rows set aside, the table dropped and made anew, the rows put back: two copies, but no RENAME, so that the views
 * and triggers of others may refer to the table all the time.
 */
function throughCopy(change: Rebuild): readonly Statement[] {
  const { before, after } = change
  const name = TEMPORARY.copy + after.name
  const copy = spelling.name(name)
  const table = spelling.qualified(after)
  const counter = hasCounter(before)
  const rowid = rowidOf(before)
  const aside = {
    ...before,
    columns: [...before.columns, { ...ROWID, name: SET_ASIDE }],
    withoutRowid: true,
  } as const
  const columns = before.columns.map((column) => spelling.name(column.name))
  if (rowid !== undefined) columns.push(`${rowid} AS ${SET_ASIDE}`)
  const { into, values } = copied(change, rowid === undefined ? { ...before, withoutRowid: true } : aside)
  return [
    { sql: `CREATE TABLE ${copy} AS\nSELECT ${columns.join(', ')}\nFROM ${spelling.qualified(before)}` },
    ...(counter ? moveCounter(before.name, name) : []),
    { sql: `DROP TABLE ${spelling.qualified(before)}` },
    { sql: spelling.createTable(after, change.modelAfter ?? change.model) },
    insert(table, into, values, copy, after.name),
    ...(counter ? moveCounter(name, after.name) : []),
    { sql: `DROP TABLE ${copy}` },
  ]
}

/** The column that keeps the rowids of rows set aside. */
const SET_ASIDE = '_limbeck_rowid'
const ROWID: Omit<Column, 'name'> = { type: { kind: 'integer' }, nullable: false }

/** OR ABORT: a constraint's own ON CONFLICT IGNORE or REPLACE would silently drop rows. */
function insert(
  into: string,
  columns: readonly string[],
  values: readonly string[],
  from: string,
  table: string,
): Statement {
  return {
    sql: `INSERT OR ABORT INTO ${into} (${columns.join(', ')})\nSELECT ${values.join(', ')}\nFROM ${from}`,
    hazards: [{ kind: 'copies-table', table }],
  }
}

/**
 * @param source the table the rows are read from: `before`, or its copy, which has {@link SET_ASIDE}
 */
function copied(change: Rebuild, source: Table): Copy {
  const { before, after } = change
  const pairs = after.columns.flatMap((column): (readonly [string, string])[] => {
    if (column.generated !== undefined) return []
    const value = valueOf(column, change)
    return value === undefined ? [] : [[spelling.name(column.name), value]]
  })
  const from = findColumn(source, SET_ASIDE) === undefined ? rowidOf(source) : SET_ASIDE
  const to = rowidOf(after)
  const isTaken = pairs.some(([column]) => column === to)
  const rowid = from === undefined || to === undefined || isTaken ? [] : [[to, from] as const]
  const all = [...rowid, ...pairs]
  if (all.length === 0) {
    fault('no-common-columns', `no column of "${shown(before)}" stays: its rows cannot be carried over`, {
      path: [],
      hint: 'drop the table and create it anew',
    })
  }
  return { into: all.map(([column]) => column), values: all.map(([, value]) => value) }
}

/** The name by which the rowid can be had: a column may bear one or two of the three. */
function rowidOf(table: Table): string | undefined {
  if (table.withoutRowid) return undefined
  const alias = table.columns.find((column) => isRowidAlias(column, table))
  if (alias !== undefined) return spelling.name(alias.name)
  const columns = table.columns.map(({ name }) => name.toLowerCase())
  return ['rowid', '_rowid_', 'oid'].find((name) => !columns.includes(name))
}

/** Undefined for a column that takes its default. */
function valueOf(column: Column, { before, after, carry, model, modelAfter }: Rebuild): string | undefined {
  if (Object.hasOwn(carry, column.name)) return closed(carry[column.name]!)
  const old = before.columns.find(({ name }) => name.toLowerCase() === column.name.toLowerCase())
  if (old === undefined) return undefined
  const value = converted(
    spelling.name(old.name),
    columnType(old, before, model),
    columnType(column, after, modelAfter ?? model),
  )
  // SQLite gives a number to what is NULL in an integer key; it refuses text.
  const isNumbered = old.nullable && isRowidAlias(column, after) && !isRowidAlias(old, before)
  return isNumbered ? `coalesce(${value}, 'NULL')` : value
}

function hasCounter(table: Table): boolean {
  return table.columns.some((column) => column.autoincrement)
}

/** A table that was AUTOINCREMENT before goes on where it stopped: SQLite counts on from the row that it finds. */
function takeCounter(from: string, to: string): readonly Statement[] {
  return [{ sql: `UPDATE sqlite_sequence SET name = ${string(to)} WHERE name = ${string(from)}` }]
}

/**
 * SQLite deletes a table's row in sqlite_sequence with the table, if that is AUTOINCREMENT, and renames it with any. A
 * table that is AUTOINCREMENT no longer keeps it for the day when it is again.
 */
function moveCounter(from: string, to: string): readonly Statement[] {
  return [
    { sql: `DELETE FROM sqlite_sequence WHERE name = ${string(to)}` },
    {
      sql: `INSERT INTO sqlite_sequence (name, seq)\n` +
        `SELECT ${string(to)}, seq FROM sqlite_sequence WHERE name = ${string(from)}`,
    },
    { sql: `DELETE FROM sqlite_sequence WHERE name = ${string(from)}` },
  ]
}

/**
 * A view that uses a dropped column would only fail when somebody reads it: reading none of its rows tells now, unless
 * libSQL cannot read it anyway.
 */
function checkViews(before: Table, after: Table, model: Model): readonly Statement[] {
  const kept = new Set(after.columns.map(({ name }) => name.toLowerCase()))
  if (before.columns.every(({ name }) => kept.has(name.toLowerCase()))) return []
  const holdsString = stringFinder(model)
  const views = model.views.filter(({ query }) => {
    const text = sqlFor(query, 'sqlite') ?? ''
    return mentions(text, before.name) && !holdsString(text)
  })
  return views.map((view) => ({ sql: `SELECT * FROM ${spelling.qualified(view)} LIMIT 0` }))
}
