/** Whether things are equal to the letter, and which of them is which. */
import assert from 'node:assert/strict'
import { identical, keyOf } from '../../src/model/identical.ts'

const KEY = { name: 't_pkey', columns: ['id'] }

Deno.test('the order of fields does not count, nor does a field that is excepted, on either side', () => {
  assert(identical({ a: 1, b: [KEY] }, { b: [{ columns: ['id'], name: 't_pkey' }], a: 1 }))
  assert(!identical([KEY], [{ ...KEY, implicit: true }]))
  assert(!identical([{ ...KEY, implicit: true }], [KEY]))
  assert(identical([KEY], [{ ...KEY, implicit: true }], 'implicit'))
  assert(identical([{ ...KEY, implicit: true }], [KEY], 'implicit'))
  assert(!identical([KEY], [{ ...KEY, name: 'other', implicit: true }], 'implicit'))
  assert(!identical([{ ...KEY, include: ['a'] }], [{ ...KEY, implicit: true }], 'implicit'))
})

Deno.test('things of one name are told apart by their schemas', () => {
  assert.equal(keyOf({ name: 't' }), keyOf({ name: 't' }))
  assert.notEqual(keyOf({ name: 't' }), keyOf({ name: 't', schema: 's' }))
})
