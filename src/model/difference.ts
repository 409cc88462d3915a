/** Comparing parts of two models field by field, in words. */
import type { DataType, Default, Index, IndexKey } from './model.ts'

/** What a dialect takes for equal: `dialect.ts`'s Dialect is one. Without it, types and SQL must be equal as written. */
export interface Sameness {
  /** Whether its databases forget the names of unnamed constraints, so that those compare by what they say. */
  readonly forgets: boolean
  sameType(a: DataType, b: DataType): boolean
  sameDefault(a: Default | undefined, b: Default | undefined, type: DataType): boolean
  sameExpression(a: string, b: string): boolean
}

/** Equality to the letter. */
export const AS_WRITTEN: Sameness = {
  forgets: false,
  sameType: sameValue,
  sameDefault: sameValue,
  sameExpression: (a, b) => a === b,
}

/** The fields whose value is SQL as somebody wrote it. */
const EXPRESSIONS: ReadonlySet<string> = new Set([
  'expression',
  'where',
  'query',
  'sql',
  'partitionBy',
  'using',
  'check',
  'when',
  'body',
])

/** The fields that differ, whatever they are: a field that is added to the model is compared without more ado. */
export function differences(label: string, actual: object, wanted: object, by: Sameness): string[] {
  const a = actual as Readonly<Record<string, unknown>>
  const b = wanted as Readonly<Record<string, unknown>>
  const fields = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...fields].filter((field) => !sameField(field, a[field], b[field], by))
    .map((field) => unlike(label, field, a[field], b[field]))
}

function sameField(field: string, a: unknown, b: unknown, by: Sameness): boolean {
  // No database keeps an empty one.
  if (field === 'comment') return (a ?? '') === (b ?? '')
  if (a === undefined || b === undefined) return a === b
  if (typeof a === 'string' && typeof b === 'string') {
    return a === b || (EXPRESSIONS.has(field) && by.sameExpression(a, b))
  }
  if (field === 'type' && isObject(a) && isObject(b)) return by.sameType(a as DataType, b as DataType)
  if (field === 'indexes') return sameIndexes(a as readonly Index[], b as readonly Index[], by)
  if (field === 'keys') return sameKeys(a as readonly IndexKey[], b as readonly IndexKey[], by)
  if (field === 'checks') return sameChecks(a as readonly Named[], b as readonly Named[], by)
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, i) => sameField('', one, b[i], by))
  }
  if (isObject(a) && isObject(b)) return differences('', a, b, by).length === 0
  return sameValue(a, b)
}

function sameKeys(a: readonly IndexKey[], b: readonly IndexKey[], by: Sameness): boolean {
  return a.length === b.length && a.every((key, i) => differences('', key, b[i]!, by).length === 0)
}

/** The indexes of a materialized view, in any order. */
function sameIndexes(a: readonly Index[], b: readonly Index[], by: Sameness): boolean {
  return a.length === b.length && a.every((one) => {
    const other = b.find((two) => two.name === one.name)
    return other !== undefined && differences('', one, other, by).length === 0
  })
}

interface Named {
  readonly name: string
  readonly implicit?: true
}

/** The checks of a domain, in any order. */
function sameChecks(a: readonly Named[], b: readonly Named[], by: Sameness): boolean {
  return a.length === b.length && a.every((one) => {
    const { implicit: _, ...body } = one
    const other = b.find((two) => two.name === one.name)
    if (other === undefined) return false
    const { implicit: __, ...otherBody } = other
    return differences('', body, otherBody, by).length === 0
  })
}

interface Matching<T> {
  readonly items: readonly T[]
  readonly wanted: readonly T[]
  readonly key: (one: T) => string
  readonly label: (one: T) => string
}

/** Compares things of the same key; what is on one side only is missing, or not wanted. */
export function matched<T>(
  { items, wanted, key, label }: Matching<T>,
  compare: (actual: T, wanted: T, label: string) => string[],
): string[] {
  const here = new Map(items.map((one) => [key(one), one]))
  const there = new Map(wanted.map((one) => [key(one), one]))
  return [
    ...[...there].flatMap(([name, want]) => {
      const actual = here.get(name)
      return actual === undefined ? [`${label(want)} is missing`] : compare(actual, want, label(want))
    }),
    ...[...here].filter(([name]) => !there.has(name)).map(([, one]) => `${label(one)} is not wanted`),
  ]
}

export function listed(word: string, actual: readonly string[], wanted: readonly string[]): string[] {
  return matched(
    { items: actual, wanted, key: (one) => one, label: (one) => `${word} "${one}"` },
    () => [],
  )
}

export function unlike(label: string, field: string, actual: unknown, wanted: unknown): string {
  return `${label}: ${field} is ${told(actual)}, not ${told(wanted)}`
}

export function told(value: unknown): string {
  if (value === undefined) return 'absent'
  return JSON.stringify(value, (_, one) => typeof one === 'bigint' ? String(one) : one)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Equal by value; the order of an object's fields does not count, that of a list's items does. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return Object.is(a, b)
  const fields = Object.keys(a)
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return fields.length === Object.keys(b).length &&
    fields.every((field) => Object.hasOwn(b, field) && sameValue(x[field], y[field]))
}
