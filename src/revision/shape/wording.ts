/** How data and schemas are put into words for messages. */
import type { Path } from '../../problem.ts'
import type { JsonSchema } from './json-schema.ts'

/** What a path leads to: `"columns"`, `"columns[0]"`, `the document`. */
export function label(path: Path): string {
  const name = path.findLastIndex((step) => typeof step === 'string')
  const indexes = path.slice(name + 1).map((step) => `[${step}]`).join('')
  return name === -1 ? (indexes === '' ? 'the document' : `item ${indexes}`) : `"${path[name]}${indexes}"`
}

const LONGEST = 40

/** Data in a few words: `text "abc"`, `the number 5`, `a list`. */
export function found(data: unknown): string {
  if (data === null || data === undefined) return 'nothing'
  if (typeof data === 'string') return `text "${shortened(data)}"`
  if (typeof data === 'number') return `the number ${data}`
  if (typeof data === 'boolean') return String(data)
  return Array.isArray(data) ? 'a list' : 'a mapping'
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
}

/** What a schema takes: `text`, `a list of texts`, `asc or desc`, `{ sql } or text`. */
export function expected(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return listed([...new Set(schema.anyOf.map(expected))], 'or')
  if (schema.enum !== undefined) return listed(schema.enum.map(String), 'or')
  if ('const' in schema) return String(schema.const)
  const types = [schema.type ?? []].flat()
  return listed(types.map((type) => expectedType(schema, type)), 'or')
}

function expectedType(schema: JsonSchema, type: string): string {
  const required = schema.required ?? []
  if (type === 'object' && required.length > 0) return `a mapping { ${required.join(', ')} }`
  if (type !== 'array' || schema.items?.type === undefined) return TYPES[type] ?? type
  if (schema.items.type === 'string') return 'a list of texts'
  return schema.items.type === 'object' ? 'a list of mappings' : 'a list'
}

/** `a, b or c`. */
export function listed(words: readonly string[], join: 'and' | 'or'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${join} ${words.at(-1)}`
}
