/** Columns: what YAML writes ↔ the model's {@link Column}. */
import { Type } from 'typebox'
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type {
  Column,
  DataType,
  Default,
  Generated,
  Identity,
  Model,
  SequenceOptions,
} from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import { fields, flag, name, optional, sql, words } from '../../shape.ts'
import type { Spec } from '../../shape.ts'
import { fromType, toType, typeShape } from './type.ts'
import type { ReadType } from './type.ts'
import { inlineReference, onConflict as conflictField } from './constraint.ts'

export const defaultShape = Type.Union([
  Type.String(),
  Type.Number(),
  Type.Boolean(),
  Type.Null(),
  fields({ sql: sql('An expression, as written.') }),
], { description: 'A literal, quoted by limbeck, or { sql: expression }. null: none.' })

export type DefaultSpec = Spec<typeof defaultShape>

export const sequenceFields = {
  increment: optional(Type.Integer({ description: 'The step. Default 1.' })),
  start: optional(Type.Integer({ description: 'The first value.' })),
  min_value: optional(Type.Union([Type.Integer(), Type.Null()], { description: 'null: NO MINVALUE.' })),
  max_value: optional(Type.Union([Type.Integer(), Type.Null()], { description: 'null: NO MAXVALUE.' })),
  cache: optional(Type.Integer({ minimum: 1, description: 'How many values a session takes at once.' })),
  cycle: optional(flag('Whether it starts again at its end.')),
}

const GENERATED = ['always', 'by_default'] as const

export const identityShape = Type.Union([
  words(GENERATED),
  fields({
    generated: words(GENERATED, 'Whether a value can be given (by_default) or not (always).'),
    ...sequenceFields,
  }),
], { description: 'GENERATED … AS IDENTITY. On SQLite the integer primary key is one by itself.' })

export type IdentitySpec = Spec<typeof identityShape>

export const generatedShape = fields({
  sql: sql('The expression it is computed from.'),
  stored: optional(flag('true: computed when written (the default); false: when read (VIRTUAL).')),
}, 'A generated column.')

type GeneratedSpec = Spec<typeof generatedShape>

export const columnShape = fields({
  name: name('Its name.'),
  type: typeShape,
  nullable: optional(flag('Whether it takes NULL. Default true; false in a primary key.')),
  default: optional(defaultShape),
  primary_key: optional(flag('It is the primary key (or part of it, where several columns say so).')),
  unique: optional(flag('An unnamed UNIQUE constraint on it alone.')),
  index: optional(flag('An index on it alone, ix_<table>_<column>. With unique, a unique index alone.')),
  references: optional(inlineReference),
  check: optional(sql('An unnamed CHECK of it.')),
  generated: optional(generatedShape),
  identity: optional(identityShape),
  autoincrement: optional(flag("SQLite's AUTOINCREMENT: ids of deleted rows are never used again.")),
  collation: optional(name('Its collation.')),
  on_conflict: conflictField,
  comment: optional(Type.String({ description: 'Its comment (PostgreSQL).' })),
}, 'A column.')

export type ColumnSpec = Spec<typeof columnShape>

/** What only SQL says, whose text is no value of these types; but PostgreSQL takes 'now()' for the time of CREATE TABLE. */
const CALL = /^(?:[a-z_]\w*(?:\.[a-z_]\w*)?\([^']*\)|current_(?:date|time|timestamp)|localtime(?:stamp)?)$/i
const NEVER_TEXT: ReadonlySet<DataType['kind']> = new Set(
  ['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'uuid'] as const,
)

/**
 * The model's default; an integer that a number of YAML cannot hold is written as `{ sql: '…' }` and is a literal too, and
 * so is a text that looks like SQL. `null` is no default, as PostgreSQL takes DEFAULT NULL; but a domain's own default is
 * put out of force by it.
 * @throws `text-default` for SQL where a text would stand for a time
 */
export function toDefault(
  spec: DefaultSpec,
  type: DataType,
  path: Path = ['default'],
): Default | undefined {
  if (spec === null) return type.kind === 'domain' ? { literal: null } : undefined
  if (typeof spec === 'string' && NEVER_TEXT.has(type.kind) && CALL.test(spec)) {
    fault('text-default', `the default "${spec}" is a text, not what it computes`, {
      path,
      hint: `write default: { sql: ${spec} }`,
    })
  }
  if (typeof spec !== 'object') return { literal: spec }
  const [, text] = /^'([^']+)'$/.exec(spec.sql) ?? []
  if (text !== undefined && CALL.test(text)) return { literal: text }
  const wide = /^[+-]?\d+$/.test(spec.sql) && !Number.isSafeInteger(Number(spec.sql))
  return wide ? { literal: BigInt(spec.sql) } : { expression: spec.sql }
}

export function fromDefault(value: Default): DefaultSpec {
  if ('expression' in value) return { sql: value.expression }
  const { literal } = value
  if (typeof literal === 'string' && CALL.test(literal)) return { sql: `'${literal}'` }
  return typeof literal === 'bigint' ? { sql: String(literal) } : literal
}

type SequenceSpec = Pick<
  Exclude<IdentitySpec, string>,
  'increment' | 'start' | 'min_value' | 'max_value' | 'cache' | 'cycle'
>

export function toSequenceOptions(spec: SequenceSpec): SequenceOptions {
  const { increment, start, min_value: minValue, max_value: maxValue, cache, cycle } = spec
  return defined({ increment, start, minValue, maxValue, cache, cycle })
}

export function fromSequenceOptions(options: SequenceOptions): SequenceSpec {
  const { increment, start, minValue, maxValue, cache, cycle, ...rest } = options
  void (rest satisfies Record<string, never>)
  return defined({ increment, start, min_value: minValue, max_value: maxValue, cache, cycle })
}

export function toIdentity(spec: IdentitySpec): Identity {
  if (typeof spec === 'string') return { generated: spec }
  return { generated: spec.generated, ...toSequenceOptions(spec) }
}

export function fromIdentity(identity: Identity): IdentitySpec {
  const { generated, ...options } = identity
  const rest = fromSequenceOptions(options)
  return Object.keys(rest).length === 0 ? generated : { generated, ...rest }
}

const INTEGERS: ReadonlySet<DataType['kind']> = new Set(['smallint', 'integer', 'bigint'])

/**
 * Refuses a column that cannot be on either database: two sources of its values, or NULL where there is none.
 * @throws `contradiction`, `identity-type`
 */
export function checkColumn(one: Column, path: Path = []): void {
  const contradiction = (what: string, field: string): never =>
    fault('contradiction', `column "${one.name}" ${what}`, { path: [...path, field] })
  if (one.generated !== undefined && one.default !== undefined) {
    contradiction('is generated: it takes no default', 'default')
  }
  if (one.generated !== undefined && (one.identity !== undefined || one.serial)) {
    contradiction('is generated: it is no serial and no identity', 'generated')
  }
  if (one.default !== undefined && (one.identity !== undefined || one.serial)) {
    contradiction(`is ${one.serial ? 'serial' : 'an identity'}: it takes no default`, 'default')
  }
  if (one.identity === undefined) return
  if (one.serial) contradiction('is serial: it takes no identity', 'identity')
  if (one.nullable) contradiction('is an identity: it cannot be nullable', 'nullable')
  if (INTEGERS.has(one.type.kind) || one.type.kind === 'native' || one.type.kind === 'domain') return
  fault('identity-type', `column "${one.name}" is an identity: its type is smallint, integer or bigint`, {
    path: [...path, 'type'],
  })
}

type ReadColumn = { readonly column: Column } & ReadType

/** Columns that are written alike are one piece of data (`yaml/quick-flow.ts`), so that they are one in the model, too. */
const BY_SPEC = new WeakMap<ColumnSpec, ReadColumn>()

/**
 * The model's column, and what its type brings with it. Its constraints are `constraint.ts`'s.
 *
 * A primary key becomes SERIAL or an identity only when it says so; SQLAlchemy's and Alembic's do by themselves. On
 * SQLite `type: serial, primary_key: true` is INTEGER, the rowid's other name.
 * @throws `unknown-type` and the like; `contradiction` for a column that cannot be
 */
export function toColumn(spec: ColumnSpec, model: Model, path: Path = []): ReadColumn {
  const known = BY_SPEC.get(spec)
  if (known !== undefined) return known
  const read = readColumn(spec, model, path)
  // Other types depend on the model.
  if (typeof spec.type === 'string') BY_SPEC.set(spec, read)
  return read
}

function readColumn(spec: ColumnSpec, model: Model, path: Path): ReadColumn {
  const read = toType(spec.type, model, [...path, 'type'])
  const { name, nullable, default: value, generated, identity, autoincrement, collation, comment } = spec
  const never = spec.primary_key ? 'in the primary key' : read.serial ? 'serial' : undefined
  if (nullable && never !== undefined) {
    fault('contradiction', `column "${name}" is ${never}: it cannot be nullable`, {
      path: [...path, 'nullable'],
    })
  }
  const column: Column = defined({
    name,
    type: read.type,
    nullable: nullable ?? (never === undefined && identity === undefined),
    default: value === undefined ? undefined : toDefault(value, read.type, [...path, 'default']),
    generated: generated === undefined ? undefined : toGenerated(generated),
    identity: identity === undefined ? undefined : toIdentity(identity),
    serial: read.serial,
    autoincrement: autoincrement === true ? true as const : undefined,
    collation,
    comment,
    onConflict: conflictOf(spec, path),
  })
  checkColumn(column, path)
  return { column, ...read }
}

/** SQLite's ON CONFLICT of NOT NULL; its default is not written. */
function conflictOf({ name, nullable, on_conflict: action }: ColumnSpec, path: Path): Column['onConflict'] {
  if (action !== undefined && nullable !== false) {
    fault('contradiction', `column "${name}" takes NULL: there is no conflict`, {
      path: [...path, 'on_conflict'],
      hint: 'on_conflict says what happens to a NULL: write `nullable: false` too',
    })
  }
  return action === 'abort' ? undefined : action
}

export function toGenerated(spec: GeneratedSpec): Generated {
  return { expression: spec.sql, stored: spec.stored ?? true }
}

export function fromGenerated(one: Generated): GeneratedSpec {
  return defined({ sql: one.expression, stored: one.stored ? undefined : false })
}

/** What YAML writes for a column; `primaryKey` when it alone is the primary key. */
export function fromColumn(
  column: Column,
  model: Model,
  options: { readonly primaryKey?: boolean } = {},
): ColumnSpec {
  const { name, type, nullable, default: value, generated, identity, serial, autoincrement, ...more } = column
  const { collation, comment, onConflict, was: _, ...rest } = more
  void (rest satisfies Record<string, never>)
  // NOT NULL is said where a conflict clause belongs to it.
  const implied = onConflict === undefined &&
    (options.primaryKey || serial !== undefined || identity !== undefined)
  return defined({
    name,
    type: fromType(type, model, serial),
    primary_key: options.primaryKey ? true : undefined,
    nullable: implied && !nullable ? undefined : nullable ? undefined : false,
    default: value === undefined ? undefined : fromDefault(value),
    generated: generated === undefined ? undefined : fromGenerated(generated),
    identity: identity === undefined ? undefined : fromIdentity(identity),
    autoincrement,
    collation,
    on_conflict: onConflict,
    comment,
  })
}
