/**
 * What a change of a column's type means on PostgreSQL: whether it casts by itself, whether it rewrites the table, what
 * may go wrong and what may be lost (pg_cast's assignment casts; ATColumnChangeRequiresRewrite).
 */
import type { DataType, Model } from '../../model/model.ts'
import { find, sameName } from '../../model/edit.ts'
import { element } from '../../model/types.ts'

type Kind = DataType['kind']

const INTEGERS: readonly Kind[] = ['smallint', 'integer', 'bigint']
const NUMBERS: readonly Kind[] = [...INTEGERS, 'numeric', 'real', 'double']
const TEXTS: readonly Kind[] = ['varchar', 'char', 'text']
const TIMED: readonly Kind[] = ['time', 'timetz', 'timestamp', 'timestamptz', 'interval']

/** Further casts that an assignment makes: from → to. */
const ASSIGNED: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  date: ['timestamp', 'timestamptz'],
  timestamp: ['date', 'time', 'timestamptz'],
  timestamptz: ['date', 'time', 'timetz', 'timestamp'],
  time: ['timetz', 'interval'],
  timetz: ['time'],
  interval: ['time'],
  json: ['jsonb'],
  jsonb: ['json'],
}

function both(kinds: readonly Kind[], from: DataType, to: DataType): boolean {
  return kinds.includes(from.kind) && kinds.includes(to.kind)
}

/** Whether two types are the same kind of thing, apart from a length or a precision. */
export function sameKind(from: DataType, to: DataType): boolean {
  if (from.kind === 'array' && to.kind === 'array') return sameKind(from.of, to.of)
  if ((from.kind === 'enum' && to.kind === 'enum') || (from.kind === 'domain' && to.kind === 'domain')) {
    return sameName(from, to)
  }
  if (from.kind === 'native' && to.kind === 'native') return from.postgres === to.postgres
  return from.kind === to.kind
}

/**
 * Whether ALTER TYPE needs no USING. Everything goes to a text, and a text to everything if it is asked to; of other
 * casts of native types nothing is known, so PostgreSQL is left to say.
 */
export function castsByItself(from: DataType, to: DataType): boolean {
  if (from.kind === 'native' || to.kind === 'native') return !TEXTS.includes(from.kind)
  if (sameKind(from, to) || TEXTS.includes(to.kind)) return true
  if (from.kind === 'domain' || to.kind === 'domain') return false
  if (from.kind === 'array' && to.kind === 'array') return castsByItself(from.of, to.of)
  return both(NUMBERS, from, to) || (ASSIGNED[from.kind]?.includes(to.kind) ?? false)
}

/** Types that are cast to each other when asked to: from → to. */
const EXPLICIT: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  boolean: ['integer'],
  integer: ['boolean'],
  jsonb: [...NUMBERS, 'boolean'],
}

/** Types of which only PostgreSQL knows what they are cast to. */
const OPAQUE: readonly Kind[] = ['domain', 'native']

/** Whether the values go through text: to an enum, from one, and between types that have no cast at all (pg_cast). */
export function castsByText(from: DataType, to: DataType): boolean {
  const isEnum = (type: DataType) => element(type).kind === 'enum'
  const unlike = (from.kind === 'array') !== (to.kind === 'array')
  if (unlike && ![from, to].some(({ kind }) => OPAQUE.includes(kind) || TEXTS.includes(kind))) return true
  if (TEXTS.includes(element(from).kind)) return false
  if (isEnum(from) || isEnum(to)) return true
  const named: readonly Kind[] = ['array', ...OPAQUE]
  if (named.includes(from.kind) || named.includes(to.kind) || castsByItself(from, to)) return false
  return !EXPLICIT[from.kind]?.includes(to.kind)
}

/** The most that the type holds (a length, a precision); Infinity without a limit. */
function limit(type: DataType): number {
  if (type.kind === 'char') return type.length ?? 1
  if (type.kind === 'varchar') return type.length ?? Infinity
  if (type.kind === 'numeric') return type.precision ?? Infinity
  return TIMED.includes(type.kind) && 'precision' in type ? type.precision ?? Infinity : Infinity
}

function scale(type: DataType): number {
  return type.kind !== 'numeric' || type.precision === undefined ? Infinity : type.scale ?? 0
}

/** Whether PostgreSQL changes the catalog only, and leaves the rows as they are. */
export function keepsRows(from: DataType, to: DataType): boolean {
  const texts: readonly Kind[] = ['varchar', 'text']
  if (both(texts, from, to)) return limit(to) >= limit(from)
  if (from.kind === 'numeric' && to.kind === 'numeric') {
    return to.precision === undefined || (scale(to) === scale(from) && limit(to) >= limit(from))
  }
  if (from.kind === to.kind && TIMED.includes(to.kind)) return limit(to) >= limit(from)
  return JSON.stringify(from) === JSON.stringify(to)
}

/** What a change of type may do to the values. */
export interface Conversion {
  /** Rows may hold a value that the new type does not take: the change fails. */
  readonly refuses: boolean
  /** Values may lose something: digits, the time of day, a time zone. */
  readonly loses: boolean
  /** What reads the column gets values of another kind. */
  readonly differs: boolean
}

/** How long the text of a value can be. */
const LONGEST: Readonly<Partial<Record<Kind, number>>> = {
  boolean: 5,
  smallint: 6,
  integer: 11,
  bigint: 20,
  uuid: 36,
}

function values(type: DataType, model: Model): readonly string[] | undefined {
  return type.kind === 'enum' ? find(model, 'enums', type)?.values : undefined
}

function textLength(type: DataType, model: Model): number {
  const listed = values(type, model)
  if (listed !== undefined) return Math.max(...listed.map((value) => [...value].length))
  return LONGEST[type.kind] ?? limit(type)
}

/** Parts that a change between times throws away: from → to. */
const LOSSY: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  timestamp: ['date', 'time', 'timetz'],
  timestamptz: ['date', 'time', 'timetz', 'timestamp'],
  timetz: ['time'],
  interval: ['time'],
}

/**
 * What the change may do to the values and to those who read them. Who reads an enum reads texts.
 * @param model the model after the change: it has the values of both enums
 */
export function conversion(from: DataType, to: DataType, model: Model): Conversion {
  if (from.kind === 'array' && to.kind === 'array') return conversion(from.of, to.of, model)
  const words: readonly Kind[] = [...TEXTS, 'enum']
  const differs = !sameKind(from, to) && !both(words, from, to) && !both(INTEGERS, from, to)
  if (TEXTS.includes(to.kind)) return { refuses: limit(to) < textLength(from, model), loses: false, differs }
  if (both(NUMBERS, from, to)) return { ...numbers(from, to), differs }
  const [old, now] = [values(from, model), values(to, model)]
  if (old !== undefined && now !== undefined) {
    return { refuses: !old.every((value) => now.includes(value)), loses: false, differs }
  }
  const shorter = sameKind(from, to) && limit(to) < limit(from)
  const loses = shorter || (LOSSY[from.kind]?.includes(to.kind) ?? false)
  return { refuses: !sameKind(from, to) && !castsByItself(from, to), loses, differs }
}

/** How far numbers reach, and whether they have fractions. */
const RANK: Readonly<Partial<Record<Kind, number>>> = {
  smallint: 1,
  integer: 2,
  bigint: 3,
  real: 4,
  double: 5,
  numeric: 6,
}

function numbers(from: DataType, to: DataType): { refuses: boolean; loses: boolean } {
  const shorter = (RANK[to.kind] ?? 0) < (RANK[from.kind] ?? 0)
  const fractions = !INTEGERS.includes(from.kind)
  if (from.kind === 'numeric' && to.kind === 'numeric') {
    const whole = (type: DataType) => limit(type) - (scale(type) === Infinity ? 0 : scale(type))
    return { refuses: whole(to) < whole(from), loses: scale(to) < scale(from) }
  }
  const rounds = INTEGERS.includes(to.kind) ? fractions : scale(to) < Infinity && fractions
  const coarser = to.kind === 'real' && ['integer', 'bigint', 'double', 'numeric'].includes(from.kind)
  const inexact = to.kind === 'double' && ['bigint', 'numeric'].includes(from.kind)
  return { refuses: shorter || limit(to) < Infinity, loses: rounds || coarser || inexact }
}
