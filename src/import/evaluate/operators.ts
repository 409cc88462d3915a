/** Python's operators over constants; over things of SQLAlchemy they make a construct for others to read. */
import { percent } from './format.ts'
import { callMethod } from './methods.ts'
import {
  isKind,
  isSequence,
  isSymbolic,
  itemsOf,
  lookup,
  notUnderstood,
  numeric,
  same,
  text,
  truth,
} from './value.ts'
import type { Value } from './value.ts'
import type { Place } from '../python/syntax.ts'

const LARGEST_TEXT = 2_000_000
const LARGEST_LIST = 20_000

function sized<T extends Value>(value: T): T {
  const long = typeof value === 'string'
    ? value.length > LARGEST_TEXT
    : isSequence(value) && value.items.length > LARGEST_LIST
  return long ? notUnderstood('it makes a text or list that is too large') : value
}

/** `left operator right`; `and`, `or` are not here: they leave out what they do not need. @throws `not-understood` */
export function binary(operator: string, left: Value, right: Value, at: Place): Value {
  for (const one of [left, right]) if (isKind(one, 'unknown')) notUnderstood(one.why)
  if (operator === 'is' || operator === 'is not') return identity(left, right, operator === 'is')
  if (isSymbolic(left) || (isSymbolic(right) && operator !== '%')) {
    return {
      kind: 'construct',
      path: `operator ${operator}`,
      positional: [left, right],
      named: new Map(),
      at,
    }
  }
  switch (operator) {
    case '==':
      return same(left, right)
    case '!=':
      return !same(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    case '%':
      if (typeof left === 'string') return sized(percent(left, right))
      break
    case '+':
      if (typeof left === 'string' && typeof right === 'string') return sized(left + right)
      if (isSequence(left) && isSequence(right)) {
        return sized({ kind: left.kind, items: [...left.items, ...right.items] })
      }
      break
    case '*':
      if (typeof left === 'string' || isSequence(left)) return repeated(left, numeric(right) ?? NaN)
      break
    case '|':
      if (isKind(left, 'dict') && isKind(right, 'dict')) {
        const merged: Value = { kind: 'dict', entries: left.entries.map(([key, one]) => [key, one]) }
        callMethod(merged, 'update', { positional: [right], named: new Map() })
        return merged
      }
      break
  }
  return arithmetic(operator, left, right)
}

function identity(left: Value, right: Value, wanted: boolean): Value {
  if (left === null || right === null) return (left === right) === wanted
  if (typeof left === 'boolean' && typeof right === 'boolean') return (left === right) === wanted
  return notUnderstood('"is" between other than None, True and False is not known')
}

function contains(collection: Value, item: Value): boolean {
  if (typeof collection === 'string') return collection.includes(text(item))
  if (isKind(collection, 'dict')) return lookup(collection, item) !== undefined
  return itemsOf(collection).some((one) => same(one, item))
}

function repeated(value: string | Extract<Value, { items: Value[] }>, times: number): Value {
  const size = typeof value === 'string' ? value.length : value.items.length
  const limit = typeof value === 'string' ? LARGEST_TEXT : LARGEST_LIST
  if (!(times * size <= limit)) return notUnderstood('it makes a text or list that is too large')
  const count = Math.max(0, times)
  if (typeof value === 'string') return value.repeat(count)
  return { kind: value.kind, items: Array.from({ length: count }, () => value.items).flat() }
}

const COMPARE: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  const compare = COMPARE[operator]
  if (compare !== undefined && typeof left === 'string' && typeof right === 'string') {
    return compare(left, right)
  }
  const [a, b] = [numeric(left), numeric(right)]
  if (a === undefined || b === undefined) return notUnderstood(`"${operator}" between these is not known`)
  if (compare !== undefined) return compare(a, b)
  const compute = ARITHMETIC[operator]
  if (compute === undefined) return notUnderstood(`the operator "${operator}" is not known`)
  const result = compute(a, b)
  const float = operator === '/' || isKind(left, 'float') || isKind(right, 'float')
  if (!Number.isFinite(result) || (!float && !Number.isSafeInteger(result))) {
    return notUnderstood('a number is too large')
  }
  return float ? { kind: 'float', value: result } : result
}

/** `not`, `-`, `+`; `~` is for constructs alone. @throws `not-understood` */
export function unary(operator: string, value: Value, at: Place): Value {
  if (isSymbolic(value)) {
    return { kind: 'construct', path: `operator ${operator}`, positional: [value], named: new Map(), at }
  }
  if (operator === 'not') return !truth(value)
  const number = numeric(value)
  if (number === undefined || operator === '~') return notUnderstood(`"${operator}" of this is not known`)
  const result = operator === '-' ? -number : number
  return isKind(value, 'float') ? { kind: 'float', value: result } : result
}

/** `value[key]`. @throws `not-understood` */
export function item(value: Value, key: Value): Value | undefined {
  if (isKind(value, 'dict')) {
    return lookup(value, key) ?? notUnderstood(`there is no key ${text(key)}`)
  }
  const index = numeric(key)
  if (index === undefined) return undefined
  if (typeof value === 'string') return [...value].at(index) ?? notUnderstood('an index is out of range')
  if (isSequence(value)) return value.items.at(index) ?? notUnderstood('an index is out of range')
  return undefined
}

/** `value[from:to]`, without a step. @throws `not-understood` */
export function slice(value: Value, bounds: readonly (Value | undefined)[]): Value {
  const [from, to] = bounds.map((one) => one === undefined || one === null ? undefined : numeric(one))
  if (bounds.length > 2) return notUnderstood('a slice with a step is not known')
  if (typeof value === 'string') return [...value].slice(from, to).join('')
  if (isSequence(value)) return { kind: value.kind, items: value.items.slice(from, to) }
  return notUnderstood('a slice of what is no constant')
}
