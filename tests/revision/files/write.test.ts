import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Operation } from '../../../src/ops/index.ts'
import { DEFINITIONS } from '../../../src/ops/index.ts'
import { scanHeader } from '../../../src/revision/header/header-scan.ts'
import { listLines, mappingLines } from '../../../src/revision/yaml/layout.ts'
import { parseRevision } from '../../../src/revision/load.ts'
import { parseSource } from '../../../src/revision/yaml/source.ts'
import { revisionText } from '../../../src/revision/write.ts'
import type { NewFile } from '../../../src/revision/write.ts'

const CREATE_DB = `# yaml-language-server: $schema=../schemas/revision.schema.json
id: e75fa022c781
down_revision: null
message: Create DB
created: 2024-10-23T16:46:49Z

upgrade:
  - create_table:
      name: datasets
      columns:
        - { name: id, type: uuid, primary_key: true }
        - { name: filename, type: varchar(30), nullable: false }
        - { name: price, type: "numeric(10, 2)", default: 0 }
        - { name: format, type: { enum: [JOB], name: datasetformat }, nullable: false }
        - { name: created_at, type: timestamptz, nullable: false, default: { sql: CURRENT_TIMESTAMP } }
  - create_index: { name: ix_datasets_filename, table: datasets, columns: [filename], unique: true }
  - only: postgres
    execute: { sql: ANALYZE datasets }
  - execute:
      sql: |-
        UPDATE datasets
           SET filename = 'a: b' -- "c"

         WHERE filename IS NULL

downgrade:
  - drop_table: { name: datasets }
`

/** The text of a revision that was read, and what it was written from. */
async function rewritten(text: string): Promise<string> {
  const { upgrade, downgrade, node: _, hash: __, file: ___, ...rest } = await parseRevision(text, 'f')
  const operations = (list: typeof upgrade) => list.map((one) => one.operation)
  const file: NewFile = {
    ...rest,
    upgrade: operations(upgrade),
    ...(downgrade === undefined
      ? {}
      : { downgrade: 'operations' in downgrade ? operations(downgrade.operations) : downgrade }),
    ...(text.startsWith('# yaml') ? { schema: '../schemas/revision.schema.json' } : {}),
  }
  return revisionText(file)
}

Deno.test('a file is laid out as people would', async () => {
  assert.equal(await rewritten(CREATE_DB), CREATE_DB)
})

Deno.test('what only looks like a variable is written so that it stands for itself', async () => {
  const execute: Operation = { op: 'execute', sql: "SELECT '${x:key}', $${x:a}$$, '${x:', '$$${x:b:-c}'" }
  const rows: Operation = { op: 'bulk_insert', table: 't', rows: [{ a: '${x:key}', b: [{ c: '${x:' }] }] }
  const text = revisionText({
    id: 'ab12',
    down: [],
    message: '',
    upgrade: [execute, rows],
    downgrade: [execute],
  })
  const { upgrade, downgrade } = await parseRevision(text, 'f', { vars: {} })
  assert.deepEqual(upgrade.map((one) => one.operation), [execute, rows])
  assert.ok(downgrade !== undefined && 'operations' in downgrade)
  assert.deepEqual(downgrade.operations.map((one) => one.operation), [execute])
})

Deno.test('the examples of all operations survive being written and read', async () => {
  const examples = DEFINITIONS.flatMap((one) => [...(one.example.given ?? []), one.example.operation])
  const text = revisionText({ id: 'a', down: [], message: '', upgrade: examples as Operation[] })
  const { upgrade } = await parseRevision(text, 'f')
  assert.deepEqual(upgrade.map((one) => one.operation), JSON.parse(JSON.stringify(examples)))
  assert.equal(await rewritten(text), text)
  for (const line of text.split('\n')) assert.ok(line.length <= 110 || !line.includes(' { '), line)
})

Deno.test('a new revision without operations', () => {
  const text = revisionText({
    id: '475461270014',
    down: ['0123'],
    message: 'add x',
    upgrade: [],
    downgrade: [],
  })
  assert.equal(
    text,
    `id: "475461270014"
down_revision: "0123"
message: add x

# Operations in order, in place of [], such as
#   - add_column: { table: users, column: { name: email, type: text } }
upgrade: []

# Without this key the downgrade is derived from the upgrade.
downgrade: []
`,
  )
})

Deno.test('a merge with everything', async () => {
  const text = `id: a
down_revision: [b, "12e4", "null"]
branch_labels: [billing, "on"]
depends_on: [c]
message: "merge: all #1"
transaction: none
settings: { lock_timeout: 4s, statement_timeout: 0 }

upgrade:
  - drop_table: { name: x }

downgrade: { irreversible: the rows are gone }
`
  assert.equal(await rewritten(text), text)
})

const words = fc.constantFrom(
  'null',
  'On',
  '12e4',
  '0123',
  '1:30',
  '~',
  '',
  ' a',
  'a ',
  '- a',
  'a: b',
  'a #b',
  '*x',
  '{a}',
  'x\n',
  '\n',
  'a\n\nb',
  'a\r\nb',
  '\ta\nb',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\ud800',
  '😀\n😀',
  'a\n\n',
  ' a\nb',
  '<<',
  '__proto__',
  '"',
  "it's",
  '\\',
  '2024-01-01',
  'é',
  '\x7f',
  'a\tb',
  'a\n# b\n',
  'a\n---\nb',
)
const text = fc.oneof(
  words,
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'a \n:#-\'"\\,[]{}\t') }),
)
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => Object.is(one, -0) ? 0 : one),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

Deno.test('what is laid out is read back', async () => {
  await fc.assert(
    fc.asyncProperty(anything, anything, async (one, two) => {
      const lines = [
        ...mappingLines({ a: one, b: [one, two], c: { two } }, 0),
        'd:',
        ...listLines([one, { x: two }], 2, 'open'),
      ]
      const { data } = await parseSource(`${lines.join('\n')}\n`, 'f')
      assert.equal(
        JSON.stringify(data),
        JSON.stringify({ a: one, b: [one, two], c: { two }, d: [one, { x: two }] }),
      )
    }),
    { numRuns: 1500 },
  )
})

const id = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{1,12}$/),
  fc.constantFrom('null', 'on', '12e4', '0123', '1.5', 'été'),
)

Deno.test('headers are read back, by both readers', async () => {
  await fc.assert(
    fc.asyncProperty(
      id,
      fc.array(id, { maxLength: 3 }),
      fc.array(id, { maxLength: 2 }),
      text,
      async (one, down, labels, message) => {
        const written = revisionText({ id: one, down, dependsOn: labels, labels, message, upgrade: [] })
        const { id: read, ...rest } = (await parseRevision(written, 'f')).node
        assert.deepEqual([read, rest.down, rest.dependsOn, rest.labels, rest.message], [
          one,
          down,
          labels,
          labels,
          message,
        ])
        const scanned = scanHeader(written)
        if (!/["\\|\n\ufffd\ufeff]/.test(message)) return
        assert.ok(scanned === undefined || scanned.header.message === message)
      },
    ),
    { numRuns: 500 },
  )
})

Deno.test('a text that begins with an empty line or with blanks is a block, as the bodies of functions are', () => {
  assert.deepEqual(mappingLines({ body: '\nBEGIN\n  RETURN NEW;\nEND\n' }, 2), [
    '  body: |',
    '',
    '    BEGIN',
    '      RETURN NEW;',
    '    END',
  ])
  assert.deepEqual(listLines(['\n  BEGIN\n  END', ' a\nb'], 0), [
    '- |2-',
    '',
    '    BEGIN',
    '    END',
    '- |2-',
    '   a',
    '  b',
  ])
})
