import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { schemaFiles, staleSchemas } from '../../../scripts/schemas.ts'

Deno.test('the schemas are current (scripts/schemas.ts writes them)', () => {
  assert.deepEqual(staleSchemas(), [])
})

Deno.test('the schemas are sound by the standard', () => {
  for (const [name, text] of schemaFiles()) {
    assert.equal(new Ajv2020().validateSchema(JSON.parse(text)), true, name)
  }
})

/** The fields of a schema that say nothing of themselves, by their paths. */
function silent(schema: unknown, path: string, within: Record<string, unknown>): string[] {
  if (schema === null || typeof schema !== 'object') return []
  const { properties = {}, ...rest } = schema as { properties?: Record<string, Record<string, unknown>> }
  const told = (field: Record<string, unknown>) =>
    (typeof field['$ref'] === 'string'
      ? within[field['$ref'].split('/').at(-1)!] as Record<string, unknown>
      : field)['description'] !== undefined
  return [
    ...Object.entries(properties).filter(([, field]) => !told(field)).map(([name]) => `${path}.${name}`),
    ...[...Object.entries(rest), ...Object.entries(properties)]
      .flatMap(([key, one]) => silent(one, `${path}.${key}`, within)),
  ]
}

Deno.test('every field says what it is', () => {
  for (const [name, text] of schemaFiles()) {
    const schema = JSON.parse(text) as { readonly $defs?: Record<string, unknown> }
    assert.deepEqual(silent(schema, name, schema.$defs ?? {}), [])
  }
})
