/** What Python's expressions are worth when nothing is run: constants, and things known by name alone. */
import { EXIT, fault } from '../../problem.ts'
import type { Expression, Parameter, Place, Statement } from '../python/syntax.ts'

/** Arguments of a call, evaluated. */
export interface Arguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

/** Names and what they are bound to; looked up from the inside out. */
export interface Scope {
  readonly names: Map<string, Value>
  readonly parent?: Scope
}

export type Sequence = { readonly kind: 'list' | 'tuple' | 'set'; items: Value[] }
export type Dict = { readonly kind: 'dict'; readonly entries: [Value, Value][] }

/** The result of a call whose meaning is for others to know: `sa.Column(…)`, `table.update().where(…)`. */
export interface Construct extends Arguments {
  readonly kind: 'construct'
  /** The dotted name that was called; of a method `.name`; of an operator `operator ==`. */
  readonly path: string
  /** What the method was called on. */
  readonly of?: Value
  readonly at: Place
}

export interface FunctionValue {
  readonly kind: 'function'
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[] | Expression
  readonly scope: Scope
}

export type Value =
  | string
  | number
  | boolean
  | null
  | { readonly kind: 'float'; readonly value: number }
  | Sequence
  | Dict
  | FunctionValue
  /** A module, or something in one: `sqlalchemy.String`. */
  | { readonly kind: 'path'; readonly path: string }
  | Construct
  /** `of.name` where `of` is no module. */
  | { readonly kind: 'attribute'; readonly of: Value; readonly name: string }
  /** A class of constants. */
  | {
    readonly kind: 'class'
    readonly name: string
    readonly members: readonly (readonly [string, Value])[]
    /** Whether it is one of enum.Enum's. */
    readonly isEnum: boolean
  }
  | { readonly kind: 'member'; readonly class: string; readonly name: string; readonly value: Value }
  /** What could not be told, and the statements that it comes from. */
  | { readonly kind: 'unknown'; readonly why: string; readonly from: readonly Place[] }

/**
 * Stops what is being evaluated: it becomes a `todo`.
 * @param why half a sentence for the person who has to look: `"slugify" is not known`
 * @throws always `not-understood`
 */
export function notUnderstood(why: string): never {
  return fault('not-understood', why, { exit: EXIT.usage })
}

/** Whether the value stands for something that only the database or a library knows. */
export function isSymbolic(value: Value): value is Construct | Extract<Value, { kind: 'attribute' }> {
  return value !== null && typeof value === 'object' &&
    (value.kind === 'construct' || value.kind === 'attribute')
}

export function isSequence(value: Value): value is Sequence {
  return value !== null && typeof value === 'object' &&
    (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set')
}

export function isKind<K extends Exclude<Value, string | number | boolean | null>['kind']>(
  value: Value | undefined,
  kind: K,
): value is Extract<Value, { readonly kind: K }> {
  return value !== null && typeof value === 'object' && value.kind === kind
}

export const list = (items: Value[]): Sequence => ({ kind: 'list', items })
export const tuple = (items: Value[]): Sequence => ({ kind: 'tuple', items })

/** `repr(value)`; constants only. @throws `not-understood` */
export function repr(value: Value): string {
  if (typeof value === 'string') return quoted(value)
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  switch (value.kind) {
    case 'float':
      return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value)
    case 'list':
      return `[${value.items.map(repr).join(', ')}]`
    case 'tuple':
      return `(${value.items.map(repr).join(', ')}${value.items.length === 1 ? ',' : ''})`
    case 'set':
      return value.items.length === 0 ? 'set()' : `{${value.items.map(repr).join(', ')}}`
    case 'dict':
      return `{${value.entries.map(([key, one]) => `${repr(key)}: ${repr(one)}`).join(', ')}}`
    case 'member':
      return `<${value.class}.${value.name}: ${repr(value.value)}>`
    case 'unknown':
      return notUnderstood(value.why)
    case 'path':
    case 'construct':
      return notUnderstood(`it makes text of "${value.path.replace(/^\./, '')}", which is no constant`)
    case 'function':
    case 'attribute':
    case 'class':
      return notUnderstood(`it makes text of "${value.name}", which is no constant`)
  }
}

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark
}

/** `str(value)`. @throws `not-understood` */
export function text(value: Value): string {
  if (typeof value === 'string') return value
  if (isKind(value, 'member')) return `${value.class}.${value.name}`
  if (isKind(value, 'construct') && value.path === 'sqlalchemy.text') return text(value.positional[0] ?? '')
  return repr(value)
}

/** Whether two values are equal, in Python's sense, as far as constants go. */
export function same(a: Value, b: Value): boolean {
  const [left, right] = [numeric(a), numeric(b)]
  if (left !== undefined && right !== undefined) return left === right
  if (isKind(a, 'path') && isKind(b, 'path')) return a.path === b.path
  if (isKind(a, 'path') || isKind(b, 'path')) return false
  if (isKind(a, 'dict') && isKind(b, 'dict')) {
    return a.entries.length === b.entries.length &&
      a.entries.every(([key, one]) => b.entries.some(([other, two]) => same(key, other) && same(one, two)))
  }
  return repr(a) === repr(b)
}

/** The number that a value is; booleans are numbers. */
export function numeric(value: Value): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  return isKind(value, 'float') ? value.value : undefined
}

/** @throws `not-understood` for what is no constant */
export function truth(value: Value): boolean {
  if (value === null || typeof value !== 'object') return Boolean(value)
  switch (value.kind) {
    case 'float':
      return value.value !== 0
    case 'list':
    case 'tuple':
    case 'set':
      return value.items.length > 0
    case 'dict':
      return value.entries.length > 0
    case 'function':
    case 'class':
    case 'member':
    case 'path':
      return true
    case 'unknown':
      return notUnderstood(value.why)
    case 'construct':
    case 'attribute':
      return notUnderstood(`it depends on ${decisive(value) ?? 'what is in the database'}`)
  }
}

/** The function of the application that decides. */
function decisive(value: Value): string | undefined {
  if (isKind(value, 'attribute')) return decisive(value.of)
  if (!isKind(value, 'construct')) return undefined
  if (value.of !== undefined) return decisive(value.of)
  const inner = value.positional.map(decisive).find((one) => one !== undefined)
  if (inner !== undefined || value.path.startsWith('operator ')) return inner
  return /^(sqlalchemy|alembic)\.|^result of/.test(value.path) ? undefined : `what "${value.path}" says`
}

/** The items of something that can be looped over. @throws `not-understood` */
export function itemsOf(value: Value): readonly Value[] {
  if (typeof value === 'string') return [...value]
  if (isSequence(value)) return value.items
  if (isKind(value, 'dict')) return value.entries.map(([key]) => key)
  if (isKind(value, 'class')) {
    return value.members.map(([name, one]) => ({ kind: 'member', class: value.name, name, value: one }))
  }
  if (isKind(value, 'unknown')) return notUnderstood(value.why)
  return notUnderstood('it loops over what is not a constant')
}

/** The value under a key. */
export function lookup(dict: Dict, key: Value): Value | undefined {
  return dict.entries.find(([one]) => same(one, key))?.[1]
}
