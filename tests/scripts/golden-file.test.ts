import assert from 'node:assert/strict'
import { parse } from 'yaml'
import type { Case, Results } from '../support/case.ts'
import { differing, updated } from '../support/golden-file.ts'

const HAND = `# Why this case is here.
given:
  # A table.
  - create_table: { name: "a",  columns: [ { name: id, type: uuid } ] }

operation: { drop_table: { name: a } }   # gone
`

function caseOf(text: string): Case {
  const { given, operation, ...expected } = parse(text)
  return { file: 'a.yaml', text, kind: 'drop_table', given, operation, expected }
}

const RESULTS: Results = {
  postgres: 'DROP TABLE a;\n',
  sqlite: { error: 'unsupported: no: "never"' },
  inverse: [{ create_table: { name: 'a' } }],
  describe: 'drop table a',
}

Deno.test('results are written behind what stands there by hand', () => {
  const text = updated(caseOf(HAND), RESULTS)
  assert.equal(
    text,
    `${HAND}postgres: |
  DROP TABLE a;
sqlite: { error: 'unsupported: no: "never"' }
inverse:
  - { create_table: { name: a } }
describe: drop table a
`,
  )
  assert.deepEqual(differing(caseOf(text).expected, RESULTS), [])
})

Deno.test('only what differs is written anew, and comments stay', () => {
  const text = `${HAND}\n# Why so.\npostgres: |\n  DROP TABLE b;\n\n# One line.\ndescribe:   drop table a\n`
  const { postgres, describe } = RESULTS
  assert.equal(updated(caseOf(text), { postgres, describe }), text.replace('TABLE b', 'TABLE a'))
})

Deno.test('what is no result any more is taken out', () => {
  const text =
    `${HAND}postgres: ''\neffects:\n  - { kind: unknown, object: a, why: b }\ndescribe: drop table a\n`
  const { describe } = RESULTS
  assert.equal(
    updated(caseOf(text), { postgres: '', describe }),
    `${HAND}postgres: ''\n${'describe: drop table a\n'}`,
  )
})

Deno.test('differences are found in every part', () => {
  assert.deepEqual(differing(RESULTS, { ...RESULTS, postgres: 'DROP TABLE b;\n', describe: undefined }), [
    'postgres',
    'describe',
  ])
})
