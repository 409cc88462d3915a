/** What runs in a database, and who may use it: functions, triggers and grants in a model. */
import type { Default, QualifiedName, SqlText } from './base.ts'
import type { Deferral } from './table.ts'

export interface Argument {
  readonly name?: string
  /** Absent is IN. */
  readonly mode?: 'out' | 'inout' | 'variadic'
  /** As PostgreSQL writes it: `routine.ts`. */
  readonly type: string
  readonly default?: Default
}

/** A function or a procedure. */
export interface Routine extends QualifiedName {
  readonly kind: 'function' | 'procedure'
  readonly arguments: readonly Argument[]
  /** As PostgreSQL writes it: `integer`, `SETOF users`, `TABLE(a integer)`; absent when OUT arguments say it. */
  readonly returns?: string
  readonly language: string
  /** The text of the body; of language SQL also a standard one: `RETURN …` or `BEGIN ATOMIC … END`. */
  readonly body: string
  /** Absent is VOLATILE. */
  readonly volatility?: 'immutable' | 'stable'
  /** Absent is UNSAFE. */
  readonly parallel?: 'safe' | 'restricted'
  readonly strict?: true
  readonly leakproof?: true
  readonly securityDefiner?: true
  readonly cost?: number
  readonly rows?: number
  /** Settings in force while it runs; lists (search_path) as PostgreSQL writes them. */
  readonly settings?: Readonly<Record<string, string>>
  readonly comment?: string
}

/** An event that fires a trigger; `of` are the columns of UPDATE OF. */
export interface TriggerEvent {
  readonly event: 'insert' | 'update' | 'delete' | 'truncate'
  readonly of?: readonly string[]
}

/** Trigger names are unique in a table on PostgreSQL, in a database on SQLite; the schema is that of the table. */
interface AnyTrigger extends QualifiedName {
  /** A table or a view. */
  readonly table: string
}

/** A trigger whose text is all that is known: one that could not be taken apart. */
export interface RawTrigger extends AnyTrigger {
  /** The whole CREATE TRIGGER statement. */
  readonly sql: SqlText
}

export interface DefinedTrigger extends AnyTrigger {
  readonly sql?: undefined
  readonly timing: 'before' | 'after' | 'instead_of'
  /** In the order insert, update, delete, truncate. */
  readonly events: readonly TriggerEvent[]
  /** Absent is FOR EACH ROW. */
  readonly forEach?: 'statement'
  readonly when?: SqlText
  /** What it calls on PostgreSQL, which has no triggers without it. */
  readonly function?: QualifiedName & { readonly arguments: readonly string[] }
  /** The statements that it runs on SQLite, which has no triggers without them. */
  readonly body?: string
  /** PostgreSQL's names for the rows before and after, of a trigger AFTER. */
  readonly oldTable?: string
  readonly newTable?: string
  /** A constraint trigger, and when it fires. */
  readonly constraint?: true
  readonly deferrable?: Deferral
  /** When it fires, if not in sessions of the origin. */
  readonly enabled?: 'disabled' | 'replica' | 'always'
  readonly comment?: string
}

export type Trigger = RawTrigger | DefinedTrigger

/** What can be granted on: `table` is any relation but a sequence, `type` an enum or a domain. */
export type GrantKind = 'table' | 'sequence' | 'function' | 'procedure' | 'schema' | 'type'

/** One privilege of one role on one object, or on one column. */
export interface Grant extends QualifiedName {
  readonly on: GrantKind
  /** The types of a function's arguments. */
  readonly arguments?: readonly string[]
  readonly column?: string
  /** In lower case: `select`, `execute`. */
  readonly privilege: string
  /** A role, or `public`: everybody. */
  readonly grantee: string
  /** WITH GRANT OPTION. */
  readonly grantable?: true
  /** What PostgreSQL grants everybody by itself is revoked: EXECUTE of functions, USAGE of types. */
  readonly revoked?: true
}
