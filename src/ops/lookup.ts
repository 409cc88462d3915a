/**
 * Finding a definition by its kind, for the operations that hold operations. It stands apart from the registry, which
 * imports those operations and would be imported by them in a circle.
 */
import type { AnyDefinition } from './index.ts'

const KNOWN = new Map<string, AnyDefinition>()

/** Makes definitions known; the registry does so when it is loaded. */
export function register(definitions: Iterable<AnyDefinition>): void {
  for (const one of definitions) KNOWN.set(one.kind, one)
}

/** The definition of an operation's kind; undefined for an unknown word. */
export function lookup(kind: string): AnyDefinition | undefined {
  return KNOWN.get(kind)
}

/** The kinds of all operations. */
export function kinds(): readonly string[] {
  return [...KNOWN.keys()]
}
