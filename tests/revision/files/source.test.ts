import assert from 'node:assert/strict'
import { parseSource } from '../../../src/revision/yaml/source.ts'
import { errorsOf } from './support.ts'

const QUOTE = 'is a quote, a bracket or a comma missing?'
const INDENT = 'is a bracket not closed, or a line not indented like its neighbours?'
const bomb = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`),
].join('\n')
const deepAliases = Array.from({ length: 60 }, (_, i) => `- &d${i} [[${i === 0 ? 'x' : `*d${i - 1}`}]]`).join(
  '\n',
)

const REFUSED: Readonly<Record<string, readonly [text: string, error: string]>> = {
  'several documents': [
    'a: 1\n---\nb: 2\n',
    'f:2:1: error[several-documents]: several YAML documents in one file | put each into a file of its own',
  ],
  'a text with a colon': [
    'message: add: index\n',
    'f:1:10: error[yaml-syntax]: not valid YAML: Nested mappings are not allowed in compact mappings | ' +
    'put text that contains ": " in quotes',
  ],
  'an open bracket': [
    'a: [1,\n',
    'f:2:1: error[yaml-syntax]: not valid YAML: Flow sequence in block collection must be sufficiently indented and ' +
    `end with a ] | ${INDENT}`,
  ],
  'an open quote': [
    'a: "abc\n',
    `f:2:1: error[yaml-syntax]: not valid YAML: Missing closing "quote | ${QUOTE}`,
  ],
  'a bracket too many': [
    'a: [1]]\n',
    'f:1:7: error[yaml-syntax]: not valid YAML: Unexpected flow-seq-end token in YAML stream: "]" | ' +
    'is a bracket or a quote missing?',
  ],
  'a tab': [
    'a:\n\t- b\n',
    'f:2:1: error[yaml-syntax]: not valid YAML: Tabs are not allowed as indentation | indent with spaces',
  ],
  'bad indentation': [
    'a:\n  b: 1\n c: 2\n',
    `f:3:1: error[yaml-syntax]: not valid YAML: All mapping items must start at the same column | ${INDENT}`,
  ],
  'a variable without quotes': [
    'a: { b: ${x:t} }\n',
    'f:1:10: error[yaml-syntax]: not valid YAML: Unexpected flow-map-start at node end | ' +
    'put text with ${…} in quotes',
  ],
  'a reserved character': [
    'a: @x\n',
    'f:1:4: error[yaml-syntax]: not valid YAML: Plain value cannot start with reserved character @ | ' +
    'put text that begins with this character in quotes',
  ],
  'a duplicate key': [
    'a: 1\nb: 2\na: 3\n',
    'f:3:1: error[duplicate-key]: key "a" stands twice | take one of the two out',
  ],
  'a duplicate key in a flow mapping': [
    'a: { b: 1, "b": 2 }\n',
    'f:1:12: error[duplicate-key]: key "b" stands twice | take one of the two out',
  ],
  'a merge key': [
    'a: &x { b: 1 }\nc:\n  <<: *x\n',
    'f:3:3: error[merge-key]: merge keys ("<<") are not part of YAML 1.2 | ' +
    'write the fields out; an alias of a whole value (`*name`) works',
  ],
  'an alias of nothing': [
    'a: *x\n',
    'f:1:4: error[unknown-alias]: there is no anchor "&x" before this alias | ' +
    'write "&x" before the value it refers to, or put text that begins with "*" in quotes',
  ],
  'a circular alias': [
    'a: &x [1, *x]\n',
    'f:1:11: error[unknown-alias]: alias "*x" stands inside the value it refers to',
  ],
  'an alias bomb': [bomb, 'f:5:45: error[too-many-aliases]: aliases stand for more than 100000 values'],
  'aliases nested too deep': [deepAliases, 'f:50:10: error[too-deep]: nested more than 100 levels deep'],
  'a tag of a language': [
    'a: !!js/function x\n',
    'f:1:18: error[unknown-tag]: unknown tag "!!js/function" | revision files hold plain data, without tags',
  ],
  'a local tag': [
    'a: !foo x\n',
    'f:1:9: error[unknown-tag]: unknown tag "!foo" | revision files hold plain data, without tags',
  ],
  'brackets nested too deep': [
    '['.repeat(100_000),
    'f:1:102: error[too-deep]: nested more than 100 levels deep',
  ],
  'dashes nested too deep': [
    '- '.repeat(100_000),
    'f:1:202: error[too-deep]: nested more than 100 levels deep',
  ],
  'mappings nested too deep': [
    Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    'f:101:102: error[too-deep]: nested more than 100 levels deep',
  ],
  'too many words': [
    `${'\n'.repeat(1_000_001)}a: 1`,
    'f:1000001:1: error[file-too-large]: too much to read in one file: split it',
  ],
  'a number or text': [
    'a: 0123\n',
    'f:1:4: error[ambiguous-number]: is 0123 a number or text? | ' +
    'put it in quotes if it is text; take the zeros away if it is a number',
  ],
  'a number too large': [
    'a: 9223372036854775807\n',
    'f:1:4: error[inexact-number]: the number 9223372036854775807 cannot be kept exactly | put it in quotes',
  ],
  'a number too long': [
    'a: 3.14159265358979323846\n',
    'f:1:4: error[inexact-number]: the number 3.14159265358979323846 cannot be kept exactly | put it in quotes',
  ],
  'a number of many digits': [
    `a: 1${'0'.repeat(1_000_000)}1\n`,
    `f:1:4: error[inexact-number]: the number 1${'0'.repeat(39)} cannot be kept exactly | put it in quotes`,
  ],
  'infinity': [
    'a: 1e400\n',
    'f:1:4: error[inexact-number]: the number 1e400 cannot be kept exactly | put it in quotes',
  ],
  'no number': [
    'a: .nan\n',
    'f:1:4: error[inexact-number]: the number .nan cannot be kept exactly | put it in quotes',
  ],
  'a control character': [
    'a: b\0c\n',
    'f:1:5: error[control-character]: control character 0x00 | take it out, or write it as "\\x00" in double quotes',
  ],
  'a list as a key': ['? [a]\n: 1\n', 'f:1:3: error[bad-key]: a key must be a single word or text'],
  'no key': [': 1\n', 'f:1:1: error[bad-key]: a key is missing before the colon'],
}

for (const [name, [text, error]] of Object.entries(REFUSED)) {
  Deno.test(`refused: ${name}`, async () => {
    assert.deepEqual(await errorsOf(() => parseSource(text, 'f')), [error])
  })
}

const READ: Readonly<Record<string, readonly [text: string, data: unknown]>> = {
  'nothing': ['', null],
  'only comments': ['# a\n\n# b\n', null],
  'document markers': ['---\na: 1\n...\n', { a: 1 }],
  'YAML 1.1 declared': ['%YAML 1.1\n---\na: on\nb: 2020-01-01\n', { a: 'on', b: '2020-01-01' }],
  'words that 1.1 took for booleans': ['a: [yes, no, on, off, y, n]\n', {
    a: ['yes', 'no', 'on', 'off', 'y', 'n'],
  }],
  'scalars of 1.2': ['a: [true, null, ~, 1, -2, 1.50, 1e3, 0x1F, 0o17]\n', {
    a: [true, null, null, 1, -2, 1.5, 1000, 31, 15],
  }],
  'keys as written': ['1: a\nnull: b\n0x1: c\n', { '1': 'a', 'null': 'b', '0x1': 'c' }],
  'large numbers that are exact': ['a: [9007199254740992, 1e21, 0.1, 123456789.125]\n', {
    a: [9007199254740992, 1e21, 0.1, 123456789.125],
  }],
  'anchors': ['a: &x { b: 1 }\nc: [*x, *x]\n', { a: { b: 1 }, c: [{ b: 1 }, { b: 1 }] }],
  'an anchor used often': [`a: &x 1\nb: [${'*x, '.repeat(5000)}]\n`, { a: 1, b: Array(5000).fill(1) }],
  'CRLF': ['a: |\r\n  x\r\n  y\r\nb: 1\r\n', { a: 'x\ny\n', b: 1 }],
  'plain tags': ['a: !!str 12\nb: ! 12\n', { a: '12', b: '12' }],
  'a hundred levels': [
    `${'['.repeat(100)}${']'.repeat(100)}`,
    JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`),
  ],
}

for (const [name, [text, data]] of Object.entries(READ)) {
  Deno.test(`read: ${name}`, async () => {
    assert.deepEqual((await parseSource(text, 'f')).data, data)
  })
}

Deno.test('a key called __proto__ is a key', async () => {
  const { data } = await parseSource('__proto__: { x: 1 }\nconstructor: 2\n', 'f')
  assert.equal(JSON.stringify(data), '{"__proto__":{"x":1},"constructor":2}')
  assert.equal((data as { x?: unknown }).x, undefined)
})

Deno.test('places of keys and values', async () => {
  const text =
    'a: 1\nlist:\n  - { name: x, deep: [1, 2] }\n  - name: y\nempty:\nalias: &k { z: 1 }\nuse: *k\n'
  const { locate } = await parseSource(text, 'f')
  const at = (...path: (string | number)[]) => locate(path).line + ':' + locate(path).col
  assert.equal(at('a'), '1:4')
  assert.equal(at('list', 0, 'deep', 1), '3:26')
  assert.equal(at('list', 1, 'name'), '4:11')
  assert.equal(at('list', 7, 'name'), '3:3')
  assert.equal(at('empty'), '5:1')
  assert.equal(at('use', 'z'), '6:16')
  assert.equal(at(), '1:1')
  assert.equal(locate(['list', 1, 'name'], 'key').col, 5)
  assert.equal(locate(['a']).source, text)
})
