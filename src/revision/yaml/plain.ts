/** The plain data that a YAML tree means, and what limbeck refuses in YAML that the specification allows. */
import type { Alias, Node, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { sameDecimal } from '../../decimal.ts'
import { EXIT, fault } from '../../problem.ts'
import type { Span } from '../../problem.ts'
import type { Yaml } from './yaml.ts'

/**
 * Top-level keys whose scalars, and those of their lists, stay text whatever they look like: `id: 0123` is "0123".
 * With `nullable`, a plain `null`, `~` or nothing is null, and a text "null" is written in quotes.
 */
export type AsWritten = ReadonlyMap<string, 'text' | 'nullable'>

export interface PlainOptions {
  readonly span: (offset: number) => Span
  /** How deep lists and mappings may be nested, aliases followed. */
  readonly deepest: number
  readonly asWritten: AsWritten
}

/** How many values aliases may add in all. A small file of aliases of aliases can mean billions. */
const MOST_ALIASED = 100_000

interface Anchored {
  readonly data: unknown
  /** How many values it is made of, and how deep it is nested. */
  readonly size: number
  readonly height: number
}

interface State {
  readonly yaml: Yaml
  readonly options: PlainOptions
  readonly anchors: Map<string, Anchored>
  /** The anchors of the values that are being read: an alias of one would be circular. */
  readonly open: Set<string>
  aliased: number
  values: number
  /** The deepest level reached since it was last reset. */
  reached: number
}

type How = { readonly depth: number; readonly asWritten?: 'text' | 'nullable' | undefined }

/**
 * @param contents the root of the tree; null for an empty document
 * @throws `duplicate-key`, `bad-key`, `merge-key`, `unknown-tag`, `unknown-alias`, `too-many-aliases`, `too-deep`,
 *   `inexact-number`, `ambiguous-number`, each at its place, with exit code 2
 */
export function plainData(yaml: Yaml, contents: Node | null, options: PlainOptions): unknown {
  const state: State = {
    yaml,
    options,
    anchors: new Map(),
    open: new Set(),
    aliased: 0,
    values: 0,
    reached: 0,
  }
  return contents === null ? null : convert(state, contents, { depth: 0 })
}

function refuse(state: State, node: Node | undefined, code: string, message: string, hint?: string): never {
  const at = state.options.span(node?.range?.[0] ?? 0)
  fault(code, message, { exit: EXIT.usage, at, ...(hint === undefined ? {} : { hint }) })
}

function convert(state: State, node: Node, how: How): unknown {
  const { yaml } = state
  if (yaml.isAlias(node)) return resolve(state, node, how)
  checkTag(state, node)
  const anchor = (node as Scalar | YAMLMap | YAMLSeq).anchor
  if (anchor === undefined) return convertBare(state, node, how)
  const outer = { values: state.values, reached: state.reached }
  state.reached = how.depth
  state.open.add(anchor)
  const data = convertBare(state, node, how)
  state.open.delete(anchor)
  state.anchors.set(anchor, {
    data,
    size: state.values - outer.values,
    height: state.reached - how.depth,
  })
  state.reached = Math.max(state.reached, outer.reached)
  return data
}

function convertBare(state: State, node: Node, how: How): unknown {
  const { yaml } = state
  state.values++
  if (yaml.isScalar(node)) return scalar(state, node, how.asWritten)
  enter(state, node, how.depth + 1)
  if (yaml.isMap(node)) return mapping(state, node, how)
  return (node as YAMLSeq<Node>).items.map((item) =>
    convert(state, item, { depth: how.depth + 1, asWritten: how.asWritten })
  )
}

function enter(state: State, node: Node, depth: number): void {
  const { deepest } = state.options
  if (depth > deepest) refuse(state, node, 'too-deep', `nested more than ${deepest} levels deep`)
  state.reached = Math.max(state.reached, depth)
}

function resolve(state: State, alias: Alias, { depth }: How): unknown {
  const { source } = alias
  if (state.open.has(source)) {
    refuse(state, alias, 'unknown-alias', `alias "*${source}" stands inside the value it refers to`)
  }
  const anchored = state.anchors.get(source)
  if (anchored === undefined) {
    const hint =
      `write "&${source}" before the value it refers to, or put text that begins with "*" in quotes`
    return refuse(state, alias, 'unknown-alias', `there is no anchor "&${source}" before this alias`, hint)
  }
  enter(state, alias, depth + anchored.height)
  state.values += anchored.size
  state.aliased += anchored.size
  if (state.aliased > MOST_ALIASED) {
    refuse(state, alias, 'too-many-aliases', `aliases stand for more than ${MOST_ALIASED} values`)
  }
  return anchored.data
}

function mapping(state: State, map: YAMLMap, { depth }: How): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const { key, value } of map.items) {
    const name = keyOf(state, map, key)
    if (Object.hasOwn(data, name)) {
      refuse(state, key as Node, 'duplicate-key', `key "${name}" stands twice`, 'take one of the two out')
    }
    const asWritten = depth === 0 ? state.options.asWritten.get(name) : undefined
    const read = value === null ? null : convert(state, value as Node, { depth: depth + 1, asWritten })
    // An assignment to __proto__ would set the prototype.
    Object.defineProperty(data, name, { value: read, enumerable: true, writable: true, configurable: true })
  }
  return data
}

function keyOf(state: State, map: YAMLMap, key: unknown): string {
  const name = keyText(state.yaml, key)
  const node = state.yaml.isNode(key) ? key : map
  if (name === undefined) return refuse(state, node, 'bad-key', 'a key must be a single word or text')
  checkTag(state, node)
  const plain = (key as Scalar).type === 'PLAIN'
  if (plain && name === '') return refuse(state, node, 'bad-key', 'a key is missing before the colon')
  if (plain && name === '<<') {
    const hint = 'write the fields out; an alias of a whole value (`*name`) works'
    return refuse(state, node, 'merge-key', 'merge keys ("<<") are not part of YAML 1.2', hint)
  }
  return name
}

const TAGS: ReadonlySet<string> = new Set([
  '!',
  ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
])

function checkTag(state: State, node: Node): void {
  const tag = (node as Scalar).tag
  if (tag === undefined || TAGS.has(tag)) return
  const shown = tag.replace(/^tag:yaml\.org,2002:/, '!!')
  refuse(state, node, 'unknown-tag', `unknown tag "${shown}"`, 'revision files hold plain data, without tags')
}

function scalar(state: State, node: Scalar, asWritten: How['asWritten']): unknown {
  const plain = node.type === 'PLAIN'
  if (asWritten !== undefined) {
    if (!plain || node.tag !== undefined) return String(node.value)
    const source = node.source ?? ''
    return source === '' || (asWritten === 'nullable' && node.value === null) ? null : source
  }
  if (typeof node.value === 'number' && plain) checkNumber(state, node, node.value)
  return node.value
}

function checkNumber(state: State, node: Scalar, value: number): void {
  const source = node.source ?? ''
  if (/^[-+]?0\d/.test(source)) {
    // YAML 1.1 reads 010 as eight, 1.2 as ten, and people mean a postal code.
    const hint = 'put it in quotes if it is text; take the zeros away if it is a number'
    refuse(state, node, 'ambiguous-number', `is ${source} a number or text?`, hint)
  }
  if (Number.isFinite(value) && isExact(source, value)) return
  const message = `the number ${source.slice(0, 40)} cannot be kept exactly`
  refuse(state, node, 'inexact-number', message, 'put it in quotes')
}

/** More digits than the longest number has that JavaScript writes. */
const MOST_DIGITS = 400

/** Whether the number, written again, is the one that stands in the file. */
function isExact(source: string, value: number): boolean {
  if (/^0[xo]/.test(source)) return Number.isSafeInteger(value)
  return source.length <= MOST_DIGITS && sameDecimal(source, String(value))
}

/** What a key says: as written when it is plain, so that `1:` is "1" and `null:` is "null". */
export function keyText(yaml: Yaml, key: unknown): string | undefined {
  if (!yaml.isScalar(key)) return undefined
  return key.type === 'PLAIN' ? key.source ?? '' : String(key.value)
}
