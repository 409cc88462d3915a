/**
 * What a dialect is: how it spells things, and how its databases are reached, locked and read. Types only; what
 * both implementations have is in files of the same names in their folders. Nothing here knows an operation.
 */
import type {
  Check,
  Column,
  DataType,
  Default,
  DialectName,
  Exclusion,
  ForeignKey,
  Index,
  MaterializedView,
  Model,
  PrimaryKey,
  QualifiedName,
  Scalar,
  Sequence,
  Table,
  Trigger,
  Unique,
  View,
} from '../model/model.ts'
import type { ProblemError } from '../problem.ts'
import type { Connection, Server } from './connection.ts'
import type { Batches, BatchSpelling } from './batches.ts'

export type { DialectName }

export type {
  BeginOptions,
  Connection,
  CountedStatement,
  Lock,
  LockOptions,
  Row,
  Server,
  WholeTransaction,
} from './connection.ts'

/** What a statement costs physically, on the server: `revision --autogenerate` tells of it. */
export interface Hazard {
  readonly kind: 'locks' | 'rewrites' | 'scans' | 'builds-index' | 'copies-table'
  readonly table: string
  /** PostgreSQL's lock mode (ACCESS EXCLUSIVE, …) for `locks`. */
  readonly lock?: string
}

/** One SQL statement, without its semicolon. */
export interface Statement {
  readonly sql: string
  /** Cannot run inside a transaction: the planner moves it out. */
  readonly transaction?: 'forbidden'
  readonly hazards?: readonly Hazard[]
  /** It changes rows in batches: a run does it by these, and `sql` is what a script says instead. */
  readonly batches?: Batches
}

/**
 * A change of one table that the dialect may be unable to do in place (SQLite). The planner joins consecutive changes
 * of one table: when all can be done in place their statements run, else one rebuild leads from the first `before` to
 * the last `after`.
 */
export interface TableChange {
  readonly before: Table
  readonly after: Table
  readonly inPlace?: readonly Statement[]
  /** The column renamed in place by this change: it moves to the front of a rebuild. */
  readonly renamed?: { readonly from: string; readonly to: string }
  /** New values of columns, as SQL over the columns of `before` (a type change with `using`). */
  readonly carry?: Readonly<Record<string, string>>
}

/** What an operation compiles to. */
export type Compiled = Statement | TableChange

/** How a dialect writes SQL. Every identifier and literal in a statement goes through here. */
export interface Spelling {
  readonly dialect: DialectName
  /** An identifier, quoted when it must be. */
  name(identifier: string): string
  /**
   * The name of what is to be made and is found by its whole name; not of constraints and indexes, which are found by what
   * is kept of it. @throws `name-too-long` where the database would cut it
   */
  newName(identifier: string): string
  /** A schema-qualified name. */
  qualified(name: QualifiedName): string
  /** The same of what is to be made. @throws `name-too-long` */
  newQualified(name: QualifiedName): string
  /** {@link name} of each, with commas between them. */
  names(identifiers: readonly string[]): string
  /** A value as SQL: text in single quotes, NULL. */
  literal(value: Scalar): string
  /** A time as text that a timestamptz column takes: ISO 8601 in UTC (SQLite: as SQLAlchemy stores it). */
  timestamp(time: Date): string
  /** How many milliseconds the transaction has taken so far: since it began, or since a time where nobody knows that. */
  elapsed(since: Date): string
  /** A type; the model tells an enum's values where there are no enum types. */
  type(type: DataType, model: Model): string
  /** What stands behind DEFAULT: a value as a column of that type takes it, or an expression. */
  default(value: Default, type: DataType): string
  /** The column as in CREATE TABLE and ADD COLUMN, without any constraint but NOT NULL. */
  column(column: Column, table: Table, model: Model): string
  // Constraints as CREATE TABLE and ADD have them, named unless they have no name of their own.
  primaryKey(constraint: PrimaryKey): string
  unique(constraint: Unique): string
  check(constraint: Check): string
  foreignKey(constraint: ForeignKey, table: Table): string
  exclusion(constraint: Exclusion): string
  /** CREATE TABLE alone: no indexes, no comments, nothing before it. */
  createTable(table: Table, model: Model, options?: { readonly ifNotExists?: boolean }): string
  createIndex(
    index: Index,
    table: Table,
    options?: { readonly ifNotExists?: boolean; readonly concurrently?: boolean },
  ): string
  /** Whether ALTER TABLE can drop a column that nothing uses: SQLite's reads all texts of the file for it. */
  dropsColumns(model: Model): boolean
  createView(view: View, options?: { readonly orReplace?: boolean }): string
  createSequence(sequence: Sequence): string
  /** CREATE MATERIALIZED VIEW alone: no indexes, no comment. PostgreSQL. */
  createMaterializedView(view: MaterializedView, options?: { readonly ifNotExists?: boolean }): string
  /** CREATE TRIGGER alone: no comment, no ALTER TABLE … DISABLE TRIGGER. @throws `no-sql` when the dialect has none */
  createTrigger(
    trigger: Trigger,
    options?: { readonly orReplace?: boolean; readonly ifNotExists?: boolean },
  ): string
  readonly batches: BatchSpelling
}

/**
 * Why something failed that may go well when it is tried again: `blocked` by another transaction, the connection `lost`,
 * or the database did not answer yet.
 */
export type Transience = 'blocked' | 'lost' | 'unanswered'

/** A limit in milliseconds; 0 is none; `default` is what the session began with. */
export type Limit = number | 'default'

export interface SessionSettings {
  readonly lockTimeout?: Limit
  readonly statementTimeout?: Limit
}

export interface ConnectOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative SQLite paths start here. */
  readonly cwd: string
  /** A SQLite file that does not exist: create it (upgrade, stamp, ensure-version) or say so (current, check…). */
  readonly create: boolean
  /** Milliseconds that the attempt may take, when that is less than what the URL says. */
  readonly timeout?: number
  /**
   * Nobody else in this process uses the database. One who does could not wait for a lock that goes when this connection
   * gets its turn.
   */
  readonly alone?: true
}

export interface ScratchOptions extends Pick<ConnectOptions, 'env' | 'cwd'> {
  /** A database of the server on which PostgreSQL makes another one. SQLite makes it in memory. */
  readonly url: string
}

export interface Dialect {
  readonly name: DialectName
  readonly spelling: Spelling
  /** Whether its databases forget part of the model (SQLite: enums, comments, the names of unnamed constraints). */
  readonly forgets: boolean
  /** The newest server known: what offline SQL is written for. */
  readonly newest: Server
  /** Whether {@link Connection.lock} holds over transactions; where not, every transaction looks at the heads again. */
  readonly lockHolds: boolean
  /** The statements that apply settings to the transaction (`local`) or the session. */
  settings(settings: SessionSettings, local: boolean): readonly string[]
  /**
   * Opens a connection.
   * @throws why it cannot be reached, for instance `no-such-database`; with the exit code `unreachable`
   */
  connect(url: string, options: ConnectOptions): Promise<Connection>
  /** Why it failed, when trying again may help. */
  transience(error: ProblemError): Transience | undefined
  /** Who has locked what a statement names, a line each: others were in its way. Absent where a failure says it. */
  holders?(connection: Connection, sql: string): Promise<readonly string[]>
  /** The index that a statement was to build CONCURRENTLY, when it is half done. Absent where there is no such thing. */
  halfBuilt?(connection: Connection, sql: string): Promise<QualifiedName | undefined>
  /** The schema of the database as the model says it; what the model cannot say is told by {@link unsaid}. */
  introspect(connection: Connection, options?: IntrospectOptions): Promise<Model>
  /**
   * What the database has and the model cannot say, with the SQL that makes it.
   * @param model as introspected
   */
  unsaid(connection: Connection, model: Model, options?: IntrospectOptions): Promise<readonly UnsaidObject[]>
  /** What is said before a schema is made that was in a database already, where anything is. */
  preamble?(model: Model): UnsaidObject | undefined
  /**
   * Fills a database of its own with SQL, works on it, and drops it whatever happens, a signal included.
   * @param script statements, as a file holds them
   * @throws what connecting throws; `sql-failed` with the script as its SQL
   */
  withScratch<T>(
    script: string,
    options: ScratchOptions,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T>
  /** Whether there is a table of that name: cheap, and never an error. */
  hasTable(connection: Connection, name: QualifiedName): Promise<boolean>
  /** About how many rows a table has, without counting them; undefined when the database does not know. */
  estimateRows?(connection: Connection, name: QualifiedName): Promise<number | undefined>
  /** Whether rows of a table may be hidden from who is connected. Absent where there is no such thing. */
  hidesRows?(connection: Connection, table: QualifiedName): Promise<boolean>
  /**
   * The names with the schemas in which they are found now, or would be made: what SQL does to the search_path later
   * makes them no others. Absent where names are looked for in one place only.
   */
  home?(connection: Connection, names: readonly QualifiedName[]): Promise<readonly QualifiedName[]>
  /** The model as this dialect can hold it: what introspection would return after creating it. */
  project(model: Model): Model
  sameType(a: DataType, b: DataType): boolean
  sameDefault(a: Default | undefined, b: Default | undefined, type: DataType): boolean
  sameExpression(a: string, b: string): boolean
  /** Loads what {@link sameExpression} compares by; introspection does it too, unless `uncompared`. */
  loadComparison?(): Promise<void>
  /** Whether texts that may say the same were taken for different ones because that is not loaded. */
  comparedBlindly?(): boolean
  /**
   * The desired model with the SQL texts of the current one, which the database holds, in the place of those that the
   * server takes for the same, and without what owners are granted on what is theirs. Nothing is changed in the database.
   */
  normalise?(connection: Connection, desired: Model, current: Model): Promise<Model>
  /** What a script writes around a transaction; `rebuild`: SQLite's foreign keys are off in it. The limits hold in it. */
  scriptFrame(rebuild: boolean, settings?: SessionSettings): ScriptFrame
  /** The statements that rebuild a table (SQLite); PostgreSQL never needs it. */
  rebuild?(change: Rebuild): readonly Statement[]
  /** What the table has in the database that the change does not know of, in words: its rebuild would lose it. */
  unseen?(connection: Connection, change: Rebuild): Promise<readonly string[]>
  /** Whether the table's text has comments, which its rebuild does not repeat. */
  commented?(connection: Connection, change: Rebuild): Promise<boolean>
  /** What puts back, after its rebuild, the statistics that the planner has of the table and its indexes. */
  statistics?(connection: Connection, change: Rebuild): Promise<readonly string[]>
}

/** Something in a database that the model cannot say. */
export interface UnsaidObject {
  /** In words: `virtual table "notes"`. */
  readonly what: string
  /** What makes it; undefined when that cannot be told. */
  readonly sql: string | undefined
  /** What drops it. */
  readonly back: string | undefined
  /** Whether tables may need it. */
  readonly early: boolean
  /** Its name, where what is made of tables may need it: views, functions. */
  readonly name?: string
  /** The table that the SQL makes as a whole, with what the model says of it. */
  readonly table?: QualifiedName
}

/** Statements before and after those of a transaction. */
export interface ScriptFrame {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

export interface IntrospectOptions {
  /** It will not be compared with another one: what only comparing needs (a parser of some size) is not loaded. */
  readonly uncompared?: true
  /** Schemas to read besides the default one. Absent: all but the system's. */
  readonly schemas?: readonly string[]
  /** Tables to leave out: the version table and the journal. */
  readonly except?: readonly QualifiedName[]
  /** How long a table that somebody has locked is waited for, where the session does not say. Absent: without end. */
  readonly lockTimeout?: Limit
  /**
   * A schema that the database probably has: what is equal to its tables is them, and needs no comparing. Where the
   * database keeps texts (SQLite) and they are those of that schema, they need not be read.
   */
  readonly likely?: () => Promise<Model | undefined>
}

/** A table to be rebuilt: `before` holds it as it is, `after` as it shall be. */
export interface Rebuild {
  readonly before: Table
  readonly after: Table
  readonly carry: Readonly<Record<string, string>>
  /** The model before the change: its triggers and views on the table survive. */
  readonly model: Model
  /** The model after the change, where the types of `after` are looked up; absent: `model`. */
  readonly modelAfter?: Model
}
