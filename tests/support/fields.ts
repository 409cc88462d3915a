/**
 * The fields of the operations' shapes, and those that a value uses. Fields of an operation and of what stands directly
 * in it (`columns[].comment`) count for each operation; what lies deeper and is the same shape in several operations
 * (`columns[].identity.cycle`) counts once for all.
 */
import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'

interface Node {
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly items?: TSchema
  readonly anyOf?: readonly TSchema[]
}

/** Fields by what tells them apart; the value is the path for messages. */
export type Fields = Map<string, string>

const numbers = new Map<object, number>()

function identity(properties: object, path: string, depth: number): string {
  if (depth <= 2) return path
  if (!numbers.has(properties)) numbers.set(properties, numbers.size)
  return `shape ${numbers.get(properties)}`
}

/** Adds all fields of a shape. */
export function declared(shape: TSchema, path: string, into: Fields, depth = 1): void {
  const node = shape as Node
  if (node.items !== undefined) declared(node.items, `${path}[]`, into, depth)
  for (const variant of node.anyOf ?? []) declared(variant, path, into, depth)
  for (const [name, field] of Object.entries(node.properties ?? {})) {
    const id = `${identity(node.properties!, path, depth)}.${name}`
    if (!into.has(id)) into.set(id, `${path}.${name}`)
    declared(field, `${path}.${name}`, into, depth + 1)
  }
}

/** Adds the fields that a value of the shape has. */
export function used(shape: TSchema, value: unknown, path: string, into: Fields, depth = 1): void {
  const node = shape as Node
  if (node.items !== undefined && Array.isArray(value)) {
    for (const item of value) used(node.items, item, `${path}[]`, into, depth)
  }
  for (const variant of node.anyOf ?? []) {
    if (Check(variant, value)) used(variant, value, path, into, depth)
  }
  if (node.properties === undefined || typeof value !== 'object' || value === null) return
  for (const [name, part] of Object.entries(value)) {
    const field = node.properties[name]
    if (field === undefined) continue
    into.set(`${identity(node.properties, path, depth)}.${name}`, `${path}.${name}`)
    used(field, part, `${path}.${name}`, into, depth + 1)
  }
}
