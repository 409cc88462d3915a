/** How shapes are declared: strict objects, and the few field types that many operations share. */
import { Type } from 'typebox'
import type { Static, TProperties, TSchema } from 'typebox'
import { DURATION_SHAPE } from './duration.ts'

/** An object that takes these fields and no others. */
export function fields<const P extends TProperties>(properties: P, description?: string) {
  return Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) })
}

/** One of these words. */
export function words<const W extends readonly [string, ...string[]]>(list: W, description?: string) {
  return Type.Enum(list as unknown as W[number][], description ? { description } : {})
}

export const optional = Type.Optional

/** A name of a thing: anything but empty. */
export const name = (description: string) => Type.String({ minLength: 1, description })

export const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description })

export const flag = (description: string) => Type.Boolean({ description })

export const text = (description: string) => Type.String({ minLength: 1, description })

/** What a piece of SQL is: part of a statement, a statement (a semicolon may end it), or several. */
export type SqlKind = 'expression' | 'statement' | 'statements'

/** A piece of SQL as written. */
export const sql = (description: string, kind: SqlKind = 'expression') =>
  Type.String({ minLength: 1, description, $comment: kind })

export const schema = optional(Type.String({
  minLength: 1,
  description: 'The schema it is in; absent: the first of the search_path. PostgreSQL only.',
}))

/** A time span: `4s`, `500ms`, `2min`, `1h`, or a number of milliseconds. */
export const duration = (description: string) =>
  Type.Unsafe<string | number>({ ...DURATION_SHAPE, description })

/** SQL that may differ: one text for both dialects, or one a dialect. */
export const sqlPerDialect = (description: string, kind: SqlKind = 'expression') =>
  Type.Union([
    sql('The same for both.', kind),
    fields({
      postgres: optional(sql('For PostgreSQL.', kind)),
      sqlite: optional(sql('For SQLite.', kind)),
    }, 'One for each.'),
  ], { description })

export const storageParameters = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
  { description: 'Storage parameters, as in WITH (…). PostgreSQL only.' },
)

/** A shape's type, readonly to its leaves: operations are never changed in place. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T

/** The type that a shape declares. */
export type Spec<S extends TSchema> = DeepReadonly<Static<S>>
