/** What all parts of a model are made of: names, values, SQL and types. */

export type DialectName = 'postgres' | 'sqlite'

/** SQL: one text for both dialects, or one each; a dialect without a text has none. */
export type SqlText = string | { readonly postgres?: string; readonly sqlite?: string }

/** A value that YAML can write and SQL can hold as a literal. */
export type Scalar = string | number | bigint | boolean | null

/** The name of a relation or type; no schema means the default one (PostgreSQL: the first of search_path). */
export interface QualifiedName {
  readonly schema?: string
  readonly name: string
}

/** Portable types (design: "Types"). What a dialect cannot spell it refuses or maps; see each dialect's `types.ts`. */
export type DataType =
  | { readonly kind: 'smallint' | 'integer' | 'bigint' | 'real' | 'double' | 'boolean' | 'date' | 'text' }
  | { readonly kind: 'bytea' | 'json' | 'jsonb' | 'uuid' }
  | { readonly kind: 'varchar' | 'char'; readonly length?: number }
  | { readonly kind: 'numeric'; readonly precision?: number; readonly scale?: number }
  | {
    readonly kind: 'time' | 'timetz' | 'timestamp' | 'timestamptz' | 'interval'
    readonly precision?: number
  }
  | { readonly kind: 'enum'; readonly schema?: string; readonly name: string }
  | { readonly kind: 'domain'; readonly schema?: string; readonly name: string }
  | { readonly kind: 'array'; readonly of: DataType; readonly dimensions: number }
  /** Passed through as written, one text a dialect; a dialect without a text refuses the column. */
  | { readonly kind: 'native'; readonly postgres?: string; readonly sqlite?: string }

/** A literal is quoted by the dialect; an expression is SQL as written. */
export type Default = { readonly literal: Scalar } | { readonly expression: string }
