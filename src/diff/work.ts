/** A difference being worked out: the schema as the operations found so far leave it, and what it shall become. */
import { EMPTY } from '../model/model.ts'
import type { Model, QualifiedName, Table } from '../model/model.ts'
import { find } from '../model/edit.ts'
import { locate } from '../problem.ts'
import type { Dialect, Server } from '../dialect/dialect.ts'
import { definitionOf } from '../ops/index.ts'
import type { Operation } from '../ops/index.ts'

/** A difference that no operation can make go away, in words: `table "users": tablespace is absent, not "fast"`. */
export interface Note {
  readonly object: string
  readonly message: string
}

/** What tells objects of one kind: the schema and the name. */
export function keyOf({ schema = '', name }: QualifiedName): string {
  return `${schema}\0${name}`
}

/** Objects by {@link keyOf}. */
export function byKey<T extends QualifiedName>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((one) => [keyOf(one), one]))
}

/** Equal to the letter: the quick answer for most of what is compared. The order of an object's fields does not count. */
export function identical(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((one, i) => identical(one, b[i]))
  }
  const [x, y] = [a, b] as readonly Readonly<Record<string, unknown>>[]
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && identical(x![key], y![key]))
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
    return this.dialect.project({
      ...EMPTY,
      enums: model.enums,
      domains: model.domains,
      tables: [table],
    }).tables[0]!
  }
}
