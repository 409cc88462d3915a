/**
 * Whether two schemas are the same: `check` and `identify` ask it, and the tests ask it of every operation. Order counts
 * only where a database keeps it and a user sees it: the values of an enum, the columns of a key. The order of columns
 * does not count, since PostgreSQL cannot bring a dropped column back to its place.
 */
import type {
  Column,
  DataType,
  Default,
  Index,
  IndexKey,
  Model,
  Policy,
  QualifiedName,
  Table,
} from './model.ts'
import { constraints, shown } from './edit.ts'
import type { ConstraintKind } from './edit.ts'
import { grantKey } from './grant.ts'
import { signature } from './routine.ts'

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

/**
 * How a schema differs from the one it should be.
 * @param actual what is there
 * @param wanted what it should be
 * @returns one line a difference, in a few words; empty when they are the same
 */
export function sameModel(actual: Model, wanted: Model, by: Sameness = AS_WRITTEN): string[] {
  const flat = (part: string, one: QualifiedName) => ({ label: `${part} "${shown(one)}"` })
  const named = <K extends 'enums' | 'domains' | 'sequences' | 'views' | 'materializedViews'>(
    part: K,
    word: string,
  ) =>
    matched<Model[K][number]>(
      { items: actual[part], wanted: wanted[part], key: shown, label: (one) => flat(word, one).label },
      (a, b, label) => differences(label, a, b, by),
    )
  return [
    ...listed('schema', actual.schemas, wanted.schemas),
    ...matched(
      {
        items: actual.extensions,
        wanted: wanted.extensions,
        key: (one) => one.name,
        label: (one) => `extension "${one.name}"`,
      },
      (a, b, label) => differences(label, a, b, by),
    ),
    ...named('enums', 'enum'),
    ...named('domains', 'domain'),
    ...named('sequences', 'sequence'),
    ...matched(
      { items: actual.tables, wanted: wanted.tables, key: shown, label: (one) => `table "${shown(one)}"` },
      (a, b) => sameTable(a, b, by),
    ),
    ...named('views', 'view'),
    ...named('materializedViews', 'materialized view'),
    ...sameCode(actual, wanted, by),
  ]
}

/** Functions by name and types of arguments, triggers by table and name, grants by all that they say. */
function sameCode(actual: Model, wanted: Model, by: Sameness): string[] {
  const compare = (a: object, b: object, label: string) => differences(label, a, b, by)
  return [
    ...matched({
      items: actual.functions,
      wanted: wanted.functions,
      key: signature,
      label: (one) => `${one.kind} "${signature(one)}"`,
    }, compare),
    ...matched({
      items: actual.triggers,
      wanted: wanted.triggers,
      key: (one) => `${one.schema ?? ''}\0${one.table}\0${one.name}`,
      label: (one) => `trigger "${one.name}" on "${shown({ schema: one.schema, name: one.table })}"`,
    }, compare),
    ...matched(
      { items: actual.grants, wanted: wanted.grants, key: grantKey, label: (one) => `grant of ${told(one)}` },
      compare,
    ),
  ]
}

/** How one table differs from what it should be, by the same rules and in the same words. */
export function sameTable(actual: Table, wanted: Table, by: Sameness = AS_WRITTEN): string[] {
  const { columns: _, primaryKey: __, uniques: ___, checks: ____, ...more } = wanted
  const { foreignKeys: _____, excludes: ______, indexes: _______, policies: ________, ...options } = more
  const { columns, primaryKey, uniques, checks, foreignKeys, excludes, indexes, policies, ...ownOptions } =
    actual
  void [primaryKey, uniques, checks, foreignKeys, excludes]
  const label = `table "${shown(wanted)}"`
  return [
    ...differences(label, ownOptions, options, by),
    ...matched<Column>(
      { items: columns, wanted: wanted.columns, key: (one) => one.name, label: columnLabel(wanted) },
      (a, b, where) => sameColumn(where, a, b, by),
    ),
    ...sameConstraints(actual, wanted, by),
    ...matched(
      {
        items: indexes,
        wanted: wanted.indexes,
        key: (one) => one.name,
        label: (one) => `index "${one.name}"`,
      },
      (a, b, where) => differences(where, a, b, by),
    ),
    ...matched<Policy>(
      {
        items: policies ?? [],
        wanted: wanted.policies ?? [],
        key: (one) => one.name,
        label: (one) => `policy "${one.name}" on "${shown(wanted)}"`,
      },
      (a, b, where) => differences(where, a, b, by),
    ),
  ]
}

function columnLabel(table: Table): (column: Column) => string {
  return (column) => `column "${shown(table)}.${column.name}"`
}

function sameColumn(label: string, actual: Column, wanted: Column, by: Sameness): string[] {
  const { type, default: value, ...rest } = actual
  const { type: wantedType, default: wantedValue, ...wantedRest } = wanted
  return [
    ...(by.sameType(type, wantedType) ? [] : [unlike(label, 'type', type, wantedType)]),
    ...(by.sameDefault(value, wantedValue, wantedType) ? [] : [unlike(label, 'default', value, wantedValue)]),
    ...differences(label, rest, wantedRest, by),
  ]
}

interface Described {
  readonly kind: ConstraintKind
  readonly name: string
  readonly implicit: boolean
  readonly body: object
}

function described(table: Table): Described[] {
  return constraints(table).map(({ kind, constraint }) => {
    const { name, implicit, ...body } = constraint
    return { kind, name, implicit: implicit === true, body }
  })
}

/** Constraints by name; those left over, where names are forgotten, by what they say. */
function sameConstraints(actual: Table, wanted: Table, by: Sameness): string[] {
  const found: string[] = []
  const here = described(actual)
  const there: Described[] = []
  for (const want of described(wanted)) {
    const at = here.findIndex((one) => one.kind === want.kind && one.name === want.name)
    if (at < 0 || (by.forgets && here[at]!.implicit && differs(here[at]!, want, by))) there.push(want)
    else found.push(...differences(constraintLabel(wanted, want), here.splice(at, 1)[0]!.body, want.body, by))
  }
  for (const want of there) {
    const at = by.forgets
      ? here.findIndex((one) => (one.implicit || want.implicit) && !differs(one, want, by))
      : -1
    if (at < 0) found.push(`${constraintLabel(wanted, want)} is missing: ${told(want.body)}`)
    else here.splice(at, 1)
  }
  return [...found, ...here.map((one) => `${constraintLabel(actual, one)} is not wanted: ${told(one.body)}`)]
}

function differs(a: Described, b: Described, by: Sameness): boolean {
  return a.kind !== b.kind || differences('', a.body, b.body, by).length > 0
}

function constraintLabel(table: Table, one: Described): string {
  return `${one.kind.replace('_', ' ')} "${one.name}" of "${shown(table)}"`
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
function differences(label: string, actual: object, wanted: object, by: Sameness): string[] {
  const a = actual as Readonly<Record<string, unknown>>
  const b = wanted as Readonly<Record<string, unknown>>
  const fields = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...fields].filter((field) => !sameField(field, a[field], b[field], by))
    .map((field) => unlike(label, field, a[field], b[field]))
}

function sameField(field: string, a: unknown, b: unknown, by: Sameness): boolean {
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
function matched<T>(
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

function listed(word: string, actual: readonly string[], wanted: readonly string[]): string[] {
  return matched(
    { items: actual, wanted, key: (one) => one, label: (one) => `${word} "${one}"` },
    () => [],
  )
}

function unlike(label: string, field: string, actual: unknown, wanted: unknown): string {
  return `${label}: ${field} is ${told(actual)}, not ${told(wanted)}`
}

function told(value: unknown): string {
  if (value === undefined) return 'absent'
  return JSON.stringify(value, (_, one) => typeof one === 'bigint' ? String(one) : one)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Equal by value; the order of an object's fields does not count, that of a list's items does. */
function sameValue(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return Object.is(a, b)
  const fields = Object.keys(a)
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return fields.length === Object.keys(b).length &&
    fields.every((field) => Object.hasOwn(b, field) && sameValue(x[field], y[field]))
}
