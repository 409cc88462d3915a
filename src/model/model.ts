/**
 * The schema of a database in memory: plain readonly data, ordered arrays, names instead of pointers. It is what
 * `apply` moves along, what introspection returns, and what two schemas are compared as. YAML's snake_case becomes
 * camelCase here; `ops/parts/` is the bridge.
 */
import type { DataType, Default, QualifiedName, Scalar, SqlText } from './base.ts'
import type { Grant, Routine, Trigger } from './code.ts'
import type { Check, Index, SequenceOptions, Table } from './table.ts'

export type * from './base.ts'
export type * from './code.ts'
export type * from './table.ts'

export interface Model {
  /** Schemas other than the default one (PostgreSQL only). */
  readonly schemas: readonly string[]
  readonly extensions: readonly Extension[]
  readonly enums: readonly Enum[]
  readonly domains: readonly Domain[]
  readonly sequences: readonly Sequence[]
  readonly tables: readonly Table[]
  readonly views: readonly View[]
  readonly materializedViews: readonly MaterializedView[]
  /** Functions and procedures, which share one name space; told apart by the types of their arguments too. */
  readonly functions: readonly Routine[]
  readonly triggers: readonly Trigger[]
  /** What is granted beyond what PostgreSQL grants by itself, and what of that is revoked. */
  readonly grants: readonly Grant[]
  /** What introspection saw and the model cannot say. */
  readonly unmanaged?: readonly Unmanaged[]
  /** How unnamed constraints are named (the config's `naming`); absent: PostgreSQL names them. */
  readonly naming?: Naming
}

/** The lists of a model. */
export const PARTS = [
  'schemas',
  'extensions',
  'enums',
  'domains',
  'sequences',
  'tables',
  'views',
  'materializedViews',
  'functions',
  'triggers',
  'grants',
] as const satisfies readonly (keyof Model)[]

export type Part = (typeof PARTS)[number]

/** Something that the model cannot say. */
export interface Unmanaged {
  /** In words: `aggregate "median(integer)"`. */
  readonly what: string
  /** The table or view that it goes with. */
  readonly on?: QualifiedName
  /** What makes it, where that is known. */
  readonly sql?: string
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

/** A view; `query` is the SELECT, one text or one a dialect. */
export interface View extends QualifiedName {
  readonly query: SqlText
  readonly columns?: readonly string[]
  readonly comment?: string
  readonly securityInvoker?: true
  readonly securityBarrier?: true
  readonly checkOption?: 'local' | 'cascaded'
}

export interface Enum extends QualifiedName {
  readonly values: readonly string[]
  readonly comment?: string
  /** In models alone: its name before it was renamed. */
  readonly was?: string
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
  readonly comment?: string
}

export interface Extension {
  readonly name: string
  readonly schema?: string
  readonly version?: string
}

/** A materialized view; its query is PostgreSQL's. */
export interface MaterializedView extends QualifiedName {
  readonly query: string
  readonly columns?: readonly string[]
  readonly indexes: readonly Index[]
  readonly using?: string
  readonly with?: Readonly<Record<string, Scalar>>
  readonly tablespace?: string
  readonly comment?: string
  /** False while it cannot be read: created or refreshed WITH NO DATA. Absent means true. */
  readonly populated?: false
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
  materializedViews: [],
  functions: [],
  triggers: [],
  grants: [],
}
