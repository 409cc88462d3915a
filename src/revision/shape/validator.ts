/**
 * Whether data has a shape: ajv decides, `validate.ts` explains. ajv takes a while to load and to compile a schema, so
 * that it does neither before it must: commands that only list revisions never do.
 */
import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js'
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { JsonSchema } from './json-schema.ts'
import { finding, findings } from './validate.ts'
import type { Finding } from './validate.ts'

let ajv: Ajv2020 | undefined
const compiled = new WeakMap<JsonSchema, ValidateFunction>()

/** Loads ajv, once; to be awaited before {@link wrong}. */
export async function loadValidator(): Promise<void> {
  if (ajv !== undefined) return
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  // The shapes are limbeck's own: a test checks them, with everything that is left out here.
  ajv = new Ajv2020({
    strict: false,
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    // Nor are ajv's words needed: its code is a third shorter without them.
    messages: false,
    code: { optimize: false },
  })
}

function compile(schema: JsonSchema): ValidateFunction {
  if (ajv === undefined) return fault('internal', 'the validator is used before it is loaded')
  const known = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, known)
  return known
}

/**
 * What is wrong with data; empty when ajv finds that it has the shape.
 * @param path where the data stands in its document; the findings' paths begin with it
 */
export function wrong(schema: JsonSchema, data: unknown, path: Path = []): Finding[] {
  const validate = compile(schema)
  if (validate(data)) return []
  const explained = findings(schema, data, path)
  if (explained.length > 0) return explained
  return (validate.errors ?? []).map((error) =>
    finding('invalid', `${error.instancePath} is against "${error.keyword}"`.trim(), path)
  )
}
