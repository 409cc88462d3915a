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
