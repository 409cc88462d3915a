import assert from 'node:assert/strict'
import { join } from 'node:path'
import { buildGraph } from '../../../src/revision/graph/graph.ts'
import { readHeaders } from '../../../src/revision/header/headers.ts'
import { parseRevision } from '../../../src/revision/load.ts'
import { revisionText } from '../../../src/revision/write.ts'
import { errorsOf, folderWith } from './support.ts'

/** What stands after `id:`, and the id it is. */
const IDS: Readonly<Record<string, string>> = {
  'e75fa022c781': 'e75fa022c781',
  '475461270014': '475461270014',
  '12e456789012': '12e456789012',
  '0123': '0123',
  '0x1F': '0x1F',
  '1.0': '1.0',
  '1_000': '1_000',
  '.5': '.5',
  '.inf': '.inf',
  'null': 'null',
  '~': '~',
  'on': 'on',
  'No': 'No',
  'true': 'true',
  '20240101': '20240101',
  '2024_01_01': '2024_01_01',
  '"null"': 'null',
  "'0123'": '0123',
  '!!str 12': '12',
  'été': 'été',
  'a # comment': 'a',
}

for (const [written, id] of Object.entries(IDS)) {
  Deno.test(`id: ${written} is "${id}"`, async () => {
    const text = `id: ${written}\ndown_revision: [x, ${written.replace(/ #.*/, '')}]\nupgrade: []\n`
    const isNull = /^(?:null|~)$/.test(written)
    const { node } = await parseRevision(isNull ? text.replace(/\[x.*\]/, '[x]') : text, 'f')
    assert.equal(node.id, id)
    assert.deepEqual(node.down, isNull ? ['x'] : ['x', id])
    const folder = folderWith({ 'a.yaml': `id: ${written}\nupgrade: []\n` })
    assert.deepEqual((await readHeaders([folder])).map((one) => one.id), [id])
    assert.equal(
      (await parseRevision(revisionText({ id, down: [id], message: '', upgrade: [] }), 'f')).down[0],
      id,
    )
  })
}

/** What stands after `down_revision`, and the ids it means. */
const DOWNS: Readonly<Record<string, readonly string[]>> = {
  ': null': [],
  ': Null': [],
  ': ~': [],
  ':': [],
  ': # a base': [],
  ': []': [],
  ': "null"': ['null'],
  ": 'null' # quoted": ['null'],
  ': ["null", nil]': ['null', 'nil'],
  ': 0123': ['0123'],
  ': [0123, 12e456789012, "a", \'b\']': ['0123', '12e456789012', 'a', 'b'],
  ':\n  - 0123\n  - on': ['0123', 'on'],
  ':\n- 0123': ['0123'],
}

for (const [written, down] of Object.entries(DOWNS)) {
  Deno.test(`down_revision${written}`, async () => {
    for (const key of ['down_revision', 'depends_on', 'branch_labels']) {
      const text = `id: a\n${key}${written}\nupgrade: []\n`
      const { node } = await parseRevision(text, 'f')
      const [header] = await readHeaders([folderWith({ 'a.yaml': text })])
      for (const one of [node, header!]) {
        const field = { down_revision: one.down, depends_on: one.dependsOn, branch_labels: one.labels }
        assert.deepEqual(field[key as keyof typeof field], down)
      }
    }
  })
}

const REFUSED: Readonly<Record<string, string>> = {
  'id: ""': '1:5: error[empty-text]: "id" must not be empty',
  'id:': '1:1: error[wrong-type]: "id" takes text, found nothing',
  'id: [a]': '1:5: error[wrong-type]: "id" takes text, found a list',
  'id: a\ndown_revision: [null]': '2:17: error[wrong-type]: "down_revision[0]" takes text, found nothing',
  'id: a\ndown_revision: { b: 1 }':
    '2:16: error[wrong-type]: "down_revision" takes text, a list of texts or null, found a mapping',
  'id: a@b': "1:5: error[bad-revision-id]: Character(s) '@' not allowed in revision identifier 'a@b'",
  'id: a:b': "1:5: error[bad-revision-id]: Character(s) ':' not allowed in revision identifier 'a:b'",
  'id: a+b-c': "1:5: error[bad-revision-id]: Character(s) '+, -' not allowed in revision identifier 'a+b-c'",
  'id: a b': "1:5: error[bad-revision-id]: Blanks are not allowed in revision identifier 'a b'",
  ['id: ' + 'a'.repeat(33)]: `1:5: error[bad-revision-id]: Revision identifier '${
    'a'.repeat(33)
  }' is longer than 32 characters`,
  'id: a\nid: b': '2:1: error[duplicate-key]: key "id" stands twice',
}

for (const [header, expected] of Object.entries(REFUSED)) {
  Deno.test(`refused: ${header}`, async () => {
    const folder = folderWith({ 'a.yaml': `${header}\nupgrade: []\n` })
    const [error] = await errorsOf(async () => buildGraph(await readHeaders([folder])))
    assert.equal(error?.split(' | ')[0], `${join(folder, 'a.yaml')}:${expected}`)
  })
}

Deno.test('32 characters are an id', async () => {
  const folder = folderWith({ 'a.yaml': `id: ${'a'.repeat(32)}\nupgrade: []\n` })
  assert.equal(buildGraph(await readHeaders([folder])).heads[0], 'a'.repeat(32))
})
