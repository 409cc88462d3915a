/**
 * What limbeck knows about one operation. Everything the tool does with operations goes through these doors; nothing
 * outside an operation's own file asks what kind it is.
 */
import type { TSchema } from 'typebox'
import { fault } from '../problem.ts'
import type { Path } from '../problem.ts'
import type { DialectName, Model, QualifiedName } from '../model/model.ts'
import type { Compiled, Server, Spelling } from '../dialect/dialect.ts'
import type { Operation } from './index.ts'
import type { Spec } from '../shape.ts'

/** An operation of kind K with the fields of its shape S: what YAML holds, verbatim, as plain data. */
export type Op<K extends string, S extends TSchema> =
  & { readonly op: K; readonly only?: DialectName }
  & Spec<S>

export interface CompileContext {
  readonly before: Model
  readonly after: Model
  readonly sql: Spelling
  readonly server: Server
}

export type Compile<O> = (op: O, cx: CompileContext) => readonly Compiled[]

/** What undoes an operation, or why nothing does. */
export type Inverse = readonly Operation[] | { readonly irreversible: string }

/** What an operation does to people and data, on any dialect. */
export interface Effect {
  readonly kind: 'destroys-data' | 'breaks-readers' | 'refuses-rows' | 'unknown'
  /** The table, view or type concerned. */
  readonly object: string
  readonly column?: string
  /** One sentence for a person. */
  readonly why: string
}

/** A table, or a column of it, that has another name afterwards: its rows go on under that. */
export interface Renamed extends QualifiedName {
  readonly column?: string
  readonly to: string
}

export interface Definition<O extends { op: string }> {
  readonly kind: O['op']
  /** One sentence: what it does. The JSON Schema's description and the head of `explain`. */
  readonly summary: string
  readonly shape: TSchema
  /** A small example: what must exist before, and the operation. `explain` prints it with both SQLs. */
  readonly example: { readonly given?: readonly Operation[]; readonly operation: O }
  /** The model after it. Also its semantic validation: @throws with a path relative to the operation's fields. */
  apply(op: O, model: Model): Model
  invert(op: O, before: Model): Inverse
  readonly compile: Readonly<Record<DialectName, Compile<O>>>
  effects(op: O, before: Model): readonly Effect[]
  /** What goes on under another name. Absent: nothing. */
  renames?(op: O): readonly Renamed[]
  /** One line for a person: `add column users.seen (timestamptz)`. */
  describe(op: O): string
  /**
   * Whether the model after it cannot be known without looking at the database (raw SQL without `effects`). Absent:
   * never.
   */
  opaque?(op: O): boolean
  /** It runs SQL as written: whatever is known of it, it may change rows of any table. */
  readonly runsSql?: true
  /**
   * Its fields that say nothing of the schema after it: values of rows, SQL whose effect is declared or not known. Whoever
   * only wants the schema can do without the variables in them. Absent: none.
   */
  dataFields?(op: O): readonly string[]
  /** For an operation that creates: what its objects are in a models document. */
  readonly declares?: Declares<O>
}

/** The lists of a models document. Each holds operations of one kind, as their fields. */
export type Section =
  | 'schemas'
  | 'extensions'
  | 'enums'
  | 'domains'
  | 'sequences'
  | 'tables'
  | 'functions'
  | 'procedures'
  | 'views'
  | 'materialized_views'
  | 'triggers'
  | 'row_level_security'
  | 'no_row_level_security'
  | 'policies'
  | 'grants'
  | 'revokes'

export interface Declares<O> {
  readonly section: Section
  /** The operations that create what a model holds of it, in the order of the model; names in one list only. */
  of(model: Model): readonly O[]
}

/** The same SQL on both dialects, but for the spelling. */
export function everywhere<O>(compile: Compile<O>): Readonly<Record<DialectName, Compile<O>>> {
  return { postgres: compile, sqlite: compile }
}

/** A compile that refuses: `SQLite has no sequences`. The hint says what to write instead. */
export function unsupported<O>(
  message: string,
  hint = 'write `only: postgres` beside the operation',
): Compile<O> {
  return () => fault('unsupported', message, { path: [], hint })
}

/** Refuses one field of an operation on this dialect. */
export function unsupportedField(message: string, path: Path): never {
  return fault('unsupported', message, { path, hint: 'write `only: postgres` beside the operation' })
}
