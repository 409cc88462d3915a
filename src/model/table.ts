/** Tables in a model, with their columns, constraints, indexes and policies. */
import type { DataType, Default, QualifiedName, Scalar } from './base.ts'

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
  /** In models alone: its name before it was renamed. */
  readonly was?: string
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
  /** SQLite: those of the columns that it is sorted by downwards. */
  readonly descending?: readonly string[]
  readonly include?: readonly string[]
  readonly deferrable?: Deferral
  readonly onConflict?: ConflictAction
}

export interface Unique extends Constraint {
  readonly columns: readonly string[]
  /** SQLite: those of the columns that it is sorted by downwards. */
  readonly descending?: readonly string[]
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
  readonly include?: readonly string[]
  readonly where?: string
  readonly deferrable?: Deferral
}

/** A key of the constraint's index, and the operator that must not hold between those of two rows. */
export interface ExcludeElement extends IndexKey {
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
  /** PostgreSQL: it was built in part, CONCURRENTLY, and serves no reader. Of a database alone: nothing makes it so. */
  readonly invalid?: true
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
  readonly rowSecurity?: true
  /** Row security for the table's owner too. */
  readonly forceRowSecurity?: true
  readonly policies?: readonly Policy[]
  /**
   * What introspection saw and the model cannot say, in words. A table that has any is never rebuilt: the rebuild
   * stops and names them.
   */
  readonly unmanaged?: readonly string[]
  /**
   * SQLite, in databases alone: expressions of the table hold strings in double quotes there. libSQL reads such a table,
   * and renames nothing beside it.
   */
  readonly doubleQuotes?: true
  /** In models alone: its name before it was renamed. */
  readonly was?: string
}

/** A policy of row security. */
export interface Policy {
  readonly name: string
  /** Absent is ALL. */
  readonly command?: 'select' | 'insert' | 'update' | 'delete'
  readonly restrictive?: true
  /** Sorted; absent is PUBLIC. */
  readonly roles?: readonly string[]
  readonly using?: string
  readonly check?: string
  readonly comment?: string
}
