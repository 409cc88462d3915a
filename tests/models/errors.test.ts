import assert from 'node:assert/strict'
import path from 'node:path'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { loadModels } from '../../src/models/load.ts'
import { errorsOf, folderWith } from '../revision/files/support.ts'

/** The errors of these files as models, without the folder in their paths. */
async function errors(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = folderWith(files)
  const found = await errorsOf(() =>
    loadModels('*.yaml', postgres, { root, env: {}, database: 'postgresql:///x' })
  )
  return found.map((one) => one.replaceAll(root + path.sep, ''))
}

const USERS = 'tables:\n  - name: users\n    columns: [{ name: id, type: uuid, primary_key: true }]\n'

const MISTAKES: Readonly<Record<string, readonly [text: string, ...errors: string[]]>> = {
  'an unknown key': [
    'tabels: []',
    'a.yaml:1:1: error[unknown-field]: unknown field "tabels" | did you mean "tables"?',
  ],
  'a list as document': [
    '- name: users',
    'a.yaml:1:1: error[wrong-type]: a models document is a mapping, found a list | ' +
    'a models document begins with `tables:`',
  ],
  'an unknown field of a column': [
    'tables:\n  - name: t\n    columns: [{ name: a, typ: uuid }]',
    'a.yaml:3:26: error[unknown-field]: unknown field "typ" | did you mean "type"?',
  ],
  'no list': [
    'tables: users',
    'a.yaml:1:9: error[wrong-type]: "tables" takes a list of mappings, found text "users" | write it in brackets: [users]',
  ],
  'a misspelt type': [
    'tables:\n  - name: t\n    columns: [{ name: a, type: varcar }]',
    'a.yaml:3:32: error[unknown-type]: unknown type "varcar" | did you mean "varchar"?',
  ],
  'a type called as every object calls its maker': [
    'tables:\n  - name: t\n    columns: [{ name: a, type: constructor }]',
    'a.yaml:3:32: error[unknown-type]: unknown type "constructor" | ' +
    'a type of the dialect is written { native: constructor } or { postgres: …, sqlite: … }',
  ],
  'a reference to a table that is not there': [
    `${USERS}  - name: posts\n    columns: [{ name: a, type: uuid, references: { table: user, column: id } }]`,
    'a.yaml:5:59: error[no-such-table]: there is no table "user" | did you mean "users"?',
  ],
  'a reference to a column that is not there': [
    `${USERS}  - name: posts\n    columns: [{ name: a, type: uuid }]\n` +
    '    foreign_keys: [{ columns: [a], references: { table: users, columns: [idd] } }]',
    'a.yaml:6:74: error[no-such-column]: table "users" has no column "idd" | did you mean "id"?',
  ],
  'an enum that is not there': [
    'enums: [{ name: mood, values: [sad] }]\ntables:\n  - { name: t, columns: [{ name: a, type: { enum: moood } }] }',
    'a.yaml:3:51: error[no-such-enum]: there is no enum "moood" | did you mean "mood"?',
  ],
  'a domain that is not there': [
    'domains: [{ name: a, type: { domain: b } }]',
    'a.yaml:1:38: error[no-such-domain]: there is no domain "b"',
  ],
  'an owner that is not there': [
    `${USERS}sequences: [{ name: s, owned_by: { table: users, column: no } }]`,
    'a.yaml:4:58: error[no-such-column]: table "users" has no column "no" | its columns are id',
  ],
  'a column twice': [
    'tables:\n  - { name: t, columns: [{ name: a, type: uuid }, { name: a, type: text }] }',
    'a.yaml:2:59: error[duplicate-column]: column "a" stands twice',
  ],
  'a table and a view of one name': [
    `${USERS}views: [{ name: users, query: SELECT 1 }]`,
    'a.yaml:4:17: error[defined-twice]: view "users" is defined twice | take one of the two out',
    'a.yaml:2:11: error[defined-twice]: table "users" is defined here first',
  ],
  'an index name of another table': [
    'tables:\n  - { name: a, columns: [{ name: x, type: text }], indexes: [{ name: i, columns: [x] }] }\n' +
    '  - { name: b, columns: [{ name: x, type: text }], indexes: [{ name: i, columns: [x] }] }',
    'a.yaml:3:70: error[index-exists]: there is an index or table "i" already',
  ],
  'an old name that is there still': [
    'tables:\n  - { name: t, columns: [{ name: a, type: uuid }, { name: b, was: a, type: uuid }] }',
    'a.yaml:2:67: error[contradiction]: column "b" was "a", but there is a column "a" too | ' +
    'take `was` out once every database has the new name',
  ],
  'names that change hands in a circle': [
    'tables:\n  - { name: t, columns: [{ name: a, type: uuid, was: b }, { name: b, type: uuid, was: a }, { name: c, type: uuid, was: b }] }',
    'a.yaml:2:54: error[contradiction]: column "a" was "b", which was "a" | nobody could tell whether that was done ' +
    'already: take `was` out of them, and say it once, by --rename t.b=t.a --rename t.a=t.b',
  ],
  'tables whose names change hands in a circle': [
    'tables:\n  - { name: s, was: t, columns: [] }\n  - { name: t, was: u, columns: [] }\n  - { name: u, was: s, columns: [] }',
    ...[
      '2:21: error[contradiction]: table "s" was "t", which was "u", which was "s" | nobody could tell whether that ' +
      'was done already: take `was` out of them, and say it once, by --rename t=s --rename u=t --rename s=u',
    ].map((one) => `a.yaml:${one}`),
  ],
  'an old name of a table that is there still': [
    `${USERS}  - { name: people, was: users, columns: [] }`,
    'a.yaml:4:26: error[contradiction]: table "people" was "users", but there is a table "users" too | ' +
    'take `was` out once every database has the new name',
  ],
  'an old name of an enum that is there still': [
    'enums:\n  - { name: mood, values: [sad] }\n  - { name: state, was: mood, values: [sad] }',
    'a.yaml:3:25: error[contradiction]: enum "state" was "mood", but there is an enum "mood" too | ' +
    'take `was` out once every database has the new name',
  ],
}

for (const [name, [text, ...expected]] of Object.entries(MISTAKES)) {
  Deno.test(`models: ${name}`, async () => {
    assert.deepEqual(await errors({ 'a.yaml': text }), expected)
  })
}

Deno.test('models: a name defined twice is told at both places', async () => {
  assert.deepEqual(await errors({ 'a.yaml': USERS, 'b.yaml': `# again\n${USERS}` }), [
    'b.yaml:3:11: error[defined-twice]: table "users" is defined twice | take one of the two out',
    'a.yaml:2:11: error[defined-twice]: table "users" is defined here first',
  ])
})

Deno.test('models: what is wrong with the shapes of all files is told at once', async () => {
  const found = await errors({
    'a.yaml': 'tables: 1\nview: []',
    'b.yaml': 'enums: [{ name: e }]',
    'c.yaml': 'a: [',
  })
  assert.deepEqual(found.map((one) => one.replace(/: error.*/s, '')), [
    'a.yaml:1:9',
    'a.yaml:2:1',
    'b.yaml:1:9',
    'c.yaml:1:5',
  ])
})

Deno.test('models: a pattern that matches nothing', async () => {
  const root = folderWith({ 'a.yaml': '' })
  const found = await errorsOf(() =>
    loadModels(['*.yaml', 'b/*.yaml'], postgres, { root, env: {}, database: '' })
  )
  assert.equal(found.length, 1)
  assert.match(found[0]!, /error\[no-models\]: no file matches "b\/\*\.yaml"/)
})

Deno.test('models: none at all', async () => {
  const root = folderWith({ 'a.yaml': '' })
  const found = await errorsOf(() => loadModels(undefined, postgres, { root, env: {}, database: '' }))
  assert.match(found[0]!, /error\[no-models\]: there are no models/)
})
