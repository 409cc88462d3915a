/** The order in which things are created. */
import assert from 'node:assert/strict'
import { ordered } from '../../src/diff/order.ts'
import type { Node } from '../../src/diff/order.ts'

function node(key: string, needs: readonly string[] = [], wants: readonly string[] = []): Node {
  return { key, rank: 0, needs: new Set(needs), wants: new Set(wants), build: () => {} }
}

const keysOf = (nodes: readonly Node[]) => ordered(nodes).map(({ key }) => key).join(' ')

Deno.test('each comes after what it needs and wants, else by its key', () => {
  assert.equal(keysOf([node('c'), node('a', ['b']), node('b', [], ['d']), node('d')]), 'd b a c')
  assert.equal(keysOf([node('a', ['nothing'])]), 'a')
})

Deno.test('in a circle what is wanted is given up', () => {
  assert.equal(keysOf([node('a', ['b']), node('b', [], ['c']), node('c', [], ['a']), node('d')]), 'b a c d')
  assert.equal(keysOf([node('a', ['b']), node('b', ['a'])]), 'b a')
})

Deno.test('chains are as long as they are', () => {
  const count = 50_000
  const name = (i: number) => String(i).padStart(6, '0')
  const chain = Array.from({ length: count }, (_, i) => node(name(i), [], [name(i + 1)]))
  assert.deepEqual(ordered(chain).map(({ key }) => key), chain.map(({ key }) => key).reverse())
})
