/** Choices for generated cases. fast-check makes them, records them, and makes them simpler when a case fails. */
import fc from 'fast-check'
import type { GeneratorValue } from 'fast-check'

export type Choices = GeneratorValue

/** One of the items; simpler cases have earlier ones. */
export function oneOf<T>(choices: Choices, items: readonly T[]): T {
  return items[choices(fc.nat, { max: items.length - 1 })]!
}

/** Whether something happens that happens so often in a hundred; simpler cases have less of it. */
export function chance(choices: Choices, percent: number): boolean {
  return choices(fc.nat, { max: 99 }) >= 100 - percent
}

/** A number of things. */
export function count(choices: Choices, min: number, max: number): number {
  return min + choices(fc.nat, { max: max - min })
}

/** Some of the items, at least one, in any order. */
export function some<T>(choices: Choices, items: readonly T[], max = items.length): T[] {
  const left = [...items]
  const wanted = count(choices, 1, Math.min(max, items.length))
  return Array.from({ length: wanted }, () => left.splice(choices(fc.nat, { max: left.length - 1 }), 1)[0]!)
}

/** Names that need quoting, look like something else, or are as long as names can be. */
const NAMES = [
  'a',
  'users',
  'order',
  'Group',
  'user id',
  'select',
  `we"ird`,
  `it's`,
  'naïve',
  'имя',
  '1st',
  'semi;colon',
  'CamelCase',
  'a.b',
  'back\\slash',
  'per%cent',
  'new\nline',
  '$1',
  '日本',
  'x'.repeat(63),
  `${'ü'.repeat(31)}x`,
  'primary',
  'values',
  '-- no',
]

/**
 * A name that is not taken. Names that differ in case alone are one name to SQLite, so they are not made.
 * @param taken in lower case
 */
export function freshName(choices: Choices, taken: ReadonlySet<string>): string {
  const name = oneOf(choices, NAMES)
  if (!taken.has(name.toLowerCase())) return name
  for (let i = 2;; i++) {
    const next = `${[...name].slice(0, 20).join('')}${i}`
    if (!taken.has(next.toLowerCase())) return next
  }
}

/** An identifier as both dialects quote it, for expressions. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
