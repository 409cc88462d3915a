import type { JsonSchema } from '../../revision/shape/validate.ts'
import { configShape } from './shape.ts'

/** The JSON Schema of limbeck.yaml, as it is written to `schemas/config.schema.json`. */
export function configSchema(): JsonSchema & { readonly $schema: string } {
  const shape: unknown = configShape
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...shape as JsonSchema,
  }
}
