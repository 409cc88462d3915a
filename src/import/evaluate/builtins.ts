/** Python's own functions, as far as constants need them, and two of its libraries. */
import {
  isKind,
  isSequence,
  itemsOf,
  list,
  notUnderstood,
  numeric,
  repr,
  text,
  truth,
  tuple,
} from './value.ts'
import type { Arguments, Value } from './value.ts'

type Builtin = (args: Arguments) => Value

/** Beyond that a loop is no loop over constants any more. */
export const LONGEST = 10_000

function number(value: Value | undefined): number {
  const read = value === undefined ? undefined : numeric(value)
  return read ?? notUnderstood('a number is expected')
}

function range(args: Arguments): Value {
  const [first, second, step = 1] = args.positional.map(number)
  const [from, to] = second === undefined ? [0, first ?? 0] : [first ?? 0, second]
  if (step === 0) return notUnderstood('range() with a step of 0 is an error')
  const length = Math.max(0, Math.ceil((to - from) / step))
  if (length > LONGEST) return notUnderstood(`range() of ${length} numbers is too long to be written out`)
  return list(Array.from({ length }, (_, i) => from + i * step))
}

function sorted(args: Arguments): Value {
  if (args.named.size > 0) return notUnderstood('sorted() with a key is not known')
  const items = [...itemsOf(args.positional[0] ?? null)]
  if (!items.every((one) => typeof one === 'string') && !items.every((one) => typeof one === 'number')) {
    return notUnderstood('sorted() of other than texts or numbers is not known')
  }
  return list(items.sort((a, b) => (a! < b! ? -1 : a! > b! ? 1 : 0)))
}

function length(args: Arguments): Value {
  const [value = null] = args.positional
  return typeof value === 'string' ? [...value].length : itemsOf(value).length
}

function dict(args: Arguments): Value {
  const [first] = args.positional
  const base: [Value, Value][] = first === undefined
    ? []
    : isKind(first, 'dict')
    ? first.entries.map(([key, value]) => [key, value])
    : itemsOf(first).map((one) => itemsOf(one) as [Value, Value])
  return {
    kind: 'dict',
    entries: [...base, ...[...args.named].map(([key, one]): [Value, Value] => [key, one])],
  }
}

/** What `textwrap.dedent` does: the indent that all lines share is taken off; blank lines become empty. */
function dedent(args: Arguments): Value {
  const lines = text(args.positional[0] ?? '').split('\n').map((line) => /^[ \t]+$/.test(line) ? '' : line)
  const indents = lines.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)![0])
  let shared = indents[0] ?? ''
  for (const indent of indents) while (!indent.startsWith(shared)) shared = shared.slice(0, -1)
  return lines.map((line) => line.slice(shared.length)).join('\n')
}

/** `json.dumps(value)` with its default separators. */
function json(value: Value): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return JSON.stringify(value)
  if (typeof value === 'string') {
    return JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  }
  if (isKind(value, 'float')) return repr(value)
  if (isSequence(value) && value.kind !== 'set') return `[${value.items.map(json).join(', ')}]`
  if (isKind(value, 'dict')) {
    return `{${value.entries.map(([key, one]) => `${JSON.stringify(text(key))}: ${json(one)}`).join(', ')}}`
  }
  return notUnderstood('json.dumps() of what is no constant')
}

const one = (args: Arguments): Value => args.positional[0] ?? null

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  range,
  sorted,
  len: length,
  dict,
  str: (args) => args.positional.length === 0 ? '' : text(one(args)),
  repr: (args) => repr(one(args)),
  int: (args) => {
    const value = one(args)
    const read = typeof value === 'string' ? Number(value) : Math.trunc(number(value))
    return Number.isSafeInteger(read) ? read : notUnderstood('int() of what is no number')
  },
  bool: (args) => truth(one(args)),
  list: (args) => list(args.positional.length === 0 ? [] : [...itemsOf(one(args))]),
  tuple: (args) => tuple(args.positional.length === 0 ? [] : [...itemsOf(one(args))]),
  set: (args) => unique(args),
  frozenset: (args) => unique(args),
  reversed: (args) => list(itemsOf(one(args)).toReversed()),
  enumerate: (args) => {
    const start = number(args.positional[1] ?? args.named.get('start') ?? 0)
    return list(itemsOf(one(args)).map((value, i) => tuple([i + start, value])))
  },
  zip: (args) => {
    const rows = args.positional.map(itemsOf)
    const shortest = Math.min(...rows.map((row) => row.length))
    return list(
      Array.from({ length: rows.length === 0 ? 0 : shortest }, (_, i) => tuple(rows.map((row) => row[i]!))),
    )
  },
  any: (args) => itemsOf(one(args)).some(truth),
  all: (args) => itemsOf(one(args)).every(truth),
  sum: (args) => itemsOf(one(args)).reduce<number>((sum, value) => sum + number(value), 0),
  min: (args) =>
    Math.min(...(args.positional.length === 1 ? itemsOf(one(args)) : args.positional).map(number)),
  max: (args) =>
    Math.max(...(args.positional.length === 1 ? itemsOf(one(args)) : args.positional).map(number)),
  print: () => null,
}

function unique(args: Arguments): Value {
  const items: Value[] = []
  for (const value of args.positional.length === 0 ? [] : itemsOf(one(args))) {
    if (!items.some((known) => repr(known) === repr(value))) items.push(value)
  }
  return { kind: 'set', items }
}

/** Functions of libraries that make constants of constants. */
export const LIBRARY: Readonly<Record<string, Builtin>> = {
  'textwrap.dedent': dedent,
  'json.dumps': (args) =>
    args.named.size > 0 ? notUnderstood('json.dumps() with options is not known') : json(one(args)),
  'uuid.UUID': (args) => text(one(args)),
}
