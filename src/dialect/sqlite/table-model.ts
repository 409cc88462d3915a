/** Makes the model's table of what the CREATE TABLE text says: names for what has none, types, defaults. */
import { usedColumns } from '../../model/used-columns.ts'
import { implicitName } from '../../model/names.ts'
import type { Check, Column, ForeignKey, PrimaryKey, Table, Unique } from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import { portableDefault } from './default.ts'
import type { ParsedColumn, ParsedConstraint, ParsedForeignKey, ParsedTable } from './parse-parts.ts'
import { readType } from './types.ts'

/** A table whose foreign keys still need the tables they point to. */
export interface TableSource {
  readonly name: string
  readonly parsed: ParsedTable
}

/** What a foreign key needs to know of the table that it refers to, in names as they are spelled. */
export interface Referred {
  readonly name: string
  readonly columns: readonly { readonly name: string }[]
  /** The columns of the primary key. */
  readonly key: readonly string[]
}

/** The tables of a database, by their names in any case. */
export interface Catalog {
  table(name: string): Referred | undefined
}

/** A table whose text was read, for those that refer to it. */
export function referredOf({ name, parsed }: TableSource): Referred {
  return { name, columns: parsed.columns, key: keyColumns(parsed) }
}

/** The names in use in a database; implicit ones are added as they are given. */
export interface TakenNames {
  /** Those of constraints. */
  readonly constraints: Set<string>
  /** Those of constraints and of tables, views and indexes. */
  readonly all: Set<string>
}

/**
 * The table without the columns that bear an empty name, which SQLite takes and no document can say, and without what
 * names them: it is unmanaged.
 */
export function withoutNameless(parsed: ParsedTable): ParsedTable {
  const columns = parsed.columns.filter(({ name }) => name !== '')
  const constraints = parsed.constraints.filter((one) =>
    one.kind === 'check' ||
    !one.columns.includes('') && !(one.kind === 'foreign_key' && one.parentColumns?.includes(''))
  )
  const unmanaged = [
    ...parsed.unmanaged,
    ...(columns.length < parsed.columns.length ? ['the column ""'] : []),
    ...(constraints.length < parsed.constraints.length ? ['a constraint over a column ""'] : []),
  ]
  return { ...parsed, columns, constraints, unmanaged }
}

/** The columns of the primary key, as spelled in the constraint; empty when there is none. */
function keyColumns(parsed: ParsedTable): readonly string[] {
  const key = parsed.constraints.find((one) => one.kind === 'primary_key')
  return key?.kind === 'primary_key' ? key.columns : []
}

/** The names as the columns are declared: constraints may write them in another case. */
export function declared(
  names: readonly string[],
  columns: readonly { readonly name: string }[],
): readonly string[] {
  return names.map((name) =>
    columns.find((one) => one.name.toLowerCase() === name.toLowerCase())?.name ?? name
  )
}

/**
 * The table, without its indexes.
 * @param taken the names used in the database; the implicit ones given here are added
 */
export function toTable(source: TableSource, catalog: Catalog, taken: TakenNames): Table {
  const { parsed, name } = source
  const unmanaged = [...parsed.unmanaged]
  const key = keyColumns(parsed).map((column) => column.toLowerCase())
  const columns = parsed.columns.map((column) => toColumn(column, parsed, key))
  const names = new ConstraintNames({ name, columns }, taken)
  const [uniques, checks, foreignKeys]: [Unique[], Check[], ForeignKey[]] = [[], [], []]
  let primaryKey: PrimaryKey | undefined
  for (const one of parsed.constraints) {
    const named = names.of(one)
    if (one.kind === 'check') checks.push({ ...named, expression: one.expression })
    else if (one.kind === 'foreign_key') {
      const foreignKey = toForeignKey(one, parsed, catalog)
      if (foreignKey.references.columns.length > 0) foreignKeys.push({ ...named, ...foreignKey })
      else unmanaged.push(`REFERENCES "${one.table}" without columns, a table without a primary key`)
    } else {
      // An AUTOINCREMENT key is the rowid, which has one order.
      const downwards = one.autoincrement ? [] : declared(one.descending ?? [], parsed.columns)
      const constraint = defined({
        ...named,
        columns: declared(one.columns, parsed.columns),
        descending: downwards.length === 0 ? undefined : downwards,
        onConflict: one.onConflict,
      })
      if (one.kind === 'primary_key') primaryKey = constraint
      else uniques.push(constraint)
    }
  }
  return defined({
    name,
    columns,
    primaryKey,
    uniques,
    checks,
    foreignKeys,
    excludes: [],
    indexes: [],
    strict: parsed.strict ? true as const : undefined,
    withoutRowid: parsed.withoutRowid ? true as const : undefined,
    unmanaged: unmanaged.length === 0 ? undefined : unmanaged,
  })
}

function toColumn(column: ParsedColumn, table: ParsedTable, key: readonly string[]): Column {
  const inKey = key.includes(column.name.toLowerCase())
  const sole = inKey && key.length === 1
  const declaredInteger = column.type.toUpperCase() === 'INTEGER'
  const type = readType(column.type, sole)
  const alias = sole && declaredInteger && !table.withoutRowid
  // https://sqlite.org/lang_createtable.html#primkeyconst: elsewhere a primary key may hold NULL, a long-kept bug.
  const implied = inKey && (alias || table.withoutRowid || table.strict)
  const autoincrement = table.constraints.some((one) => one.kind === 'primary_key' && one.autoincrement)
  return defined({
    name: column.name,
    type,
    nullable: !column.notNull && !implied,
    default: column.default === undefined ? undefined : portableDefault(column.default, type),
    generated: column.generated,
    collation: column.collation,
    autoincrement: autoincrement && inKey ? true : undefined,
    onConflict: column.onConflict,
  })
}

function toForeignKey(
  one: ParsedForeignKey,
  parsed: ParsedTable,
  catalog: Catalog,
): Omit<ForeignKey, 'name' | 'implicit'> {
  const parent = catalog.table(one.table)
  const wanted = one.parentColumns ?? parent?.key ?? []
  return defined({
    columns: declared(one.columns, parsed.columns),
    references: {
      name: parent?.name ?? one.table,
      columns: parent === undefined ? wanted : declared(wanted, parent.columns),
    },
    onDelete: one.onDelete,
    onUpdate: one.onUpdate,
    deferrable: one.deferrable,
    match: one.match,
  })
}

/** Gives constraints their names: PostgreSQL's implicit ones to those that have none (`model/names.ts`). */
class ConstraintNames {
  readonly table: Pick<Table, 'name' | 'columns'>
  readonly taken: TakenNames

  constructor(table: Pick<Table, 'name' | 'columns'>, taken: TakenNames) {
    this.table = table
    this.taken = taken
  }

  of(one: ParsedConstraint): { readonly name: string; readonly implicit?: true } {
    if (one.name !== undefined && one.name !== '') return { name: one.name }
    const columns = one.kind === 'check'
      ? this.#checked(one.expression)
      : declared(one.columns, this.table.columns)
    const isRelation = one.kind === 'primary_key' || one.kind === 'unique'
    const name = implicitName(
      one.kind,
      this.table,
      columns,
      isRelation ? this.taken.all : this.taken.constraints,
    )
    this.taken.constraints.add(name)
    this.taken.all.add(name)
    return { name, implicit: true }
  }

  /** PostgreSQL names a check after the one column it uses. */
  #checked(expression: string): readonly string[] {
    const used = usedColumns(expression, this.table)
    return used.length === 1 ? used : []
  }
}
