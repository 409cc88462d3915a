import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ProblemError } from '../../src/problem.ts'
import { sameModel } from '../../src/model/same.ts'
import type { Model } from '../../src/model/model.ts'
import { assemble } from '../../src/models/assemble.ts'
import { readDocuments } from '../../src/models/document.ts'

async function model(...texts: readonly string[]): Promise<Model> {
  const items = await readDocuments(texts.map((text, i) => ({ file: `${i}.yaml`, text })))
  return assemble(items, 'postgres')
}

const PARTS = [
  'views: [{ name: v, query: SELECT 1 AS a }]',
  'tables: [{ name: child, columns: [{ name: a, type: { domain: outer } }], inherits: [parent] }]',
  'tables: [{ name: parent, columns: [{ name: b, type: { enum: mood } }] }]',
  'domains: [{ name: outer, type: { domain: inner } }]',
  'domains: [{ name: inner, type: { enum: mood } }]',
  'tables: [{ name: grandchild, columns: [], inherits: [child], primary_key: [b], indexes: [{ name: ix, columns: [a] }] }]',
  'enums: [{ name: mood, values: [sad] }]',
  'sequences: [{ name: s, owned_by: { table: a, column: id } }]',
  'tables: [{ name: a, columns: [{ name: id, type: uuid, primary_key: true }, { name: b, type: uuid, references: { table: b, column: id } }] }]',
  'tables: [{ name: b, columns: [{ name: id, type: uuid, primary_key: true }, { name: a, type: uuid, references: { table: a, column: id } }] }]',
]

Deno.test('the order of files does not matter; foreign keys may go in circles', async () => {
  const straight = await model(...PARTS)
  assert.deepEqual(straight.tables.map((one) => one.foreignKeys.map((key) => key.references.name)), [
    [],
    [],
    [],
    [
      'b',
    ],
    ['a'],
  ])
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(PARTS, { minLength: PARTS.length }), async (parts) => {
      assert.deepEqual(sameModel(await model(...parts), straight), [])
    }),
    { numRuns: 30 },
  )
})

Deno.test('what was there under another name is remembered', async () => {
  const { tables: [table] } = await model(
    'tables: [{ name: people, was: users, columns: [{ name: email, was: mail, type: text }, { name: id, type: uuid }] }]',
  )
  assert.equal(table!.was, 'users')
  assert.deepEqual(table!.columns.map((one) => one.was), ['mail', undefined])
})

Deno.test('what an enum was called before is remembered', async () => {
  const { enums } = await model(
    'enums: [{ name: state, schema: app, was: mood, values: [sad] }, { name: mood, values: [sad] }]\nschemas: [{ name: app }]',
  )
  assert.deepEqual(enums.map((one) => one.was), ['mood', undefined])
})

Deno.test('items for another database are left out', async () => {
  const { tables } = await model(
    'tables: [{ only: sqlite, name: a, columns: [] }, { only: postgres, name: b, columns: [] }]',
  )
  assert.deepEqual(tables.map((one) => one.name), ['b'])
})

Deno.test('unnamed constraints whose names meet are numbered as when they are created one after the other', async () => {
  const { tables } = await model(
    'tables:\n- { name: a, columns: [{ name: b_c, type: text, unique: true }] }\n- { name: a_b, columns: [{ name: c, type: text, unique: true }] }',
  )
  assert.deepEqual(tables.map((one) => one.uniques[0]!.name), ['a_b_c_key', 'a_b_c_key1'])
})

Deno.test('NOT VALID is kept', async () => {
  const { tables: [table] } = await model(
    'tables: [{ name: a, columns: [{ name: b, type: text }], checks: [{ condition: b > 1, not_valid: true }] }]',
  )
  assert.equal(table!.checks[0]!.valid, false)
})

Deno.test('tables that inherit from each other in a circle end in a problem', async () => {
  await assert.rejects(
    model(`tables:
      - { name: a, inherits: [b], columns: [], unique: [{ columns: [x] }], foreign_keys: [{ columns: [x], references: { table: no, columns: [x] } }] }
      - { name: b, inherits: [c], columns: [] }
      - { name: c, inherits: [b], columns: [] }`),
    (error) => error instanceof ProblemError && error.problems[0]!.code === 'no-such-table',
  )
})
