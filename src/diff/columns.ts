/** Columns of one table: what goes, what comes, and what of one that stays is altered. */
import type { Column, DataType, Generated, QualifiedName, Table } from '../model/model.ts'
import { findColumn, shown } from '../model/edit.ts'
import { declaring, heirsOf, withInherited } from '../model/inherited.ts'
import { ProblemError } from '../problem.ts'
import { compileOperations } from '../plan/compile.ts'
import { columnDependents } from '../model/drop-column.ts'
import { differences } from '../model/difference.ts'
import { defined } from '../model/defined.ts'
import type { AlterColumn } from '../ops/alter-column/index.ts'
import { fromColumn, fromDefault, fromGenerated, fromIdentity } from '../ops/parts/column.ts'
import { fromType } from '../ops/parts/type.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { dropKeys } from './constraints.ts'
import type { Work } from './work.ts'

type Change = Omit<AlterColumn, 'op' | 'table' | 'schema' | 'column' | 'only'>

/** A column as it is and as it shall be, each also as the dialect holds it. */
export interface ColumnPair {
  readonly from: Column
  readonly to: Column
  readonly here: Column
  readonly there: Column
}

/** The columns that both tables have. */
export function columnPairs(work: Work, from: Table, wanted: Table): ColumnPair[] {
  const to = declaring(work.desired, wanted, from)
  const here = work.shadow(from, work.model)
  const there = work.shadow(to, work.desired)
  const own = new Map(here.columns.map((one, i) => [one.name, i]))
  return to.columns.flatMap((column, i): ColumnPair[] => {
    const at = own.get(there.columns[i]!.name)
    return at === undefined
      ? []
      : [{ from: from.columns[at]!, to: column, here: here.columns[at]!, there: there.columns[i]! }]
  })
}

/** Whether the column can become the other one only by being dropped and added: nobody else can fill it. */
export function isRecreated(pair: ColumnPair, work: Work, from: Table): boolean {
  const { here, there } = pair
  if (there.generated === undefined) return here.generated !== undefined && !here.generated.stored
  if (here.generated === undefined || here.generated.stored !== there.generated.stored) return true
  if (!work.dialect.sameType(here.type, there.type)) return true
  if (sameGenerated(here.generated, there.generated, work)) return false
  return !here.generated.stored || !canRecompute(work, pair, from)
}

/** Whether this server can change what a column is computed from; PostgreSQL before 17 cannot. */
function canRecompute(work: Work, { from, to }: ColumnPair, table: Table): boolean {
  const operation: AlterColumn = {
    op: 'alter_column',
    ...onTable(table),
    column: from.name,
    generated: fromGenerated(to.generated!),
  }
  try {
    compileOperations([{ operation, locate: (problem) => problem }], work.model, work, { blind: true })
    return true
  } catch (error) {
    if (error instanceof ProblemError && error.problems.every(({ code }) => code === 'unsupported')) {
      return false
    }
    throw error
  }
}

function sameGenerated(a: Generated | undefined, b: Generated | undefined, work: Work): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.stored === b.stored && work.dialect.sameExpression(a.expression, b.expression)
}

/** Whether the type changes, so that what depends on it has to get out of the way. */
export function isRetyped({ here, there }: ColumnPair, work: Work): boolean {
  return !work.dialect.sameType(here.type, there.type) || here.collation !== there.collation
}

/** The columns that the table has and shall not have. */
export function goingColumns(work: Work, from: Table, to: Table): Column[] {
  const kept = new Set(columnPairs(work, from, to).map((one) => one.from))
  return from.columns.filter((one) => !kept.has(one))
}

/** Drops columns, generated ones first, after the foreign keys and generated columns that need them. */
export function dropColumns(work: Work, name: QualifiedName, columns: readonly Column[]): void {
  const order = [
    ...columns.filter((one) => one.generated !== undefined),
    ...columns.filter((one) => one.generated === undefined),
  ]
  for (const { name: column } of order) dropColumn(work, name, column)
}

function dropColumn(work: Work, name: QualifiedName, column: string): void {
  const table = work.table(name)!
  if (findColumn(table, column) === undefined) return
  const { columns, foreignKeys } = columnDependents(work.model, table, column)
  for (const one of columns) dropColumn(work, name, one.name)
  dropKeys(work, foreignKeys)
  work.emit({ op: 'drop_column', ...onTable(table), column })
}

/** Adds the columns that the table lacks: the plain ones, or those that are computed from others. */
export function addColumns(work: Work, to: Table, generated: boolean): void {
  const pairs = new Set(columnPairs(work, work.table(to)!, to).map((one) => one.to))
  for (const one of to.columns) {
    if (pairs.has(one) || (one.generated !== undefined) !== generated) continue
    addColumn(work, to, one)
  }
}

/** Adds it to the tables first that inherit it and declare it, too: PostgreSQL merges the two then, and not later. */
function addColumn(work: Work, to: Table, column: Column): void {
  const here = work.table(to)!
  if (findColumn(here, column.name) !== undefined) return
  const whole = here.inherits === undefined ? undefined : withInherited(work.model, here)
  if (whole !== undefined && findColumn(whole, column.name) !== undefined) {
    work.note(shown(to), `column "${shown(to)}.${column.name}" is missing`)
    return
  }
  for (const heir of heirsOf(work.desired, to)) {
    const own = findColumn(heir, column.name)
    if (own !== undefined && work.table(heir) !== undefined) addColumn(work, heir, own)
  }
  const primaryKey = here.primaryKey === undefined && isKeyAlone(to, column)
  work.emit({ op: 'add_column', ...onTable(to), column: fromColumn(column, work.desired, { primaryKey }) })
}

/** Whether the column can say that it is the primary key: unnamed, of it alone, with nothing further. */
function isKeyAlone({ primaryKey: key }: Table, { name }: Column): boolean {
  return key?.implicit === true && key.columns.length === 1 && key.columns[0] === name &&
    Object.keys(key).every((field) => ['name', 'implicit', 'columns'].includes(field))
}

/** Alters the columns that are there and are not as they shall be. */
export function alterColumns(work: Work, to: Table): void {
  for (const pair of columnPairs(work, work.table(to)!, to)) alterColumn(work, to, pair)
}

export function alterColumn(work: Work, to: Table, pair: ColumnPair): void {
  const { identity, ...change } = changeOf(work, to, pair)
  const alter = (fields: Change) => {
    if (Object.keys(fields).length === 0) return
    work.emit({ op: 'alter_column', ...onTable(to), column: pair.from.name, ...fields })
  }
  // PostgreSQL looks at the type of an identity before a change of it, and after.
  if (change.type !== undefined && identity === null) {
    alter({ identity })
    alter(change)
  } else if (change.type !== undefined && identity !== undefined && pair.here.identity === undefined) {
    alter(change)
    alter({ identity })
  } else alter(defined({ identity, ...change }))
  const { here, there } = pair
  if (here.onConflict === there.onConflict) return
  work.note(
    `${shown(to)}.${pair.to.name}`,
    `column "${shown(to)}.${pair.to.name}": onConflict is ${told(here.onConflict)}, not ${
      told(there.onConflict)
    }`,
  )
}

function told(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value)
}

/** The fields of alter_column that lead from one column to the other; none when they are the same. */
function changeOf(work: Work, table: Table, pair: ColumnPair): Change {
  const { to, here, there } = pair
  const { dialect, desired } = work
  const retyped = !dialect.sameType(here.type, there.type) || (there.serial === true && !here.serial)
  // The primary key that is still to be created makes its columns NOT NULL.
  const keyed = table.primaryKey?.columns.includes(to.name) && work.table(table)?.primaryKey === undefined
  return defined({
    type: retyped ? fromType(to.type, desired, to.serial) : undefined,
    collation: here.collation === there.collation ? undefined : to.collation ?? null,
    nullable: here.nullable === there.nullable || keyed ? undefined : there.nullable,
    default: defaultChange(work, pair),
    comment: here.comment === there.comment ? undefined : to.comment ?? null,
    identity: sameIdentity(here, there, work)
      ? undefined
      : to.identity === undefined
      ? null
      : fromIdentity(to.identity),
    generated: sameGenerated(here.generated, there.generated, work)
      ? undefined
      : to.generated === undefined
      ? null
      : fromGenerated(to.generated),
  })
}

function sameIdentity(here: Column, there: Column, work: Work): boolean {
  if (here.identity === undefined || there.identity === undefined) return here.identity === there.identity
  return differences('', here.identity, there.identity, work.dialect).length === 0
}

function defaultChange(work: Work, { to, here, there }: ColumnPair): Change['default'] {
  const value = to.default === undefined ? null : fromDefault(to.default)
  if (here.serial && !there.serial && there.identity === undefined) return value
  if (work.dialect.sameDefault(here.default, there.default, there.type)) return undefined
  return there.serial ? undefined : value
}

const TEXTS: ReadonlySet<DataType['kind']> = new Set(['text', 'varchar', 'char'])
const NUMBERS: ReadonlySet<DataType['kind']> = new Set([
  ...['smallint', 'integer', 'bigint', 'real', 'double', 'numeric'] as const,
])
const NAMED: ReadonlySet<DataType['kind']> = new Set(['enum', 'domain', 'native', 'array'])

/** Whether values of two types can be compared, so that a foreign key may stand while one becomes the other. */
export function comparable(from: DataType, to: DataType): boolean {
  return from.kind === to.kind && !NAMED.has(from.kind) ||
    [NUMBERS, TEXTS].some((kinds) => kinds.has(from.kind) && kinds.has(to.kind))
}
