/** Methods of Python's texts, lists and dictionaries, as far as constants need them. */
import { format } from './format.ts'
import {
  isKind,
  isSequence,
  itemsOf,
  list,
  lookup,
  notUnderstood,
  numeric,
  same,
  text,
  tuple,
} from './value.ts'
import type { Arguments, Dict, Sequence, Value } from './value.ts'

type Method<T> = (self: T, args: Arguments) => Value

const string = (args: Arguments, i: number): string | undefined => {
  const value = args.positional[i]
  return value === undefined || value === null ? undefined : text(value)
}

const PLAIN_BLANKS = ' \t\n\r\f\v'

function stripped(self: string, characters: string | undefined, start: boolean, end: boolean): string {
  const set = new Set(characters ?? PLAIN_BLANKS)
  let [from, to] = [0, self.length]
  while (start && from < to && set.has(self[from]!)) from++
  while (end && to > from && set.has(self[to - 1]!)) to--
  return self.slice(from, to)
}

function splitText(self: string, args: Arguments): Value {
  const separator = string(args, 0)
  const limit = args.positional[1] ?? args.named.get('maxsplit')
  if (limit !== undefined) return notUnderstood('"split" with a limit is not known')
  if (separator === '') return notUnderstood('"split" without a separator is an error')
  const parts = separator === undefined
    ? self.split(/\s+/).filter((one) => one !== '')
    : self.split(separator)
  return list(parts)
}

const STRING: Readonly<Record<string, Method<string>>> = {
  format: (self, args) => format(self, args),
  join: (self, args) => itemsOf(args.positional[0] ?? null).map(text).join(self),
  lower: (self) => self.toLowerCase(),
  upper: (self) => self.toUpperCase(),
  title: (self) => self.toLowerCase().replace(/[a-z]+/g, (word) => word[0]!.toUpperCase() + word.slice(1)),
  capitalize: (self) => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase(),
  strip: (self, args) => stripped(self, string(args, 0), true, true),
  lstrip: (self, args) => stripped(self, string(args, 0), true, false),
  rstrip: (self, args) => stripped(self, string(args, 0), false, true),
  replace: (self, args) => self.replaceAll(string(args, 0) ?? '', () => string(args, 1) ?? ''),
  split: splitText,
  splitlines: (self) => list(self.replace(/\n$/, '').split(/\r\n|\n|\r/)),
  startswith: (self, args) => prefixes(args).some((one) => self.startsWith(one)),
  endswith: (self, args) => prefixes(args).some((one) => self.endsWith(one)),
  removeprefix: (self, args) => {
    const prefix = string(args, 0) ?? ''
    return self.startsWith(prefix) ? self.slice(prefix.length) : self
  },
  zfill: (self, args) => self.padStart(Math.min(numeric(args.positional[0] ?? 0) ?? 0, 1000), '0'),
}

function prefixes(args: Arguments): string[] {
  const value = args.positional[0] ?? ''
  return isSequence(value) ? value.items.map(text) : [text(value)]
}

const LIST: Readonly<Record<string, Method<Sequence>>> = {
  append: (self, args) => changed(self, [...self.items, args.positional[0] ?? null]),
  extend: (self, args) => changed(self, [...self.items, ...itemsOf(args.positional[0] ?? null)]),
  insert: (self, args) => {
    const at = numeric(args.positional[0] ?? 0) ?? 0
    return changed(self, self.items.toSpliced(at, 0, args.positional[1] ?? null))
  },
  reverse: (self) => changed(self, self.items.toReversed()),
  copy: (self) => ({ kind: self.kind, items: [...self.items] }),
  index: (self, args) => self.items.findIndex((one) => same(one, args.positional[0] ?? null)),
  count: (self, args) => self.items.filter((one) => same(one, args.positional[0] ?? null)).length,
  add: (self, args) => {
    const item = args.positional[0] ?? null
    return self.items.some((one) => same(one, item)) ? null : changed(self, [...self.items, item])
  },
}

function changed(self: Sequence, items: Value[]): null {
  self.items = items
  return null
}

const DICT: Readonly<Record<string, Method<Dict>>> = {
  items: (self) => list(self.entries.map(([key, value]) => tuple([key, value]))),
  keys: (self) => list(self.entries.map(([key]) => key)),
  values: (self) => list(self.entries.map(([, value]) => value)),
  get: (self, args) => lookup(self, args.positional[0] ?? null) ?? args.positional[1] ?? null,
  copy: (self) => ({ kind: 'dict', entries: self.entries.map(([key, value]) => [key, value]) }),
  update: (self, args) => {
    const more = args.positional[0]
    if (more !== undefined && isKind(more, 'dict')) more.entries.forEach(([key, one]) => put(self, key, one))
    args.named.forEach((one, key) => put(self, key, one))
    return null
  },
}

/** `dict[key] = value` */
function put(dict: Dict, key: Value, value: Value): void {
  const entry = dict.entries.find(([one]) => same(one, key))
  if (entry === undefined) dict.entries.push([key, value])
  else entry[1] = value
}

/** Calls a method of a text, a list or a dictionary. @returns undefined when it is none of them */
export function callMethod(self: Value, name: string, args: Arguments): Value | undefined {
  const known = <T>(methods: Readonly<Record<string, Method<T>>>, one: T): Value =>
    Object.hasOwn(methods, name)
      ? methods[name]!(one, args)
      : notUnderstood(`the method "${name}" is not known`)
  if (typeof self === 'string') return known(STRING, self)
  if (isSequence(self)) return known(LIST, self)
  if (isKind(self, 'dict')) return known(DICT, self)
  return undefined
}
