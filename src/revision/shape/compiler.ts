/**
 * ajv's functions that decide whether data has a shape. From source ajv writes them when they are first asked for; what
 * is built has them ready-made, since writing them takes longer than reading hundreds of revisions:
 * `scripts/build/validators.ts` puts them in the place of this file.
 */
import type { ValidateFunction } from 'ajv/dist/2020.js'
import type { JsonSchema } from './json-schema.ts'

/** Makes the function of a schema. */
export type Compiler = (schema: JsonSchema) => ValidateFunction

/** Loads what makes them. */
export async function loadCompiler(): Promise<Compiler> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  // The shapes are limbeck's own: a test checks them, with everything that is left out here.
  const ajv = new Ajv2020({
    strict: false,
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    // Nor are ajv's words needed: its code is a third shorter without them.
    messages: false,
    code: { optimize: false },
  })
  return (schema) => ajv.compile(schema)
}
