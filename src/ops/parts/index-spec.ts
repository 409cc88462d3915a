/** Indexes: what YAML writes ↔ the model's {@link Index}. */
import { Type } from 'typebox'
import { fault, locate } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { Index, IndexKey, Model, Table } from '../../model/model.ts'
import { checkColumn } from '../../model/inherited.ts'
import type { Unnamed } from '../../model/attach.ts'
import { defined } from '../../model/defined.ts'
import { fields, flag, name, names, optional, sql, storageParameters, words } from '../../shape.ts'
import type { Spec } from '../../shape.ts'

/** What a key of an index is and how it is sorted; of an exclusion constraint's index too. */
export const keyFields = {
  column: optional(name('A column, or …')),
  expression: optional(sql('… an expression.')),
  collation: optional(name('Its collation.')),
  opclass: optional(name('Its operator class (PostgreSQL).')),
  sort: optional(words(['asc', 'desc'], 'Its order. Default asc.')),
  nulls: optional(
    words(['first', 'last'], 'Where NULLs go (PostgreSQL). Default: last in asc, first in desc.'),
  ),
}

const keyShape = fields(keyFields)

export const indexFields = {
  name: optional(
    name(
      "Its name. Absent: the naming convention's, else ix_<table>_<first column>, as SQLAlchemy names it.",
    ),
  ),
  columns: Type.Array(Type.Union([Type.String({ minLength: 1 }), keyShape]), {
    minItems: 1,
    description: 'Its key: columns, or { column | expression, collation, opclass, sort, nulls }.',
  }),
  unique: optional(flag('Whether no two rows have the same key.')),
  where: optional(sql('Only the rows for which this holds.')),
  using: optional(name('The access method (PostgreSQL). Default btree.')),
  include: optional(names('Columns stored besides the key (PostgreSQL).')),
  with: optional(storageParameters),
  nulls_not_distinct: optional(flag('Whether two NULLs are the same (PostgreSQL 15).')),
  tablespace: optional(name('Its tablespace (PostgreSQL).')),
  comment: optional(Type.String({ description: 'Its comment (PostgreSQL).' })),
}

export const indexShape = fields(indexFields)
export type IndexSpec = Spec<typeof indexShape>
type KeySpec = IndexSpec['columns'][number]

function toKey(spec: KeySpec, path: Path): IndexKey {
  if (typeof spec === 'string') return { column: spec }
  if ((spec.column === undefined) === (spec.expression === undefined)) {
    fault('contradiction', 'a key of an index is either a column or an expression', { path })
  }
  return plainKey(spec)
}

/** A key that does not say what holds anyway. */
export function plainKey(spec: Exclude<KeySpec, string>): IndexKey {
  const { column, expression, collation, opclass, sort, nulls } = spec
  const desc = sort === 'desc'
  return defined({
    column,
    expression,
    collation,
    opclass,
    sort: desc ? 'desc' as const : undefined,
    nulls: nulls === (desc ? 'first' : 'last') ? undefined : nulls,
  })
}

function fromKey(key: IndexKey): KeySpec {
  const { column, expression, collation, opclass, sort, nulls, ...rest } = key
  void (rest satisfies Record<string, never>)
  if (column !== undefined && Object.keys(key).length === 1) return column
  return defined({ column, expression, collation, opclass, sort, nulls })
}

/** An access method: its case does not count, and btree is what an index has anyway. */
export function toMethod(written: string | undefined): string | undefined {
  const method = written?.toLowerCase()
  return method === 'btree' ? undefined : method
}

/**
 * The model's index, named or not.
 * @throws `no-such-column` when the table lacks one of its columns; `contradiction`
 */
export function toIndex(model: Model, spec: IndexSpec, table: Table, path: Path = []): Unnamed<Index> {
  const keys = spec.columns.map((key, i) => toKey(key, [...path, 'columns', i]))
  keys.forEach((key, i) => {
    if (key.column !== undefined) keyColumn(model, table, key.column, columnPath(spec, i, path))
  })
  spec.include?.forEach((one, i) => checkColumn(model, table, one, [...path, 'include', i]))
  return defined({
    name: spec.name,
    keys,
    unique: spec.unique ? true as const : undefined,
    where: spec.where,
    using: toMethod(spec.using),
    include: spec.include,
    with: spec.with,
    nullsNotDistinct: spec.nulls_not_distinct ? true as const : undefined,
    tablespace: spec.tablespace,
    comment: spec.comment,
  })
}

/** A column of a key; in its place an expression or an order, which SQL would take, is told how it is written here. */
function keyColumn(model: Model, table: Table, written: string, path: Path): void {
  const order = /^(\w+)\s+(asc|desc)$/i.exec(written)
  const hint = order !== null
    ? `an order is written { column: ${order[1]}, sort: ${order[2]!.toLowerCase()} }`
    : written.includes('(')
    ? `an expression is written { expression: ${JSON.stringify(written)} }`
    : undefined
  locate(
    (problem) => hint === undefined ? problem : { ...problem, hint },
    () => checkColumn(model, table, written, path),
  )
}

/** Where a key's column stands: the key itself, or its field `column`. */
function columnPath(spec: IndexSpec, i: number, path: Path): Path {
  return [...path, 'columns', i, ...(typeof spec.columns[i] === 'string' ? [] : ['column'])]
}

/** What YAML writes for an index; its name always. */
export function fromIndex(index: Index): IndexSpec & { readonly name: string } {
  const {
    name,
    keys,
    unique,
    where,
    using,
    include,
    with: parameters,
    nullsNotDistinct,
    tablespace,
    ...more
  } = index
  const { comment, invalid: _, ...rest } = more
  void (rest satisfies Record<string, never>)
  return defined({
    name,
    columns: keys.map(fromKey),
    unique,
    where,
    using,
    include,
    with: parameters as IndexSpec['with'],
    nulls_not_distinct: nullsNotDistinct,
    tablespace,
    comment,
  })
}
