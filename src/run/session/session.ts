/** What a run has in hand: the connection, the revisions, and how to tell people what happens. */
import type { Model, Naming, QualifiedName } from '../../model/model.ts'
import type { Connection, Dialect, Lock, SessionSettings } from '../../dialect/dialect.ts'
import type { Graph } from '../../revision/graph/graph.ts'
import type { LoadedRevision } from '../../revision/load.ts'
import type { Problem } from '../../problem.ts'
import type { CountedLoss } from '../../plan/losses.ts'
import type { Lifeline } from './lifeline.ts'

/** How long to wait for the migration lock, and to try again what others made fail, in milliseconds, unless told. */
export const LOCK_WAIT = 300_000
export const RETRY_FOR = 120_000

/** The revisions of a project. */
export interface History {
  readonly graph: Graph
  /**
   * Reads the files of these revisions whole.
   * @returns these, and maybe others that were read before
   * @throws the problems of all of them at once
   */
  load(ids: readonly string[]): Promise<ReadonlyMap<string, LoadedRevision>>
  /** A revision whose file was read whole already. Absent where none is kept. */
  loaded?(id: string): LoadedRevision | undefined
}

/** How far a statement is that changes rows in batches. */
export interface RowsChanged {
  /** `backfill email_lower in users`. */
  readonly what: string
  readonly rows: number
  /** How many there were to change, when it began. */
  readonly total: number
  /** Milliseconds that it may take still; 0 when it is done. */
  readonly left: number
}

/** Told of what happens; the command line prints it, a program may log it. */
export interface Reporter {
  /** Before the first of some steps. */
  begin(total: number): void
  /** Before a revision runs. */
  start(line: string): void
  /** While rows are changed in batches, after each batch. */
  rows?(changed: RowsChanged): void
  /** After it; `milliseconds` is its whole time. */
  done(line: string, milliseconds: number): void
  /** When the last is done, or one failed. */
  end(): void
  warn(problem: Pick<Problem, 'code' | 'message' | 'hint' | 'at'>): void
  /** That something is waited for, or tried again, in a line. */
  waiting?(line: string): void
}

export interface RunOptions {
  readonly transaction: 'per_revision' | 'all'
  readonly tag?: string
  /** The limits of the configuration; a revision's own come before. */
  readonly settings: SessionSettings
  readonly naming?: Naming
  /** PostgreSQL: the schemas to look at besides the default one; absent: all. */
  readonly schemas?: readonly string[]
  readonly reporter: Reporter
  /** An applied revision that was changed since is an error for an upgrade, not a warning. */
  readonly strict?: boolean
  /** Told of data that steps destroy, before the first of them runs; it refuses by throwing. */
  approve?(losses: readonly CountedLoss[]): Promise<void>
  /** How long to wait for the migration lock, in milliseconds; {@link LOCK_WAIT} unless told. */
  readonly lockWait?: number
  /** How long to try again what others made fail, in milliseconds; {@link RETRY_FOR} unless told. */
  readonly retryFor?: number
  /** What to do about a statement of a run that was cut short, when nobody can know whether it was done. */
  readonly resume?: 'retry' | 'skip'
  /** Stops the run at a safe point. */
  readonly signal?: AbortSignal
}

export interface Session {
  readonly connection: Connection
  readonly dialect: Dialect
  readonly history: History
  readonly versionTable: QualifiedName
  readonly journal: QualifiedName
  /** Other names of the two tables, under which introspection may meet them. */
  readonly alias?: readonly QualifiedName[]
  readonly options: RunOptions
  /** What opens the connection anew; without it a run that loses its connection fails. */
  readonly lifeline?: Lifeline
  /** The migration lock, while it is held. */
  readonly lock?: Lock
}

/** A model to start from, with the configuration's naming. */
export function withNaming(model: Model, naming: Naming | undefined): Model {
  return naming === undefined ? model : { ...model, naming }
}
