/** Tables: what create_table writes → the model's {@link Table}, with the enums that its columns bring. */
import { Type } from 'typebox'
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { Check, Column, Model, Table } from '../../model/model.ts'
import { add, find, refuseTaken, sameName } from '../../model/edit.ts'
import { parentOf } from '../../model/inherited.ts'
import { appended } from '../../model/following.ts'
import { attach, attachIndex } from '../../model/attach.ts'
import type { Addition, Unnamed } from '../../model/attach.ts'
import { string } from '../../dialect/ansi.ts'
import { spelled } from '../../model/sql-names.ts'
import { defined } from '../../model/defined.ts'
import { fields, flag, name, names, optional, schema, sql, storageParameters } from '../../shape.ts'
import type { Spec } from '../../shape.ts'
import { columnShape, toColumn } from './column.ts'
import type { ColumnSpec } from './column.ts'
import { tableConstraintFields } from './constraint.ts'
import {
  toCheck,
  toExclusion,
  toForeignKey,
  toInlineForeignKey,
  toPrimaryKey,
  toUnique,
} from './constraint-model.ts'
import { withoutRepeatedKeys } from './repeated-keys.ts'
import { indexShape, toIndex } from './index-spec.ts'
import type { ReadType } from './type.ts'

export const tableFields = {
  name: name('Its name.'),
  schema,
  columns: Type.Array(columnShape, { description: 'Its columns, in order.' }),
  ...tableConstraintFields,
  indexes: optional(Type.Array(indexShape, { description: 'Its indexes.' })),
  comment: optional(Type.String({ description: 'Its comment (PostgreSQL).' })),
  strict: optional(flag('STRICT: values must be of the type of the column (SQLite).')),
  without_rowid: optional(flag('WITHOUT ROWID (SQLite).')),
  unlogged: optional(flag('UNLOGGED: fast, and empty after a crash (PostgreSQL).')),
  with: optional(storageParameters),
  tablespace: optional(name('Its tablespace (PostgreSQL).')),
  partition_by: optional(sql('RANGE (day), LIST (…), HASH (…) (PostgreSQL).')),
  inherits: optional(names('Tables it inherits from (PostgreSQL).')),
}

const tableShape = fields(tableFields)
export type TableSpec = Spec<typeof tableShape>

/** The model with the enum that a column brings, if it brings one. */
export function withEnum(model: Model, read: ReadType): Model {
  return read.newEnum === undefined ? model : add(model, 'enums', read.newEnum)
}

/**
 * The constraints and the index that a column's own fields ask for (`unique`, `references`, `check`, `index`). `unique`
 * and `index` together are one unique index, as in SQLAlchemy.
 */
export function attachColumnParts(
  model: Model,
  table: Table,
  spec: ColumnSpec,
  read: ReadType,
  path: Path,
): Table {
  const additions: Addition[] = []
  if (spec.unique && !spec.index) additions.push({ kind: 'unique', constraint: { columns: [spec.name] } })
  if (spec.references !== undefined) {
    additions.push({
      kind: 'foreign_key',
      constraint: toInlineForeignKey(spec.name, spec.references, [...path, 'references']),
    })
  }
  if (spec.check !== undefined) additions.push({ kind: 'check', constraint: { expression: spec.check } })
  if (read.allowed !== undefined) {
    additions.push({ kind: 'check', constraint: allowedValues(spec.name, read.allowed) })
  }
  const constrained = additions.reduce((sofar, one) => attach(model, sofar, one, path), table)
  if (!spec.index) return constrained
  const index = defined({ keys: [{ column: spec.name }], unique: spec.unique ? true as const : undefined })
  return attachIndex(model, constrained, index, [...path, 'index'])
}

/** The CHECK of an enum that is no type of its own. */
export function allowedValues(column: string, values: readonly string[]): Unnamed<Check> {
  return { expression: `${spelled(column)} IN (${values.map(string).join(', ')})` }
}

/**
 * The model with the table in it, and with the enums its columns bring.
 * @param options.forward take foreign keys to tables that are not there yet, as SQLite does
 * @param options.asWanted keep what a table can have and CREATE TABLE does not make: NOT VALID, and keys with names of
 *   their own that say the same
 * @param options.alone its parents are not looked for
 * @throws `table-exists`, `duplicate-column`, `no-such-table`, `needs-primary-key`, whatever the columns and constraints
 *   throw
 */
export function addTable(
  model: Model,
  spec: TableSpec,
  options: { readonly forward?: boolean; readonly asWanted?: boolean; readonly alone?: boolean } = {},
): Model {
  const seen = new Set<string>()
  let next = model
  const reads = spec.columns.map((one, i) => {
    if (seen.has(one.name)) {
      fault('duplicate-column', `column "${one.name}" stands twice`, { path: ['columns', i, 'name'] })
    }
    seen.add(one.name)
    const read = toColumn(one, next, ['columns', i])
    next = withEnum(next, read)
    return read
  })
  const bare = bareTable(spec, reads.map((read) => read.column))
  bare.inherits?.forEach((parent, i) => {
    if (options.alone || parentOf(model, parent) !== undefined) return
    fault('no-such-table', `there is no table "${parent}"`, { path: ['inherits', i] })
  })
  // Before the constraints: a name that is taken is the first thing to say.
  refuseTaken(next, 'tables', bare)
  const beside = options.forward ? withTargets(next, spec) : next
  const table = attachAll(beside, bare, options.asWanted ? spec : validated(spec), reads, options.asWanted)
  if (table.withoutRowid && table.primaryKey === undefined) {
    fault('needs-primary-key', `table "${table.name}" is WITHOUT ROWID: it needs a primary key`, {
      path: ['without_rowid'],
      hint: 'give it one: `primary_key: [id]`, or leave `without_rowid` out',
    })
  }
  return { ...next, tables: appended(next.tables, table) }
}

function bareTable(spec: TableSpec, columns: readonly Column[]): Table {
  return defined({
    name: spec.name,
    schema: spec.schema,
    columns,
    uniques: [],
    checks: [],
    foreignKeys: [],
    excludes: [],
    indexes: [],
    comment: spec.comment,
    strict: spec.strict ? true as const : undefined,
    withoutRowid: spec.without_rowid ? true as const : undefined,
    unlogged: spec.unlogged ? true as const : undefined,
    with: spec.with,
    tablespace: spec.tablespace,
    partitionBy: spec.partition_by,
    inherits: spec.inherits,
  })
}

/** The model with stand-ins for the tables that foreign keys refer to and that are not there. */
function withTargets(model: Model, spec: TableSpec): Model {
  const keys = [
    ...(spec.foreign_keys ?? []).map((one) => toForeignKey(one)),
    ...spec.columns.flatMap((one) =>
      one.references === undefined ? [] : toInlineForeignKey(one.name, one.references)
    ),
  ]
  const missing = keys.map((key) => key.references).filter((target) =>
    !sameName(target, spec) && find(model, 'tables', target) === undefined
  )
  const standIns = missing.map(({ schema, name, columns }): Table => ({
    ...bareTable(defined({ schema, name, columns: [] }), columns.map(standInColumn)),
    uniques: [{ name: '', columns }],
  }))
  return { ...model, tables: [...model.tables, ...standIns] }
}

function standInColumn(name: string): Column {
  return { name, type: { kind: 'text' }, nullable: true }
}

/** PostgreSQL takes NOT VALID in CREATE TABLE and ignores it: there are no rows. */
function validated(whole: TableSpec): TableSpec {
  const { foreign_keys, checks, ...spec } = whole
  if (foreign_keys === undefined && checks === undefined) return whole
  const valid = <T extends { readonly not_valid?: boolean }>({ not_valid: _, ...one }: T) => one
  return defined({ ...spec, foreign_keys: foreign_keys?.map(valid), checks: checks?.map(valid) })
}

function attachAll(
  model: Model,
  bare: Table,
  spec: TableSpec,
  reads: readonly ReadType[],
  asWanted?: boolean,
): Table {
  const additions: [Addition, Path][] = []
  const push = (addition: Addition, ...path: Path) => additions.push([addition, path])
  const inline = spec.columns.filter((one) => one.primary_key).map((one) => one.name)
  if (inline.length > 0 && spec.primary_key !== undefined) {
    fault('contradiction', 'the primary key is given twice: at its columns and at the table', {
      path: ['primary_key'],
    })
  }
  if (inline.length > 0) push({ kind: 'primary_key', constraint: { columns: inline } }, 'columns')
  if (spec.primary_key !== undefined) {
    const key = 'columns' in spec.primary_key ? spec.primary_key : { columns: spec.primary_key }
    push({ kind: 'primary_key', constraint: toPrimaryKey(key, ['primary_key']) }, 'primary_key')
  }
  spec.unique?.forEach((one, i) =>
    push({ kind: 'unique', constraint: toUnique(one, ['unique', i]) }, 'unique', i)
  )
  spec.foreign_keys?.forEach((one, i) =>
    push(
      { kind: 'foreign_key', constraint: toForeignKey(one, ['foreign_keys', i]) },
      'foreign_keys',
      i,
    )
  )
  spec.checks?.forEach((one, i) => push({ kind: 'check', constraint: toCheck(one) }, 'checks', i))
  spec.exclude?.forEach((one, i) =>
    push({ kind: 'exclude', constraint: toExclusion(one, ['exclude', i]) }, 'exclude', i)
  )
  const keys = additions.filter(([one]) => one.kind !== 'foreign_key')
  const foreign = additions.filter(([one]) => one.kind === 'foreign_key')
  let table = keys.reduce((sofar, [one, path]) => attach(model, sofar, one, path), bare)
  spec.columns.forEach((one, i) => {
    table = attachColumnParts(model, table, one, reads[i]!, ['columns', i])
  })
  table = foreign.reduce(
    (sofar, [one, path]) => attach(model, sofar, one, path),
    withoutRepeatedKeys(table, asWanted),
  )
  spec.indexes?.forEach((one, i) => {
    table = attachIndex(model, table, toIndex(model, one, table, ['indexes', i]), ['indexes', i])
  })
  return table
}
