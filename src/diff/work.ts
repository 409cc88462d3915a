/** A difference being worked out: the schema as the operations found so far leave it, and what it shall become. */
import type { Model, QualifiedName, Table } from '../model/model.ts'
import { find } from '../model/edit.ts'
import { locate } from '../problem.ts'
import type { Dialect, Server } from '../dialect/dialect.ts'
import { definitionOf } from '../ops/index.ts'
import type { Operation } from '../ops/index.ts'
import { shadowOf, shareShadow } from './shadow.ts'

/** A difference that no operation can make go away, in words: `table "users": tablespace is absent, not "fast"`. */
export interface Note {
  readonly object: string
  readonly message: string
}

export class Work {
  /** As the operations so far leave it. */
  model: Model
  /** What it shall be, with the names that unnamed constraints have in the database. */
  desired: Model
  readonly dialect: Dialect
  readonly server: Server
  readonly operations: Operation[] = []
  readonly notes: Note[] = []
  /** What was renamed, as answers name it. */
  readonly renames: { readonly from: string; readonly to: string }[] = []
  /** The names, old and new, of what was renamed; those of a column with its table. */
  readonly renamed: { readonly table: readonly string[]; readonly column?: readonly string[] }[] = []
  /** Keys of the views that are dropped and created as they were. */
  readonly kept = new Set<string>()
  /** Tables that were found to be as they shall be. */
  readonly #settled = new WeakMap<Table, Table>()

  constructor(model: Model, desired: Model, dialect: Dialect, server: Server) {
    this.model = model
    this.desired = desired
    this.dialect = dialect
    this.server = server
  }

  /** Takes an operation: the model is the one after it. @throws what `apply` throws: then the difference is wrong */
  emit(operation: Operation): void {
    const definition = definitionOf(operation)
    this.model = locate((problem) => ({
      ...problem,
      notes: [...problem.notes ?? [], `while working out "${definition.describe(operation)}"`],
    }), () => definition.apply(operation, this.model))
    this.operations.push(operation)
  }

  note(object: string, message: string): void {
    this.notes.push({ object, message })
  }

  table(name: QualifiedName): Table | undefined {
    return find(this.model, 'tables', name)
  }

  /** Remembers that a table is what it shall be; a change of either makes it forgotten. */
  settle(from: Table, to: Table): void {
    this.#settled.set(from, to)
  }

  isSettled(from: Table, to: Table): boolean {
    return this.#settled.get(from) === to
  }

  /** A table of a model as the dialect can hold it. */
  shadow(table: Table, model: Model): Table {
    return shadowOf(this.dialect, table, model)
  }

  /** Remembers that the shadow of a table is equal to another one. */
  share(table: Table, model: Model, shadow: Table): void {
    shareShadow(this.dialect, table, model, shadow)
  }
}
