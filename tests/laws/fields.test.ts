import assert from 'node:assert/strict'
import { DEFINITIONS } from '../../src/ops/index.ts'
import { allCases } from '../support/case.ts'
import { declared, used } from '../support/fields.ts'
import type { Fields } from '../support/fields.ts'

const covered: Fields = new Map()
for (const { kind, expected, operation } of allCases()) {
  const definition = DEFINITIONS.find((one) => one.kind === kind)
  // A todo works when it refuses to.
  const works = expected.error === undefined || expected.error.startsWith('todo: ')
  if (works && definition !== undefined) {
    used(definition.shape, operation[kind], kind, covered)
  }
}

for (const { kind, shape } of DEFINITIONS) {
  Deno.test(`fields: every field of ${kind} is in a golden case that works`, () => {
    const fields: Fields = new Map()
    declared(shape, kind, fields)
    const missing = [...fields].filter(([id]) => !covered.has(id)).map(([, path]) => path)
    assert.deepEqual(missing, [])
  })
}
