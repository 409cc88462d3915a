import assert from 'node:assert/strict'
import { join } from 'node:path'
import { loadRevisions, parseRevision } from '../../../src/revision/load.ts'
import type { LoadOptions } from '../../../src/revision/load.ts'
import { ProblemError } from '../../../src/problem.ts'
import { errorsOf, folderWith } from './support.ts'

/** The errors of a revision with this upgrade list. */
function upgradeErrors(upgrade: string, options?: LoadOptions): Promise<string[]> {
  return errorsOf(() => parseRevision(`id: a\nupgrade:\n${upgrade}\n`, 'f', options))
}

const MISTAKES: Readonly<Record<string, readonly [upgrade: string, ...errors: string[]]>> = {
  'a misspelt operation': [
    '  - create_tabel: { name: t, columns: [] }',
    'f:3:5: error[unknown-operation]: unknown operation "create_tabel" | did you mean "create_table"?',
  ],
  'the words in another order': [
    '  - tableDrop: { name: t }',
    'f:3:5: error[unknown-operation]: unknown operation "tableDrop" | did you mean "drop_table"?',
  ],
  'an unknown operation': [
    '  - explode: { name: t }',
    'f:3:5: error[unknown-operation]: unknown operation "explode" | ' +
    '`limbeck explain` lists them; SQL as written is `execute: { sql: … }`',
  ],
  'two operations in one item': [
    '  - drop_table: { name: t }\n    create_enum: { name: e, values: [a] }',
    'f:4:5: error[two-operations]: two operations in one item: "drop_table" and "create_enum" | ' +
    'begin "create_enum" with a dash of its own',
  ],
  'fields beside the operation': [
    '  - drop_table:\n    name: t',
    'f:4:5: error[unknown-field]: "name" stands beside "drop_table", not in it | indent it under "drop_table:"',
  ],
  'only among the fields': [
    '  - drop_table: { name: t, only: sqlite }',
    'f:3:28: error[unknown-field]: "only" stands in "drop_table", not beside it | ' +
    'write `only` beside the operation: as far out as "drop_table:"',
  ],
  'only, misspelt': [
    '  - drop_table: { name: t }\n    onyl: sqlite',
    'f:4:5: error[unknown-field]: unknown field "onyl" | did you mean "only"?',
  ],
  'only, of another database': [
    '  - only: mysql\n    drop_table: { name: t }',
    'f:3:11: error[unknown-word]: "only" takes postgres or sqlite, found text "mysql"',
  ],
  'text for an operation': [
    '  - drop_table',
    'f:3:5: error[wrong-type]: an operation is expected here, found text "drop_table" | ' +
    'write it as `- create_table: { … }`',
  ],
  'only alone': [
    '  - only: sqlite',
    'f:3:5: error[missing-operation]: the operation is missing | write it as `- create_table: { … }`',
  ],
  'nothing in an operation': [
    '  - drop_table:',
    'f:3:5: error[wrong-type]: "drop_table" takes a mapping { name }, found nothing',
  ],
  'a misspelt field that must be there': [
    '  - drop_table: { nam: t }',
    'f:3:19: error[unknown-field]: unknown field "nam" | did you mean "name"?',
  ],
  'a missing field': [
    '  - drop_table: {}',
    'f:3:5: error[missing-field]: missing field "name" | name: The table.',
  ],
  'text for a list': [
    '  - create_table: { name: t, columns: id }',
    'f:3:39: error[wrong-type]: "columns" takes a list of mappings, found text "id" | write it in brackets: [id]',
  ],
  'a number for text': [
    '  - drop_table: { name: 12 }',
    'f:3:25: error[wrong-type]: "name" takes text, found the number 12 | put it in quotes: "12"',
  ],
  'yes for true': [
    '  - drop_table: { name: t, if_exists: yes }',
    'f:3:39: error[wrong-type]: "if_exists" takes true or false, found text "yes" | write true',
  ],
  'an empty text': ['  - drop_table: { name: "" }', 'f:3:25: error[empty-text]: "name" must not be empty'],
  'an empty list': [
    '  - create_enum: { name: e, values: [] }',
    'f:3:37: error[empty-list]: "values" must not be empty',
  ],
  'a mistake in an operation of an operation': [
    '  - execute: { sql: x, effects: [{ drop_table: { nam: t } }] }',
    'f:3:50: error[unknown-field]: unknown field "nam" | did you mean "name"?',
  ],
  'the same twice': [
    '  - create_enum: { name: e, values: [a, b, a] }',
    'f:3:44: error[repeated-item]: "values" has text "a" twice',
  ],
}

for (const [name, [upgrade, ...errors]] of Object.entries(MISTAKES)) {
  Deno.test(`one error: ${name}`, async () => assert.deepEqual(await upgradeErrors(upgrade), errors))
}

/** What stands for the one column of a table. */
const COLUMNS: Readonly<Record<string, string>> = {
  '{ name: a, type: { enumm: [x] } }':
    '23: error[unknown-field]: unknown field "enumm" | did you mean "enum"?',
  '{ name: a, type: { enum: [1] } }': '30: error[wrong-type]: "enum[0]" takes text, found the number 1 | ' +
    'put it in quotes: "1"',
  '{ name: a, type: [integer] }': '21: error[wrong-type]: "type" takes text, a mapping { enum }, ' +
    'a mapping { domain }, a mapping { native } or a mapping, found a list',
  '{ name: a, type: integer, default: { sq: x } }':
    '41: error[unknown-field]: unknown field "sq" | did you mean "sql"?',
  '{ name: a, type: integer, default: [1] }':
    '39: error[wrong-type]: "default" takes text, a number, true or false, ' +
    'null or a mapping { sql }, found a list',
  '{ name: a, tpye: integer }': '15: error[unknown-field]: unknown field "tpye" | did you mean "type"?',
  '{ name: a }': '4: error[missing-field]: missing field "type" | ' +
    'type: A portable type name, or an enum, a domain, or a type of the dialect.',
}

for (const [column, error] of Object.entries(COLUMNS)) {
  Deno.test(`one error: ${column}`, async () => {
    const errors = await upgradeErrors(
      `- create_table:\n   name: t\n   columns:\n   -${column}`.replace('-{', '- {'),
    )
    assert.deepEqual(errors, [`f:6:${shift(error)}`])
  })
}

/** The columns above are counted without the dash. */
function shift(error: string): string {
  return error.replace(/^\d+/, (col) => String(Number(col) + 2))
}

Deno.test('errors of all files at once, each at its place', async () => {
  const folder = folderWith({
    'a.yaml':
      'id: a\nupgrade:\n  - drop_tabel: { name: t }\n  - drop_table: {}\ndowngrade: { irreversable: x }\n',
    'b.yaml': 'id: b\nupgrade: [\n',
    'c.yaml': 'id: c\nupgrade:\ndowngrade:\ntransaction: all\nsettings: { lock_timeout: soon }\n',
  })
  const files = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'].map((name) => join(folder, name))
  const errors = await errorsOf(() => loadRevisions(files))
  assert.deepEqual(
    errors.map((error) => error.replaceAll(`${folder}/`, '').split(': ').slice(0, 2).join(': ')),
    [
      'a.yaml:3:5: error[unknown-operation]',
      'a.yaml:4:5: error[missing-field]',
      'a.yaml:5:14: error[unknown-field]',
      'b.yaml:3:1: error[yaml-syntax]',
      'c.yaml:2:1: error[wrong-type]',
      'c.yaml:3:1: error[wrong-type]',
      'c.yaml:4:14: error[unknown-word]',
      'c.yaml:5:27: error[bad-text]',
      'error[unreadable-file]: cannot read "d.yaml"',
    ],
  )
})

const SOUND = `id: a1
down_revision: [b, c]
depends_on: lab
branch_labels: [x]
message: 2024
created: 2024-10-23T16:46:49Z
transaction: none
settings: { lock_timeout: 4s }
upgrade:
  - only: sqlite
    create_table:
      name: t
      columns:
        - { name: id, type: integer }
downgrade:
  - drop_table: { name: t }
`

Deno.test('a revision in full', async () => {
  const revision = await parseRevision(SOUND, 'f')
  const { upgrade, downgrade, hash, node, ...rest } = revision
  assert.deepEqual(rest, {
    id: 'a1',
    down: ['b', 'c'],
    dependsOn: ['lab'],
    labels: ['x'],
    message: '2024',
    created: '2024-10-23T16:46:49Z',
    transaction: 'none',
    settings: { lock_timeout: '4s' },
    file: 'f',
  })
  assert.deepEqual(upgrade.map((one) => one.operation), [
    { op: 'create_table', only: 'sqlite', name: 't', columns: [{ name: 'id', type: 'integer' }] },
  ])
  assert.ok(downgrade !== undefined && 'operations' in downgrade)
  assert.deepEqual(downgrade.operations.map((one) => one.operation), [{ op: 'drop_table', name: 't' }])
  assert.match(hash, /^[0-9a-f]{64}$/)
  assert.equal(node.fields?.depends_on?.line, 3)
})

Deno.test('problems of operations are given their place', async () => {
  const { upgrade } = await parseRevision(SOUND, 'f')
  const place = (path?: (string | number)[]) => {
    const { at } = upgrade[0]!.locate({ code: 'x', severity: 'error', message: 'x', ...(path && { path }) })
    return `${at?.file}:${at?.line}:${at?.col}`
  }
  assert.equal(place(['columns', 0, 'type']), 'f:14:29')
  assert.equal(place(['columns', 9]), 'f:14:9')
  assert.equal(place(['only']), 'f:10:11')
  assert.equal(place([]), 'f:11:5')
  assert.equal(place(), 'f:11:5')
  const at = { file: 'g', line: 1, col: 1 }
  assert.equal(upgrade[0]!.locate({ code: 'x', severity: 'error', message: 'x', at }).at, at)
})

Deno.test('the three forms of downgrade', async () => {
  const downgrade = async (text: string) =>
    (await parseRevision(`id: a\nupgrade: []\n${text}`, 'f')).downgrade
  assert.equal(await downgrade(''), undefined)
  assert.deepEqual(await downgrade('downgrade: []'), { operations: [] })
  const none = await downgrade('downgrade: { irreversible: data is gone }')
  assert(none !== undefined && 'irreversible' in none)
  assert.equal(none.irreversible, 'data is gone')
  assert.equal(none.place().line, 3)
})

Deno.test('of ten thousand mistakes a hundred are told', async () => {
  const text = `id: a\nupgrade:\n${'  - drop_table: { nam: t }\n'.repeat(10_000)}`
  await assert.rejects(
    () => parseRevision(text, 'f'),
    (error: unknown) => {
      assert.ok(error instanceof ProblemError)
      assert.equal(error.problems.length, 100)
      assert.deepEqual(error.problems.at(-1)?.notes, ['and 9900 more problems in this file'])
      return true
    },
  )
})
