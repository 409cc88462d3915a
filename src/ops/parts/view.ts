/** Views: what create_view writes ↔ the model's {@link View}. */
import { Type } from 'typebox'
import type { View } from '../../model/model.ts'
import { mapSql } from '../../model/sql-text.ts'
import { tokenize } from '../../model/sql-tokens.ts'
import { defined } from '../../model/defined.ts'
import { fields, flag, name, names, optional, schema, sqlPerDialect, words } from '../../shape.ts'
import type { Spec } from '../../shape.ts'

export const viewFields = {
  name: name('The view.'),
  schema,
  query: sqlPerDialect('Its SELECT: one text, or { postgres: …, sqlite: … }.', 'statement'),
  columns: optional(names('The names of its columns. Default: those of the query.')),
  comment: optional(Type.String({ description: 'Its comment (PostgreSQL).' })),
  security_invoker: optional(
    flag('Whether it reads with the rights of who reads it (PostgreSQL 15; on SQLite there are none).'),
  ),
  security_barrier: optional(
    flag(
      'Whether conditions of who reads it come after its own, so that they see no row that it hides (PostgreSQL).',
    ),
  ),
  check_option: optional(
    words(['local', 'cascaded'], 'Refuse rows written through it that it does not show (PostgreSQL).'),
  ),
}

const viewShape = fields(viewFields)
export type ViewSpec = Spec<typeof viewShape>

/** Without a last semicolon and without comments after it, which would swallow what a script writes behind it. */
export function withoutEnd(query: string): string {
  const tokens = tokenize(query, 'postgres')
  const last = tokens.findLast((one) => one.key !== ';')
  return query.slice(0, last?.end).trim()
}

export function toView(spec: ViewSpec): View {
  const { name, schema, query, columns, comment, check_option: checkOption } = spec
  return defined({
    schema,
    name,
    query: mapSql(query, withoutEnd),
    columns,
    comment,
    securityInvoker: spec.security_invoker ? true as const : undefined,
    securityBarrier: spec.security_barrier ? true as const : undefined,
    checkOption,
  })
}

/** What YAML writes for a view. */
export function fromView(view: View): ViewSpec {
  const { name, schema, query, columns, comment, securityInvoker, securityBarrier, checkOption, ...rest } =
    view
  void (rest satisfies Record<string, never>)
  return defined({
    name,
    schema,
    query,
    columns,
    comment,
    security_invoker: securityInvoker,
    security_barrier: securityBarrier,
    check_option: checkOption,
  })
}
