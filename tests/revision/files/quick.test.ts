/** Which texts the quick reader reads, and which it leaves to the library. */
import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { writeLimbeck } from '../../../scripts/bench/history.ts'
import { DEFINITIONS } from '../../../src/ops/index.ts'
import type { Operation } from '../../../src/ops/index.ts'
import { AS_WRITTEN } from '../../../src/revision/document.ts'
import { quickData } from '../../../src/revision/yaml/quick.ts'
import { sourceOf } from '../../../src/revision/yaml/source.ts'
import { revisionText } from '../../../src/revision/write.ts'
import { loadYaml } from '../../../src/revision/yaml/yaml.ts'
import { folderWith, isQuick, textsUnder } from './support.ts'

const yaml = await loadYaml()
const ROOT = resolve(import.meta.dirname!, '../../..')

Deno.test('the revisions and models of this project are read quickly', () => {
  const texts = [...textsUnder(join(ROOT, 'revisions')), ...textsUnder(join(ROOT, 'models'))]
  assert.ok(texts.length > 9)
  for (const text of texts) assert.ok(isQuick(yaml, text), text)
})

Deno.test('the history that speed is measured with is read quickly', () => {
  const folder = folderWith({})
  writeLimbeck(folder, 3)
  const texts = textsUnder(folder)
  assert.equal(texts.length, 3)
  for (const text of texts) assert.ok(isQuick(yaml, text), text)
})

Deno.test('the examples of all operations are read quickly as they are written', () => {
  for (const { kind, example } of DEFINITIONS) {
    const upgrade = [...(example.given ?? []), example.operation] as Operation[]
    assert.ok(isQuick(yaml, revisionText({ id: 'a', down: ['0123'], message: kind, upgrade })), kind)
  }
})

const UNUSUAL = [
  ...[
    '',
    '# a\n',
    'a',
    '[a]',
    '{ a: b }',
    '  a: b',
    '---\na: b',
    '%YAML 1.2\n---\na: b',
    'a: b\n...',
    'a: b\n---\n',
  ],
  ...[
    'a: &x b',
    'a: *x',
    'a: !!str b',
    'a: "b\n  c"',
    "a: 'b\n  c'",
    'a: b\n  c',
    'a: >\n  b',
    'a: |2\n   b',
  ],
  ...[
    'a: |\n\n  b',
    'a: |\n  b\n c',
    'a: |\nb: c',
    '? a\n: b',
    '<<: b',
    '__proto__: b',
    'a: b\na: c',
    'a:\n  b: c\n d: e',
  ],
  ...[
    'a: b: c',
    'a:b',
    'a: [b',
    'a: [b]c',
    'a: [b c: d]',
    'a: [\nb\n]',
    'a: { b }',
    'a: { b: }',
    'a: { b: c, b: d }',
  ],
  ...[
    'a: [,]',
    'a: "\\q"',
    'a: "b"#c',
    'a: @b',
    'a: 0123',
    'a: 1e400',
    'a: .nan',
    'a: 12345678901234567',
    'a:\tb',
    'a: \0',
  ],
  ...[`a: ${'['.repeat(60)}${']'.repeat(60)}`, `${'k'.repeat(1025)}: a`, `a: ${'b'.repeat(500_000)}`],
]

for (const text of UNUSUAL) {
  Deno.test(`left to the library: ${JSON.stringify(text).slice(0, 60)}`, () => {
    assert.equal(quickData(text), undefined)
  })
}

Deno.test('header fields as they are written', () => {
  const text =
    'id: 0123\ndown_revision: ~\nmessage: 1e3\ndepends_on: [null, 2]\ncreated:\nsettings: { id: 5 }\n'
  assert.ok(isQuick(yaml, text))
  assert.deepEqual(quickData(text, AS_WRITTEN), {
    id: '0123',
    down_revision: null,
    message: '1e3',
    depends_on: [null, '2'],
    created: null,
    settings: { id: 5 },
  })
})

Deno.test('places are found in what was read quickly', () => {
  const { data, locate } = sourceOf(yaml, 'a: 1\r\nb:\r\n  - { c: x }\r\n', 'f')
  assert.deepEqual(data, { a: 1, b: [{ c: 'x' }] })
  const { line, col } = locate(['b', 0, 'c'])
  assert.deepEqual([line, col], [3, 10])
})

Deno.test('mappings that are written alike are one piece of data', () => {
  const list = (...items: string[]) => quickData(items.map((one) => `- ${one}\n`).join('')) as unknown[]
  const [first, second, other, commented] = list(
    '{ a: 1, b: [x] }',
    '{ a: 1, b: [x] }',
    '{ a: 1, b: [y] }',
    '{ a: 2 } # c',
  )
  assert.equal(second, first)
  assert.deepEqual([first, other, commented], [{ a: 1, b: ['x'] }, { a: 1, b: ['y'] }, { a: 2 }])
  assert.equal((quickData('k: { a: 1, b: [x] }\n') as { k: unknown }).k, first)
  assert.equal(quickData('- { a: 1, b: [x] } y\n'), undefined)
})
