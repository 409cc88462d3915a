/** What the parts of the importer share while one function of a revision is read. */
import { createHash } from 'node:crypto'
import { EXIT, fault } from '../../problem.ts'
import type { DialectName } from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import type { Operation } from '../../ops/index.ts'
import type { TypeSpec } from '../../ops/parts/type.ts'
import type { Statement } from '../imported.ts'
import { notUnderstood } from '../evaluate/value.ts'
import type { Arguments, FunctionValue, Value } from '../evaluate/value.ts'
import type { Place } from '../python/syntax.ts'

/** An operation of the original, in limbeck's words. */
export interface Emitted {
  readonly operation: Operation
  readonly at: Place
  /** The statement of SQL that it was read from. */
  readonly raw?: Statement
}

export interface Options {
  /** The one database that the history is for. Absent: both. */
  readonly dialect?: DialectName
  /** What types of the application are, by their dotted names. */
  readonly types: ReadonlyMap<string, TypeSpec>
  /** The constant of the application that a dotted name stands for. */
  readonly constant?: (path: string) => Value | undefined
}

export type Run = (callee: FunctionValue, args: Arguments) => Value

/** What one function of a revision comes to. */
export class Collection {
  readonly operations: Emitted[] = []
  /** lock_timeout, statement_timeout. */
  readonly settings = new Map<string, string>()
  /** What a person should know that is no mistake. */
  readonly notes: { readonly message: string; readonly at: Place }[] = []
  readonly options: Options
  /** The database that is looked at, when what is done depends on it. */
  readonly dialect: DialectName | undefined
  constructor(options: Options, dialect: DialectName | undefined) {
    this.options = options
    this.dialect = dialect
  }
  /** Calls a function that is an argument. */
  run: Run = () => notUnderstood('what is called is not known')
  emit(at: Place, fields: Readonly<Record<string, unknown>> & { readonly op: string }): void {
    this.operations.push({ operation: defined(fields) as unknown as Operation, at })
  }
  /** Before that, operations are no longer added to. */
  floor = 0
  /** @returns what the body emits, which is no part of an operation before it */
  apart<T>(body: () => T): { readonly completion: T; readonly emitted: readonly Emitted[] } {
    const [before, outer] = [this.operations.length, this.floor]
    this.floor = before
    const completion = body()
    this.floor = outer
    return { completion, emitted: this.operations.slice(before) }
  }
  note(at: Place, message: string): void {
    this.notes.push({ message, at })
  }
  /**
   * The database, where only that decides.
   * @throws `needs-dialect` when the function must be read once for each
   */
  needDialect(): DialectName {
    return this.dialect ??
      fault('needs-dialect', 'what it does depends on the database', { exit: EXIT.usage })
  }
}

/** What differs in SQLAlchemy from database to database. */
interface SqlAlchemy {
  /** `dialect.name` */
  readonly name: string
  /** The arguments that are for another database. */
  readonly foreign: RegExp
  /** How long a conventional name can be. */
  readonly longestName: number
  /** Whether foreign keys with `use_alter` are left out of CREATE TABLE. */
  readonly altersLater: boolean
  /** Whether `postgresql_using` of a column counts. */
  readonly converts: boolean
  /** Whether the key of a table with `sqlite_autoincrement` keeps its name. */
  readonly namesKeys: boolean
  /** Whether there are types for enums and booleans. */
  readonly hasTypes: boolean
}

export const SQLALCHEMY: Readonly<Record<DialectName, SqlAlchemy>> = {
  postgres: {
    name: 'postgresql',
    foreign: /^sqlite_/,
    longestName: 63,
    altersLater: true,
    converts: true,
    namesKeys: true,
    hasTypes: true,
  },
  sqlite: {
    name: 'sqlite',
    foreign: /^postgresql_(?!concurrently$)/,
    longestName: 9999,
    altersLater: false,
    converts: false,
    namesKeys: false,
    hasTypes: false,
  },
}

/** The shortest limit of all. */
const LONGEST_NAME = Math.min(...Object.values(SQLALCHEMY).map((one) => one.longestName))

/**
 * A name that comes from a convention: SQLAlchemy cuts it where the database has no room for it, and puts a hash in its
 * place (sqlalchemy/sql/compiler.py, `_truncate_and_render_maxlen_name`).
 * @throws `needs-dialect` where that is so for one of them alone
 */
export function conventionalName(name: string, context: Collection): string {
  if (name.length <= LONGEST_NAME) return name
  const longest = SQLALCHEMY[context.needDialect()].longestName
  if (name.length <= longest) return name
  const hash = createHash('md5').update(name).digest('hex')
  return `${name.slice(0, longest - 8)}_${hash.slice(-4)}`
}
