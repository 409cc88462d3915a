/** What a run has in hand: the connection, the revisions, and how to tell people what happens. */
import type { Model, Naming, QualifiedName } from '../model/model.ts'
import type { Connection, Dialect, SessionSettings } from '../dialect/dialect.ts'
import type { Graph } from '../revision/graph/graph.ts'
import type { LoadedRevision } from '../revision/load.ts'
import type { Problem } from '../problem.ts'

/** The revisions of a project. */
export interface History {
  readonly graph: Graph
  /**
   * Reads the files of these revisions whole.
   * @throws the problems of all of them at once
   */
  load(ids: readonly string[]): Promise<ReadonlyMap<string, LoadedRevision>>
}

/** Told of what happens; the command line prints it, a program may log it. */
export interface Reporter {
  /** Before the first of some steps. */
  begin(total: number): void
  /** Before a revision runs. */
  start(line: string): void
  /** After it; `milliseconds` is its whole time. */
  done(line: string, milliseconds: number): void
  /** When the last is done, or one failed. */
  end(): void
  warn(problem: Pick<Problem, 'code' | 'message' | 'hint' | 'at'>): void
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
}

/** A model to start from, with the configuration's naming. */
export function withNaming(model: Model, naming: Naming | undefined): Model {
  return naming === undefined ? model : { ...model, naming }
}
