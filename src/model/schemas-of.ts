/** The schemas that a model speaks of. */
import type { Model } from './model.ts'

const QUALIFIED = [
  ...['extensions', 'enums', 'domains', 'sequences', 'tables', 'views'] as const,
  ...['materializedViews', 'functions', 'triggers', 'grants'] as const,
] as const

/** Those besides the default one that are there, or that something is in. */
export function schemasOf(model: Model): ReadonlySet<string> {
  const found = new Set(model.schemas)
  for (const part of QUALIFIED) {
    for (const { schema } of model[part]) if (schema !== undefined) found.add(schema)
  }
  return found
}
