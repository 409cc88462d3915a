/** The quick reader against the library: whatever it reads, the library reads the same. */
import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import type { Operation } from '../../../src/ops/index.ts'
import { revisionText } from '../../../src/revision/write.ts'
import { loadYaml } from '../../../src/revision/yaml/yaml.ts'
import { isQuick, textsUnder } from './support.ts'

const yaml = await loadYaml()
const ROOT = resolve(import.meta.dirname!, '../../..')
const RUNS = { numRuns: 2000 }

/** Checks the property, and that the quick reader read at least this share of the texts. */
function holds(texts: fc.Arbitrary<string>, share: number): void {
  let [all, quick] = [0, 0]
  fc.assert(
    fc.property(texts, (text) => {
      all++
      if (isQuick(yaml, text)) quick++
    }),
    RUNS,
  )
  assert.ok(quick >= all * share, `${quick} of ${all} were read quickly`)
}

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
  fc.string({ unit: fc.constantFrom(...`ab01 :#-,[]{}'"\\|>&*!%@?~$`), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
)
const plain = fc.constantFrom('name', 'type', 'columns', 'sql', 'on delete', 'varchar(50)', "now() + '1 d'")
const key = fc.oneof({ weight: 9, arbitrary: plain }, word)
const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      { weight: 5, arbitrary: plain },
      word,
      fc.integer(),
      fc.constantFrom<unknown>(0.5, -2.25, 1e21, true, null),
    ),
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
  holds(text, 0.4)
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
  const document = fc.oneof(
    fc.dictionary(key, data, { minKeys: 1, maxKeys: 4 }),
    fc.array(data, { minLength: 1, maxLength: 4 }),
  )
  holds(fc.tuple(document, style).map(([one, how]) => yaml.stringify(one, how)), 0.25)
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
  const text = fc.constantFrom(
    ...textsUnder(join(ROOT, 'revisions')).filter((one) => one.length < 2500),
    ...cases,
  )
  const changes = fc.array(change, { minLength: 1, maxLength: 3 })
  holds(fc.tuple(text, changes).map(([one, all]) => all.reduce((before, by) => by(before), one)), 0.2)
})

Deno.test('pieces of YAML in any order', () => {
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 10 })
  const lead = fc.constantFrom('', 'a: ', 'a:\n  - ', '- ', 'a: [', 'a: { b: ')
  holds(fc.tuple(lead, pieces).map(([one, rest]) => one + rest.join('')), 0.05)
})
