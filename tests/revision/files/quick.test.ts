/** The quick reader against the library: whatever it reads, the library reads the same. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { writeLimbeck } from '../../../scripts/bench/history.ts'
import { DEFINITIONS } from '../../../src/ops/index.ts'
import type { Operation } from '../../../src/ops/index.ts'
import { AS_WRITTEN } from '../../../src/revision/document.ts'
import { quickData } from '../../../src/revision/quick.ts'
import { composedSource, sourceOf } from '../../../src/revision/source.ts'
import { revisionText } from '../../../src/revision/write.ts'
import { loadYaml } from '../../../src/revision/yaml.ts'

const yaml = await loadYaml()
const ROOT = resolve(import.meta.dirname!, '../../..')
const RUNS = { numRuns: 2000 }

/** Whether the quick reader reads a text; then the library must read the same. */
function isQuick(text: string): boolean {
  const quick = quickData(text, AS_WRITTEN)
  if (quick === undefined) return false
  assert.deepEqual(quick, composedSource(yaml, text, 'f', { asWritten: AS_WRITTEN }).data, text)
  return true
}

/** Checks the property, and that the quick reader read at least this share of the texts. */
function holds(texts: fc.Arbitrary<string>, share: number): void {
  let [all, quick] = [0, 0]
  fc.assert(
    fc.property(texts, (text) => {
      all++
      if (isQuick(text)) quick++
    }),
    RUNS,
  )
  assert.ok(quick >= all * share, `${quick} of ${all} were read quickly`)
}

function textsUnder(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.yaml')).map((file) =>
    readFileSync(join(folder, file), 'utf8')
  )
}

const REVISIONS = textsUnder(join(ROOT, 'revisions'))

Deno.test('the revisions and models of this project are read quickly', () => {
  const texts = [...REVISIONS, ...textsUnder(join(ROOT, 'models'))]
  assert.ok(texts.length > 9)
  for (const text of texts) assert.ok(isQuick(text), text)
})

Deno.test('the history that speed is measured with is read quickly', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limbeck-quick-'))
  writeLimbeck(folder, 3)
  const texts = textsUnder(folder)
  assert.equal(texts.length, 3)
  for (const text of texts) assert.ok(isQuick(text), text)
})

Deno.test('the examples of all operations are read quickly as they are written', () => {
  for (const { kind, example } of DEFINITIONS) {
    const upgrade = [...(example.given ?? []), example.operation] as Operation[]
    assert.ok(isQuick(revisionText({ id: 'a', down: ['0123'], message: kind, upgrade })), kind)
  }
})

/** Texts that are found in files, and such as have a meaning in YAML. */
const word = fc.oneof(
  fc.constantFrom(
    'null',
    '~',
    'true',
    'False',
    '0',
    '-0',
    '0123',
    '1.50',
    '1e3',
    '.5',
    '0x1f',
    '.inf',
    '<<',
    '',
  ),
  fc.constantFrom(
    "it's",
    '"q"',
    'a: b',
    'a #b',
    '#',
    '- a',
    '-1',
    '$$',
    'x\ny\n',
    'x\n\n  y',
    ' x',
    'x ',
    'é😀',
  ),
  fc.string({ unit: fc.constantFrom(...`ab01 :#-,[]{}'"\\|>&*!%@?~$\n\t`), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const key = fc.oneof(fc.constantFrom('name', 'type', 'columns', 'sql', 'on delete'), word)
const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(word, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)),
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(key, tie('data'), { maxKeys: 4 }),
  ),
}))

Deno.test('arbitrary operations as they are written', () => {
  const operation = fc.dictionary(key, data, { maxKeys: 4 }).map((fields) =>
    ({ ...fields, op: 'execute' }) as unknown as Operation
  )
  const text = fc.record({
    id: word,
    down: fc.array(word, { maxLength: 2 }),
    message: word,
    upgrade: fc.array(operation, { maxLength: 3 }),
  }).map(revisionText)
  holds(text, 0.3)
})

Deno.test('arbitrary data in many styles', () => {
  const style = fc.record({
    indent: fc.constantFrom(2, 3, 4),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 40, 80),
    collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
    defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
    defaultKeyType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const),
    flowCollectionPadding: fc.boolean(),
  })
  const document = fc.oneof(fc.dictionary(key, data), fc.array(data))
  holds(fc.tuple(document, style).map(([one, how]) => yaml.stringify(one, how)), 0.1)
})

/** What can be put anywhere in a file. */
const PIECES = [
  ...[
    ' ',
    '  ',
    '\n',
    '\n  ',
    '\n    ',
    '\n\n',
    '\t',
    ':',
    ': ',
    '- ',
    '-',
    '#',
    ' # c\n',
    '\n# c\n',
    ',',
    '? ',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    "''",
    '\\',
    '\\n',
    '\\u0041',
    '|',
    '|-',
    '|\n  text\n   more\n',
    '>',
    '&a ',
    '*a',
  ],
  ...[
    '!',
    '!!str ',
    '%',
    '@',
    '`',
    '---',
    '\n---\n',
    '...',
    '=',
    '~',
    'null',
    '0123',
    '1e3',
    'é',
    '\u00a0',
    '\ufeff',
  ],
  ...[
    'a: b',
    '- - a\n',
    '- a: b\n  c: d',
    '[\n a,\n b\n]',
    'key:\n  k: v\n',
    'key:\n- a\n',
    '<<: ',
    '__proto__: 1',
  ],
  ...[
    'id: 01\n',
    'id:\n',
    'depends_on: [null, 1]\n',
    'down_revision:\n  - 1\n  - ~\n',
    '${x:t}',
    '\u2028',
    '\x07',
  ],
]

type Change = (text: string) => string

/** A change at a place, given as a share of the text or of its lines. */
const change = fc.record({
  what: fc.constantFrom('put', 'put', 'cut', 'indent', 'outdent', 'break', 'drop', 'repeat'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  width: fc.integer({ min: 1, max: 8 }),
  piece: fc.constantFrom(...PIECES),
}).map(({ what, at, width, piece }): Change => (text) => {
  const place = Math.floor(at * text.length)
  const lines = text.split('\n')
  const i = Math.floor(at * (lines.length - 1))
  const line = lines[i]!
  const changed = (...by: string[]) => [...lines.slice(0, i), ...by, ...lines.slice(i + 1)].join('\n')
  if (what === 'put') return text.slice(0, place) + piece + text.slice(place)
  if (what === 'cut') return text.slice(0, place) + text.slice(place + width)
  if (what === 'indent') return changed(' '.repeat(width) + line)
  if (what === 'outdent') return changed(line.replace(/^ {1,2}/, ''))
  if (what === 'break') return changed(line.slice(0, width * 3), ' '.repeat(width) + line.slice(width * 3))
  return what === 'drop' ? changed() : changed(line, line)
})

Deno.test('real files with changes anywhere', () => {
  const cases = textsUnder(join(ROOT, 'tests/ops')).filter((text) => text.length < 1200)
  const text = fc.constantFrom(...REVISIONS.filter((one) => one.length < 2500), ...cases)
  const changes = fc.array(change, { minLength: 1, maxLength: 3 })
  holds(fc.tuple(text, changes).map(([one, all]) => all.reduce((before, by) => by(before), one)), 0.15)
})

Deno.test('pieces of YAML in any order', () => {
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 10 })
  const lead = fc.constantFrom('', 'a: ', 'a:\n  - ', '- ', 'a: [', 'a: { b: ')
  holds(fc.tuple(lead, pieces).map(([one, rest]) => one + rest.join('')), 0.01)
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
  assert.ok(isQuick(text))
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
