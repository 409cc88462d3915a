import { configShape } from './config-shape.ts'

/** The JSON Schema of limbeck.yaml, as it is written to `schemas/config.schema.json`. */
export function configSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'limbeck configuration',
    ...configShape,
  }
}
