import assert from 'node:assert/strict'
import { EMPTY } from '../../src/model/model.ts'
import type { Column, Model, Table } from '../../src/model/model.ts'
import { sameModel } from '../../src/model/same.ts'
import type { Sameness } from '../../src/model/same.ts'

const id: Column = { name: 'id', type: { kind: 'integer' }, nullable: false }
const email: Column = { name: 'email', type: { kind: 'varchar', length: 30 }, nullable: true }
const users: Table = {
  name: 'users',
  columns: [id, email],
  primaryKey: { name: 'users_pkey', implicit: true, columns: ['id'] },
  uniques: [{ name: 'users_email_key', implicit: true, columns: ['email'] }],
  checks: [{ name: 'ck', expression: 'id > 0' }],
  foreignKeys: [],
  excludes: [],
  indexes: [{ name: 'ix', keys: [{ column: 'id' }, { column: 'email' }] }],
}
const posts: Table = { ...users, name: 'posts', indexes: [], uniques: [] }

function model(...tables: Table[]): Model {
  return { ...EMPTY, tables }
}

Deno.test('the order of tables and columns does not count', () => {
  const turned = { ...users, columns: [email, id] }
  assert.deepEqual(sameModel(model(users, posts), model(posts, turned)), [])
})

Deno.test('a table too many and one too few', () => {
  assert.deepEqual(sameModel(model(users), model(posts)), [
    'table "posts" is missing',
    'table "users" is not wanted',
  ])
})

const changes: readonly (readonly [Partial<Table>, string])[] = [
  [{ columns: [id] }, 'column "users.email" is missing'],
  [{ columns: [id, { ...email, nullable: false }] }, 'column "users.email": nullable is false, not true'],
  [{ columns: [id, { ...email, type: { kind: 'text' } }] }, 'column "users.email": type is'],
  [{ columns: [id, { ...email, default: { literal: 'x' } }] }, 'column "users.email": default is'],
  [{ columns: [id, { ...email, comment: 'x' }] }, 'column "users.email": comment is "x", not absent'],
  [{ indexes: [{ name: 'ix', keys: [{ column: 'email' }, { column: 'id' }] }] }, 'index "ix": keys is'],
  [{ indexes: [{ ...users.indexes[0]!, unique: true }] }, 'index "ix": unique is true, not absent'],
  [{ checks: [{ name: 'ck', expression: 'id > 1' }] }, 'check "ck" of "users": expression is'],
  [{ primaryKey: undefined }, 'primary key "users_pkey" of "users" is missing'],
  [{ strict: true }, 'table "users": strict is true, not absent'],
]

for (const [change, message] of changes) {
  Deno.test(`a difference is told: ${message}`, () => {
    const found = sameModel(model({ ...users, ...change }), model(users))
    assert.equal(found.length, 1)
    assert(found[0]!.startsWith(message), found[0]!)
  })
}

Deno.test('whether a name was given does not count, the name does', () => {
  const given = { ...users, uniques: [{ name: 'users_email_key', columns: ['email'] }] }
  assert.deepEqual(sameModel(model(given), model(users)), [])
  const renamed = { ...users, uniques: [{ ...users.uniques[0]!, name: 'other' }] }
  assert.equal(sameModel(model(renamed), model(users)).length, 2)
})

const forgetful: Sameness = {
  forgets: true,
  sameType: (a, b) => a.kind === b.kind,
  sameDefault: () => true,
  sameExpression: (a, b) => a.replaceAll(' ', '') === b.replaceAll(' ', ''),
}

Deno.test('where names are forgotten, unnamed constraints compare by what they say', () => {
  const renamed = { ...users, uniques: [{ ...users.uniques[0]!, name: 'other' }] }
  assert.deepEqual(sameModel(model(renamed), model(users), forgetful), [])
  const others = { ...users, uniques: [{ ...users.uniques[0]!, columns: ['id'] }] }
  assert.equal(sameModel(model(others), model(users), forgetful).length, 2)
})

Deno.test('types and SQL are compared as the dialect does', () => {
  const spaced = {
    ...users,
    columns: [id, { ...email, type: { kind: 'varchar' } as const }],
    checks: [{ name: 'ck', expression: 'id>0' }],
  }
  assert.deepEqual(sameModel(model(spaced), model(users), forgetful), [])
})

Deno.test('the values of an enum are in order', () => {
  const enums = (...values: string[]): Model => ({ ...EMPTY, enums: [{ name: 'mood', values }] })
  assert.deepEqual(sameModel(enums('a', 'b'), enums('b', 'a')), [
    'enum "mood": values is ["a","b"], not ["b","a"]',
  ])
})
