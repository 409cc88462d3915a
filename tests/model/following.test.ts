import assert from 'node:assert/strict'
import fc from 'fast-check'
import { find } from '../../src/model/edit.ts'
import { following } from '../../src/model/following.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { Table } from '../../src/model/model.ts'

function table(name: string): Table {
  return { name, columns: [], uniques: [], checks: [], foreignKeys: [], excludes: [], indexes: [] }
}

Deno.test('an index says what the tables say, whatever models it is asked for in turn', () => {
  const pool = Array.from({ length: 40 }, (_, i) => table(`t${i}`))
  const models = fc.array(fc.subarray(pool), { minLength: 1, maxLength: 12 })
  const index = following<Set<string>>(
    () => new Set(),
    (names, one) => void names.add(one.name),
    (names, one) => void names.delete(one.name),
  )
  fc.assert(fc.property(models, (asked) => {
    for (const tables of asked) {
      assert.deepEqual([...index(tables)].sort(), tables.map((one) => one.name).sort())
    }
  }))
})

Deno.test('two models asked for in turn are not indexed again and again', () => {
  const [a, b] = [0, 1].map((k) => Array.from({ length: 1000 }, (_, i) => table(`${k}t${i}`)))
  let added = 0
  const index = following<Set<string>>(
    () => new Set(),
    (names, one) => {
      added++
      names.add(one.name)
    },
    (names, one) => void names.delete(one.name),
  )
  for (let i = 0; i < 100; i++) {
    index(a!)
    index(b!)
  }
  assert.equal(added, 2000)
})

Deno.test('a replaced table is found, the old one is not', () => {
  const [old, other] = [table('users'), table('posts')]
  const before = { ...EMPTY, tables: [old, other] }
  const renamed = { ...EMPTY, tables: [{ ...old, name: 'people' }, other] }
  assert.equal(find(before, 'tables', { name: 'users' }), old)
  assert.equal(find(renamed, 'tables', { name: 'users' }), undefined)
  assert.equal(find(renamed, 'tables', { name: 'people' })?.name, 'people')
  assert.equal(find(before, 'tables', { name: 'users' }), old)
})
