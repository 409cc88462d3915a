import assert from 'node:assert/strict'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { diff, wayBack } from '../../src/diff/index.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { Extension } from '../../src/model/model.ts'

const holding = (...extensions: Extension[]) => ({ ...EMPTY, schemas: ['ext'], extensions })

Deno.test('diff: an extension that is given no schema is well wherever it is', () => {
  const found = diff(holding({ name: 'hstore', schema: 'ext' }), holding({ name: 'hstore' }), postgres)
  assert.deepEqual(found.operations, [])
})

Deno.test('diff: the default schema may be named', () => {
  const named = holding({ name: 'hstore', schema: 'public' })
  assert.deepEqual(diff(holding({ name: 'hstore' }), named, postgres).operations, [])
})

Deno.test('diff: the way back of an extension that was moved leads to the default schema', () => {
  const here = holding({ name: 'hstore' })
  const there = diff(here, holding({ name: 'hstore', schema: 'ext' }), postgres)
  assert.deepEqual(there.operations, [{ op: 'alter_extension', name: 'hstore', schema: 'ext' }])
  assert.deepEqual(wayBack(there, here, postgres).operations, [
    { op: 'alter_extension', name: 'hstore', default_schema: true },
  ])
})
