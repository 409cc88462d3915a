/** The schemas that a model speaks of. */
import { PARTS } from './model.ts'
import type { Model } from './model.ts'

/** Those besides the default one that are there, or that something is in. */
export function schemasOf(model: Model): ReadonlySet<string> {
  const found = new Set(model.schemas)
  for (const part of PARTS) {
    if (part === 'schemas') continue
    for (const { schema } of model[part]) if (schema !== undefined) found.add(schema)
  }
  return found
}
