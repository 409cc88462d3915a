/** SQLAlchemy's enums. */
import { defined } from '../../model/defined.ts'
import type { TypeSpec } from '../../ops/parts/type.ts'
import { isKind, isSequence, notUnderstood, text } from '../evaluate/value.ts'
import type { Arguments, Construct, Value } from '../evaluate/value.ts'
import { Bound, lastName, LIBRARIES, textOf } from './arguments.ts'
import type { Collection } from './context.ts'

/** What `Enum('a', 'b', name='x')` or `Enum(PythonEnum)` says. */
export interface EnumArguments {
  readonly values: readonly string[]
  readonly name?: string
  readonly size?: number
  /** Whether it is a type of the database that has such types. Without a name there is none, only a VARCHAR. */
  readonly native: boolean
  readonly checked: boolean
  readonly schema?: string
}

/** https://docs.sqlalchemy.org/en/20/core/type_basics.html#sqlalchemy.types.Enum */
export function enumArguments(args: Arguments, word: string, { run }: Collection): EnumArguments {
  const bound = new Bound(word, { positional: [], named: args.named }, [])
  const [first] = args.positional
  const own = first !== undefined && isKind(first, 'class') ? first : undefined
  const chosen = own === undefined ? undefined : bound.some('values_callable')
  if (chosen !== undefined && !isKind(chosen, 'function')) {
    return notUnderstood('"values_callable" is not known')
  }
  const values = chosen !== undefined
    ? labels(run(chosen, { positional: [own!], named: new Map() }))
    : own === undefined
    ? args.positional.flatMap(labels)
    : own.members.map(([name]) => name)
  const name = bound.text('name') ?? own?.name.toLowerCase()
  return {
    values,
    name,
    size: bound.number('length'),
    native: bound.flag('native_enum') !== false && name !== undefined,
    checked: bound.flag('create_constraint') === true,
    schema: bound.text('schema'),
  }
}

/** A CHECK with a name is no part of the type: see {@link ./implied-check.ts}. */
export function enumType(args: Arguments, word: string, context: Collection): TypeSpec {
  const { values, name, size, native, checked, schema } = enumArguments(args, word, context)
  if (native) {
    return defined({
      enum: values.length === 0 ? name : values,
      name: values.length === 0 ? undefined : name,
      schema,
    }) as TypeSpec
  }
  if (size !== undefined) return `varchar(${size})`
  return defined({
    enum: values,
    native: false,
    check: checked && name === undefined || undefined,
  }) as TypeSpec
}

/**
 * The type where its table is, which `inherit_schema=True` says of an enum, or of those in an array.
 * @param value what the type was read from
 * @param schema that of the table
 */
export function inheriting(type: TypeSpec, value: Value, schema: string | undefined): TypeSpec {
  if (typeof type === 'string' || !('enum' in type) || !inherits(value)) return type
  const { schema: _, ...rest } = type
  return defined({ ...rest, schema }) as TypeSpec
}

function inherits(value: Value): boolean {
  if (!isKind(value, 'construct')) return false
  if (lastName(value.path) !== 'ARRAY') return isEnum(value) && value.named.get('inherit_schema') === true
  const item = value.positional[0] ?? value.named.get('item_type')
  return item !== undefined && inherits(item)
}

function labels(value: Value): string[] {
  return isSequence(value) ? value.items.map(text) : [textOf(value, 'a value of an enum')]
}

/** Whether a value is an enum type, and not just any. */
export function isEnum(value: Value): value is Construct {
  return isKind(value, 'construct') && value.of === undefined && /^(Enum|ENUM)$/.test(lastName(value.path)) &&
    LIBRARIES.test(value.path)
}
