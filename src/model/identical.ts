/** Telling objects of a model apart, and whether they are equal to the letter. */
import type { QualifiedName } from './model.ts'

/** What tells objects of one kind: the schema and the name. In the default schema it need not be put together. */
export function keyOf({ schema, name }: QualifiedName): string {
  return schema === undefined ? name : `${schema}\0${name}`
}

/** The object without its comment. */
export function silent<T extends { readonly comment?: string }>(
  { comment: _, ...rest }: T,
): Omit<T, 'comment'> {
  return rest
}

const MAPS = new WeakMap<readonly QualifiedName[], ReadonlyMap<string, QualifiedName>>()

/** Objects by {@link keyOf}. Lists of a model are never changed, so that each is gone through once. */
export function byKey<T extends QualifiedName>(objects: readonly T[]): ReadonlyMap<string, T> {
  const known = MAPS.get(objects)
  if (known !== undefined) return known as ReadonlyMap<string, T>
  const map = new Map<string, T>()
  for (const one of objects) map.set(keyOf(one), one)
  MAPS.set(objects, map)
  return map
}

/**
 * Equal to the letter: the quick answer for most of what is compared. The order of an object's fields does not count.
 * @param except a field that does not count either, of whatever object
 */
export function identical(a: unknown, b: unknown, except?: string): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!identical(a[i], b[i], except)) return false
    return true
  }
  const [x, y] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
  // Without lists of the keys: every part of every table comes by.
  let more = 0
  for (const key in x) {
    if (key === except) continue
    if (!Object.hasOwn(y, key) || !identical(x[key], y[key], except)) return false
    more++
  }
  for (const key in y) if (key !== except) more--
  return more === 0
}
