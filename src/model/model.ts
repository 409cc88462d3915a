/**
 * The schema of a database in memory: plain readonly data, ordered arrays, names instead of pointers. It is what
 * `apply` moves along, what introspection returns, and what two schemas are compared as. YAML's snake_case becomes
 * camelCase here; `ops/parts.ts` is the bridge.
 */

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

export interface Model {
  /** Schemas other than the default one (PostgreSQL only). */
  readonly schemas: readonly string[]
  readonly extensions: readonly Extension[]
  readonly enums: readonly Enum[]
  readonly domains: readonly Domain[]
  readonly sequences: readonly Sequence[]
  readonly tables: readonly Table[]
  readonly views: readonly View[]
  /** Triggers are kept as SQL: a SQLite rebuild puts them back. */
  readonly triggers: readonly Trigger[]
  /** How unnamed constraints are named (the config's `naming`); absent: PostgreSQL names them. */
  readonly naming?: Naming
}

/** SQLAlchemy's naming conventions, one pattern a kind: `fk_%(table_name)s_%(column_0_name)s`. */
export interface Naming {
  readonly primary_key?: string
  readonly unique?: string
  readonly foreign_key?: string
  readonly check?: string
  readonly exclude?: string
  readonly index?: string
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

export interface SequenceOptions {
  readonly increment?: number
  readonly start?: number
  readonly minValue?: number | null
  readonly maxValue?: number | null
  readonly cache?: number
  readonly cycle?: boolean
}

export interface Identity extends SequenceOptions {
  readonly generated: 'always' | 'by_default'
}

export interface Generated {
  readonly expression: string
  readonly stored: boolean
}

export interface Column {
  readonly name: string
  readonly type: DataType
  readonly nullable: boolean
  readonly default?: Default
  readonly generated?: Generated
  readonly identity?: Identity
  /** PostgreSQL's serial: an integer whose default is an owned sequence. On SQLite it says nothing. */
  readonly serial?: true
  /** SQLite's AUTOINCREMENT keyword on the integer primary key. */
  readonly autoincrement?: true
  readonly collation?: string
  readonly comment?: string
  /** SQLite: the conflict clause of NOT NULL. */
  readonly onConflict?: ConflictAction
}

/** SQLite's ON CONFLICT clause of a constraint. */
export type ConflictAction = 'rollback' | 'abort' | 'fail' | 'ignore' | 'replace'

export type Deferral = 'immediate' | 'deferred'

/**
 * What all constraints share. `name` is always known: for an unnamed one it is the name PostgreSQL gives
 * (`names.ts`), and `implicit` says that the SQL does not spell it.
 */
interface Constraint {
  readonly name: string
  readonly implicit?: true
  readonly comment?: string
}

export interface PrimaryKey extends Constraint {
  readonly columns: readonly string[]
  readonly include?: readonly string[]
  readonly deferrable?: Deferral
  readonly onConflict?: ConflictAction
}

export interface Unique extends Constraint {
  readonly columns: readonly string[]
  readonly include?: readonly string[]
  readonly nullsNotDistinct?: true
  readonly deferrable?: Deferral
  readonly onConflict?: ConflictAction
}

export interface Check extends Constraint {
  readonly expression: string
  readonly noInherit?: true
  /** False while PostgreSQL has not validated it (NOT VALID). Absent means valid. */
  readonly valid?: false
}

export type ReferentialAction = 'no_action' | 'restrict' | 'cascade' | 'set_null' | 'set_default'

export interface ForeignKey extends Constraint {
  readonly columns: readonly string[]
  readonly references: QualifiedName & { readonly columns: readonly string[] }
  /** Absent is NO ACTION. */
  readonly onDelete?: Exclude<ReferentialAction, 'no_action'>
  readonly onUpdate?: Exclude<ReferentialAction, 'no_action'>
  readonly deferrable?: Deferral
  readonly match?: 'full'
  readonly valid?: false
}

export interface Exclusion extends Constraint {
  readonly using: string
  readonly elements: readonly ExcludeElement[]
  readonly where?: string
  readonly deferrable?: Deferral
}

export interface ExcludeElement {
  readonly column?: string
  readonly expression?: string
  readonly with: string
}

export interface IndexKey {
  /** One of the two. */
  readonly column?: string
  readonly expression?: string
  readonly collation?: string
  readonly opclass?: string
  readonly sort?: 'desc'
  readonly nulls?: 'first' | 'last'
}

export interface Index {
  readonly name: string
  readonly keys: readonly IndexKey[]
  readonly unique?: true
  readonly where?: string
  /** PostgreSQL's access method; absent is btree. */
  readonly using?: string
  readonly include?: readonly string[]
  readonly with?: Readonly<Record<string, Scalar>>
  readonly nullsNotDistinct?: true
  readonly tablespace?: string
  readonly comment?: string
}

export interface Table extends QualifiedName {
  readonly columns: readonly Column[]
  readonly primaryKey?: PrimaryKey
  readonly uniques: readonly Unique[]
  readonly checks: readonly Check[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly excludes: readonly Exclusion[]
  readonly indexes: readonly Index[]
  readonly comment?: string
  /** SQLite. */
  readonly strict?: true
  readonly withoutRowid?: true
  /** PostgreSQL. */
  readonly unlogged?: true
  readonly with?: Readonly<Record<string, Scalar>>
  readonly tablespace?: string
  readonly partitionBy?: string
  readonly inherits?: readonly string[]
  /**
   * What introspection saw and the model cannot say, in words. A table that has any is never rebuilt: the rebuild
   * stops and names them.
   */
  readonly unmanaged?: readonly string[]
}

/** A view; `query` is the SELECT, one text or one a dialect. */
export interface View extends QualifiedName {
  readonly query: SqlText
  readonly columns?: readonly string[]
  readonly comment?: string
  readonly securityInvoker?: true
  readonly checkOption?: 'local' | 'cascaded'
}

export interface Enum extends QualifiedName {
  readonly values: readonly string[]
  readonly comment?: string
}

export interface Domain extends QualifiedName {
  readonly type: DataType
  readonly nullable: boolean
  readonly default?: Default
  readonly collation?: string
  readonly checks: readonly Check[]
  readonly comment?: string
}

export interface Sequence extends QualifiedName, SequenceOptions {
  readonly type?: 'smallint' | 'integer' | 'bigint'
  readonly ownedBy?: { readonly table: string; readonly column: string }
}

export interface Extension {
  readonly name: string
  readonly schema?: string
  readonly version?: string
}

export interface Trigger extends QualifiedName {
  readonly table: string
  /** The whole CREATE TRIGGER statement. */
  readonly sql: SqlText
}

/** The schema of an empty database. */
export const EMPTY: Model = {
  schemas: [],
  extensions: [],
  enums: [],
  domains: [],
  sequences: [],
  tables: [],
  views: [],
  triggers: [],
}
