/** Materialized views: what YAML writes ↔ the model's {@link MaterializedView}. */
import { Type } from 'typebox'
import { asTable } from '../../model/materialized-view.ts'
import type { MaterializedView, Model } from '../../model/model.ts'
import { indexName } from '../../model/attach.ts'
import { defined } from '../../model/defined.ts'
import { fromIndex, indexShape, toIndex } from './index-spec.ts'
import { fields, flag, name, names, optional, schema, sql, storageParameters } from '../../shape.ts'
import type { Spec } from '../../shape.ts'
import { withoutEnd } from './view.ts'

export const materializedViewFields = {
  name: name('The materialized view.'),
  schema,
  query: sql('Its SELECT.', 'statement'),
  columns: optional(names('The names of its columns. Default: those of the query.')),
  indexes: optional(Type.Array(indexShape, { description: 'Its indexes.' })),
  using: optional(name('The table access method. Default heap.')),
  with: optional(storageParameters),
  tablespace: optional(name('Its tablespace.')),
  comment: optional(Type.String({ description: 'Its comment.' })),
  with_data: optional(flag('false: it is not filled, and cannot be read before it is refreshed.')),
}

const viewShape = fields(materializedViewFields)
export type MaterializedViewSpec = Spec<typeof viewShape>

/** The columns that an index names. */
export function columnsOf(
  spec: {
    readonly columns: readonly (string | { readonly column?: string })[]
    readonly include?: readonly string[]
  },
): string[] {
  const keys = spec.columns.flatMap((one) => typeof one === 'string' ? one : one.column ?? [])
  return [...keys, ...(spec.include ?? [])]
}

export function toMaterializedView(spec: MaterializedViewSpec, model: Model): MaterializedView {
  const { name, schema, query, columns, using, with: parameters, tablespace, comment } = spec
  const own = defined({ schema, name, indexes: [] })
  const indexes = (spec.indexes ?? []).map((one, i) => {
    const table = asTable(own, columnsOf(one))
    const index = toIndex(model, one, table, ['indexes', i])
    return { ...index, name: indexName(model, table, index, ['indexes', i]) }
  })
  return defined({
    schema,
    name,
    query: withoutEnd(query),
    columns,
    indexes,
    using: using?.toLowerCase(),
    with: parameters,
    tablespace,
    comment,
    populated: spec.with_data === false ? false as const : undefined,
  })
}

/** What YAML writes for a materialized view. */
export function fromMaterializedView(view: MaterializedView): MaterializedViewSpec {
  const {
    name,
    schema,
    query,
    columns,
    indexes,
    using,
    with: parameters,
    tablespace,
    comment,
    populated,
    ...rest
  } = view
  void (rest satisfies Record<string, never>)
  return defined({
    name,
    schema,
    query,
    columns,
    indexes: indexes.length === 0 ? undefined : indexes.map(fromIndex),
    using,
    with: parameters as MaterializedViewSpec['with'],
    tablespace,
    comment,
    with_data: populated,
  })
}
