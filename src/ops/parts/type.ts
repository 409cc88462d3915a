/** Types of columns: what YAML writes ↔ the model's {@link DataType}. */
import { Type } from 'typebox'
import { didYouMean, fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { DataType, Model, QualifiedName } from '../../model/model.ts'
import { find, shown } from '../../model/edit.ts'
import { element } from '../../model/types.ts'
import { defined } from '../../model/defined.ts'
import { fields, name, optional, text } from '../../shape.ts'
import type { Spec } from '../../shape.ts'
import { parseType, wordHint } from './type-words.ts'

const values = Type.Array(Type.String(), {
  minItems: 1,
  uniqueItems: true,
  description: 'Its values, in order.',
})

const array = optional(
  Type.Integer({ minimum: 1, description: 'An array of it, of so many dimensions.' }),
)

const schema = optional(Type.String({ minLength: 1, description: 'The schema that the type is in.' }))

/** The shape of `type:`. Strings are looked at by {@link toType}, so that a misspelt one gets a suggestion. */
export const typeShape = Type.Union([
  Type.String({
    minLength: 1,
    description: 'A portable type: varchar(30), numeric(10, 2), timestamptz, integer[]…',
  }),
  fields({
    enum: Type.Union([values, name('The name of an enum that exists.')], {
      description: 'The values of an enum, or the name of one that exists.',
    }),
    name: optional(Type.String({ minLength: 1, description: 'The name of the type (PostgreSQL).' })),
    schema,
    native: optional(Type.Boolean({ description: 'false: a varchar as long as the longest value.' })),
    check: optional(Type.Boolean({ description: 'With native: false, a CHECK of the values.' })),
    array,
  }, 'An enum.'),
  fields({
    domain: name('The name of the domain.'),
    schema,
    array,
  }, 'A domain that exists.'),
  fields(
    { native: text('The type as the dialect writes it.') },
    'A type of one dialect, passed through as written.',
  ),
  fields({
    postgres: optional(text('The type on PostgreSQL.')),
    sqlite: optional(Type.String({ description: 'The type on SQLite. Empty: a column without a type.' })),
  }, 'A type a dialect, passed through as written.'),
], { description: 'A portable type name, or an enum, a domain, or a type of the dialect.' })

export type TypeSpec = Spec<typeof typeShape>

export interface ReadType {
  readonly type: DataType
  readonly serial?: true
  /** The enum that the column brings with it, when the model has none of that name. */
  readonly newEnum?: QualifiedName & { readonly values: readonly string[] }
  /** The values a CHECK must allow (`native: false, check: true`). */
  readonly allowed?: readonly string[]
}

/**
 * The model's type for what YAML says.
 * @throws `unknown-type` with a suggestion; `no-such-enum`, `no-such-domain`; `enum-differs` when an enum of that name
 *   exists with other values
 */
export function toType(spec: TypeSpec, model: Model, path: Path = ['type']): ReadType {
  if (typeof spec === 'string') return parseType(spec) ?? unknownType(spec, model, path)
  if ('enum' in spec) return toEnum(spec, model, path)
  if ('domain' in spec) {
    const named = defined({ schema: spec.schema, name: spec.domain })
    if (find(model, 'domains', named) === undefined) {
      fault('no-such-domain', `there is no domain "${shown(named)}"`, { path: [...path, 'domain'] })
    }
    return { type: wrapped({ kind: 'domain', ...named }, spec.array) }
  }
  if ('native' in spec) return { type: { kind: 'native', postgres: spec.native, sqlite: spec.native } }
  const { postgres, sqlite } = spec
  if (postgres !== undefined && sqlite === undefined) return { type: nativeArray(postgres) }
  return { type: defined({ kind: 'native', postgres, sqlite }) }
}

/** PostgreSQL alone has arrays, and tells of one as an array of its element. */
function nativeArray(text: string): DataType {
  const [, element, brackets = ''] = /^(.*[^[\]\s])\s*((?:\[\])+)$/s.exec(text) ?? [text, text]
  return wrapped({ kind: 'native', postgres: element! }, brackets.length / 2 || undefined)
}

function wrapped(type: DataType, dimensions: number | undefined): DataType {
  return dimensions === undefined ? type : { kind: 'array', of: type, dimensions }
}

function unknownType(written: string, model: Model, path: Path): never {
  const hint = model.enums.some((one) => one.name === written)
    ? `an enum is written { enum: ${written} }`
    : model.domains.some((one) => one.name === written)
    ? `a domain is written { domain: ${written} }`
    : wordHint(written)
  return fault('unknown-type', `unknown type "${written}"`, { path, hint })
}

function toEnum(spec: Extract<TypeSpec, { enum: unknown }>, model: Model, path: Path): ReadType {
  const wrap = (type: DataType) => wrapped(type, spec.array)
  const listed = typeof spec.enum === 'string' ? undefined : spec.enum
  if (spec.native === false) {
    if (listed === undefined) {
      fault('enum-values', 'an enum with `native: false` lists its values', {
        path: [...path, 'enum'],
        hint: 'write { enum: [a, b], native: false }',
      })
    }
    const length = Math.max(...listed.map((value) => [...value].length))
    return { type: wrap({ kind: 'varchar', length }), ...(spec.check ? { allowed: listed } : {}) }
  }
  const named = defined({
    schema: spec.schema,
    name: spec.name ?? (listed === undefined ? spec.enum as string : ''),
  })
  if (named.name === '') {
    fault('enum-name', 'an enum has a name', {
      path: [...path, 'enum'],
      hint: 'write { enum: [...], name: … }',
    })
  }
  const known = find(model, 'enums', named)
  const type = wrap({ kind: 'enum', ...named })
  if (known === undefined) {
    if (listed === undefined) {
      noSuchEnum(named, spec, model, [...path, 'enum'])
    }
    return { type, newEnum: { ...named, values: listed } }
  }
  if (listed !== undefined && known.values.join('\0') !== listed.join('\0')) {
    fault('enum-differs', `the enum "${shown(named)}" exists with other values: ${known.values.join(', ')}`, {
      path: [...path, 'enum'],
      hint: 'use add_enum_value or set_enum_values to change it, or another name',
    })
  }
  return { type }
}

function noSuchEnum(
  named: QualifiedName,
  spec: Extract<TypeSpec, { enum: unknown }>,
  model: Model,
  path: Path,
): never {
  const near = didYouMean(named.name, model.enums.map((one) => one.name))
  return fault('no-such-enum', `there is no enum "${shown(named)}"`, {
    path,
    hint: near !== undefined
      ? `did you mean "${near}"?`
      : spec.name === undefined
      ? `with its values it is made: { enum: [a, b], name: ${spec.enum} }`
      : `values are a list: { enum: [${spec.enum}], name: ${spec.name} }`,
  })
}

/** The portable name of a type, as YAML and messages write it: `varchar(30)`, `integer[]`. */
export function typeName(type: DataType): string {
  switch (type.kind) {
    case 'varchar':
    case 'char':
      return type.length === undefined ? type.kind : `${type.kind}(${type.length})`
    case 'numeric':
      if (type.precision === undefined) return 'numeric'
      return `numeric(${type.precision}${type.scale === undefined ? '' : `, ${type.scale}`})`
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
      return type.precision === undefined ? type.kind : `${type.kind}(${type.precision})`
    case 'enum':
    case 'domain':
      return shown(type)
    case 'bytea':
      return 'bytes'
    case 'array':
      return `${typeName(type.of)}${'[]'.repeat(type.dimensions)}`
    case 'native':
      return type.postgres ?? type.sqlite ?? 'native'
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'boolean':
    case 'date':
    case 'text':
    case 'json':
    case 'jsonb':
    case 'uuid':
      return type.kind
  }
}

const SERIAL_NAMES: Readonly<Record<string, string>> = {
  integer: 'serial',
  bigint: 'bigserial',
  smallint: 'smallserial',
}

/** What YAML writes for a type; an enum carries its values so that the column can be created anew. */
export function fromType(type: DataType, model: Model, serial?: boolean): TypeSpec {
  if (serial) return SERIAL_NAMES[type.kind] ?? typeName(type)
  const base = element(type)
  const array = type.kind === 'array' ? { array: type.dimensions } : {}
  if (base.kind === 'enum') {
    const values = find(model, 'enums', base)?.values
    return values === undefined
      ? defined({ enum: base.name, schema: base.schema, ...array })
      : defined({ enum: values, name: base.name, schema: base.schema, ...array })
  }
  if (base.kind === 'domain') return defined({ domain: base.name, schema: base.schema, ...array })
  if (base.kind !== 'native') return typeName(type)
  const { postgres, sqlite } = base
  if (postgres !== undefined && postgres === sqlite) return { native: typeName(type) }
  return type.kind === 'array' ? { postgres: typeName(type) } : defined({ postgres, sqlite })
}

/** How a type with its values is shown in one line: `enum jobstatus`, `varchar(9)`. */
export function shownType(spec: TypeSpec): string {
  if (typeof spec === 'string') return spec
  if ('enum' in spec) {
    if (spec.native === false) return `enum of ${spec.enum.length} values`
    return `enum ${spec.name ?? spec.enum}${spec.array === undefined ? '' : '[]'.repeat(spec.array)}`
  }
  if ('domain' in spec) return `domain ${spec.domain}${'[]'.repeat(spec.array ?? 0)}`
  if ('native' in spec) return spec.native
  return spec.postgres ?? spec.sqlite ?? 'native'
}
