import assert from 'node:assert/strict'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { diff } from '../../src/diff/index.ts'
import { filtered } from '../../src/diff/filter.ts'
import type { Filter } from '../../src/diff/filter.ts'
import { definitionOf } from '../../src/ops/index.ts'
import { modelAfter } from '../support/compile.ts'
import { fromYaml } from '../support/operation-yaml.ts'

const column = (name: string, more: object = {}) => ({ name, type: 'integer', ...more })
const table = (name: string, ...columns: object[]) => ({ create_table: { name, columns } })

const FROM = [
  table('users', column('id', { primary_key: true }), column('old', { unique: true }), column('age')),
  table('legacy', column('id'), column('a')),
  table('gone', column('id')),
].map(fromYaml)
const TO = [
  table('users', column('id', { primary_key: true }), column('age', { index: true }), column('new')),
  table('legacy', column('id'), column('b')),
  table('added', column('id')),
].map(fromYaml)

/** What is left to do, in words. */
function left(filter: Filter): string[] {
  const [from, to] = [modelAfter(FROM, sqlite), modelAfter(TO, sqlite)]
  const found = diff(from, filtered(to, from, filter), sqlite, { noRenames: true })
  return found.operations.map((one) => definitionOf(one).describe(one))
}

const USERS = [
  'drop column users.old',
  'add column users.new (integer)',
  'create index ix_users_age on users (age)',
]

Deno.test('filter: excluded tables stay as they are', () => {
  assert.deepEqual(left({ exclude: ['legacy', 'gone', 'add*'] }), USERS)
})

Deno.test('filter: included tables are all that is looked at', () => {
  assert.deepEqual(left({ include: ['users'] }), USERS)
})

Deno.test('filter: an excluded column keeps what it has', () => {
  const exclude = ['legacy', 'gone', 'added', 'users.old', 'users.ne?']
  assert.deepEqual(left({ exclude }), ['create index ix_users_age on users (age)'])
})

Deno.test('filter: kinds', () => {
  assert.deepEqual(left({ exclude: ['index:*', 'table: *e*', 'added', 'gone'] }), [])
  assert.deepEqual(left({ exclude: ['index:ix_*', 'legacy', 'added', 'gone'] }), USERS.slice(0, 2))
})

Deno.test('filter: nothing is said, everything counts', () => {
  assert.deepEqual(left({}), left({ exclude: ['nobody'] }))
})
