import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { fullHeader } from '../../../src/revision/document.ts'
import { headerNode } from '../../../src/revision/header/header.ts'
import { scanHeader } from '../../../src/revision/header/header-scan.ts'
import { readHeaders, revisionFiles } from '../../../src/revision/header/headers.ts'
import { ProblemError } from '../../../src/problem.ts'
import type { Span } from '../../../src/problem.ts'
import { loadYaml } from '../../../src/revision/yaml/yaml.ts'
import { errorsOf, folderWith } from './support.ts'

const yaml = await loadYaml()

/** The node by the full parser, spans without their text; undefined when it refuses the file. */
function parsed(text: string): unknown {
  try {
    const { at, fields, ...node } = fullHeader(yaml, text, 'f')
    const places = Object.entries(fields ?? {}).map(([key, span]) => [key, place(span)])
    return { ...node, at: place(at!), fields: Object.fromEntries(places) }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return undefined
  }
}

const place = ({ line, col }: Pick<Span, 'line' | 'col'>) => ({ line, col })

function scanned(text: string): unknown {
  const found = scanHeader(text)
  if (found === undefined) return undefined
  return { ...headerNode(found.header, 'f', found.at as Span, {}), fields: found.places }
}

const word = fc.constantFrom(
  'a',
  'e75fa022c781',
  '0123',
  'null',
  '~',
  'Null',
  'on',
  "''",
  '""',
  'a.b',
  '-',
  '*a',
  '&a b',
)
const phrase = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'ab1 :#"\'\\,[]{}-?&*!|>%@`~\té\u00a0\u2028'), maxLength: 12 }),
  fc.constantFrom(
    'Add: x',
    'Add a#b',
    'Add #b',
    'a:b',
    'say "x"',
    '"say \\"x\\""',
    "'it''s'",
    '|',
    '>-',
    'a:',
    '"a" b',
  ),
)
const value = fc.oneof(
  word,
  phrase,
  fc.array(fc.oneof(word, phrase), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  fc.tuple(fc.oneof(word, phrase), fc.constantFrom('', ' ', ' # c', '  #', '#x')).map((parts) =>
    parts.join('')
  ),
)
const key = fc.constantFrom(
  ...['id', 'id', 'down_revision', 'depends_on', 'branch_labels', 'message', 'message', 'created'],
  ...['transaction', 'settings', 'down_revison', '"id"', '- a', '...', '---'],
)
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(key, fc.constantFrom(':', ': ', ':  ', ':\t', ' : '), value).map((all) =>
      all.join('')
    ),
  },
  fc.constantFrom(
    '',
    '# comment',
    '  # comment',
    '  more',
    '\t',
    ' ',
    'settings: { lock_timeout: 4s }',
    'transaction: none',
  ),
)
const body = fc.constantFrom(
  'upgrade: []',
  'upgrade: [] # nothing',
  'upgrade:',
  'upgrade:\n- execute: { sql: x }\ndowngrade: []',
  'upgrade:\n  - execute:\n      sql: |\n        id: x\ndowngrade: []',
  'upgrade:\n  - execute: { sql: "a\n      b" }\n',
  'upgrade: [\n]\n# the end',
  'downgrade: []\nupgrade: []',
  'upgrade: []\nmessage: later',
  'upgrade: []\nupgrade: []',
  'upgrade : []',
  'upgrade: []\n---\nid: b',
)
const keyOf = (text: string) => text.split(':')[0]
const document = fc.tuple(
  fc.uniqueArray(line, { maxLength: 2, selector: keyOf }),
  fc.constantFrom('id: a1', 'id: 0123 # x', '"id": a1', ''),
  fc.uniqueArray(line, { maxLength: 2, selector: keyOf }),
  body,
  fc.constantFrom('\n', '\r\n', '\n', '\r'),
).map(([before, id, after, end, newline]) =>
  [...before, id, ...after, end, ''].join('\n').replaceAll('\n', newline)
)

Deno.test('what the fast scanner reads is what the parser reads', () => {
  let fast = 0
  fc.assert(
    fc.property(document, (text) => {
      const quick = scanned(text)
      const full = parsed(text)
      // Of a file with a mistake the scanner may see too little to tell; what is sound it must read the same.
      if (quick === undefined || full === undefined) return
      fast++
      assert.deepEqual(quick, full)
    }),
    { numRuns: 4000 },
  )
  assert.ok(fast > 100, `only ${fast} files took the fast path`)
})

const ORDINARY = `# yaml-language-server: $schema=../schemas/revision.schema.json
id: e75fa022c781
down_revision: [a1, "b 2"]   # a merge
branch_labels: billing
message: 'Create the "DB": it''s new'
created: 2024-10-23T16:46:49Z
transaction: none
settings: { lock_timeout: 4s, statement_timeout: 30s }

upgrade:
  - drop_table: { name: x }

# the way back
downgrade: []
`

Deno.test('an ordinary file takes the fast path', () => {
  assert.deepEqual(scanned(ORDINARY), parsed(ORDINARY))
  assert.notEqual(scanned(ORDINARY), undefined)
  assert.deepEqual(scanned(ORDINARY.replaceAll('\n', '\r\n')), scanned(ORDINARY))
})

const UNUSUAL = {
  'a block list': 'id: a\ndown_revision:\n  - b\nupgrade: []\n',
  'a block scalar': 'id: a\nmessage: |\n  x\nupgrade: []\n',
  'an anchor': 'id: &x a\nupgrade: []\n',
  'text over two lines': 'id: a\nmessage: x\n  y\nupgrade: []\n',
  'a tag': 'id: !!str a\nupgrade: []\n',
  'a quoted key': '"id": a\nupgrade: []\n',
  'a document marker': '---\nid: a\nupgrade: []\n',
  'keys after the operations': 'upgrade: []\nid: a\n',
  'a misspelt key': 'id: a\ndown_revison: b\nupgrade: []\n',
  'a duplicate key': 'id: a\nid: b\nupgrade: []\n',
  'a very long line': `id: a${' '.repeat(100_000)}b\nupgrade: []\n`,
  'no upgrade': 'id: a\n',
  'escapes': 'id: "\\x61"\nupgrade: []\n',
}

for (const [name, text] of Object.entries(UNUSUAL)) {
  Deno.test(`left to the parser: ${name}`, () => assert.equal(scanHeader(text), undefined))
}

Deno.test('files by folder and name; dot files and other files are left out', async () => {
  const text = (id: string) => `id: ${id}\nupgrade: []\n`
  const folder = folderWith({
    'b.yaml': text('b'),
    'a.yml': text('a'),
    '.c.yaml': 'x',
    'd.yaml~': 'x',
    'e.txt': 'x',
  })
  const other = folderWith({ '0.yaml': text('o') })
  renameSync(other, join(folder, 'sub'))
  mkdirSync(join(folder, '.git'))
  writeFileSync(join(folder, '.git', 'x.yaml'), 'x')
  const ids = async (...args: Parameters<typeof readHeaders>) =>
    (await readHeaders(...args)).map((node) => node.id)
  assert.deepEqual(await ids([folder]), ['a', 'b'])
  assert.deepEqual(await ids([folder], { recursive: true }), ['a', 'b', 'o'])
  assert.deepEqual(await ids([join(folder, 'sub'), folder]), ['o', 'a', 'b'])
  assert.deepEqual(revisionFiles([folder, join(folder, 'sub')], { recursive: true }).length, 3)
})

Deno.test('spans show their line when they are asked', async () => {
  const folder = folderWith({ 'a.yaml': ORDINARY })
  const [node] = await readHeaders([folder])
  assert.deepEqual(node?.fields?.down_revision && place(node.fields.down_revision), { line: 3, col: 16 })
  assert.equal(node?.at?.source, ORDINARY)
})

Deno.test('all that is wrong with all files', async () => {
  const folder = folderWith({
    'a.yaml': 'id: a\ndown_revison: b\nupgrade: []\n',
    'b.yaml': 'down_revision: a\n',
    'c.yaml': 'id: c\nupgrade: []\n',
  })
  const errors = await errorsOf(() => readHeaders([folder]))
  assert.deepEqual(errors.map((error) => error.replaceAll(`${folder}/`, '')), [
    'a.yaml:2:1: error[unknown-field]: unknown field "down_revison" | did you mean "down_revision"?',
    'b.yaml:1:1: error[missing-field]: missing field "id" | id: Its name: 1 to 32 characters, without @ : + - and blanks.',
    'b.yaml:1:1: error[missing-field]: missing field "upgrade" | ' +
    'upgrade: What it does: operations, in order. [] for nothing.',
  ])
})

Deno.test('a pipe and an endless device are not read', async () => {
  const folder = folderWith({ 'a.yaml': ORDINARY })
  execFileSync('mkfifo', [join(folder, 'b.yaml')])
  symlinkSync('/dev/zero', join(folder, 'c.yaml'))
  symlinkSync('nowhere', join(folder, 'd.yaml'))
  symlinkSync('e.yaml', join(folder, 'e.yaml'))
  const errors = await errorsOf(() => readHeaders([folder]))
  assert.deepEqual(errors.map((error) => error.replaceAll(`${folder}/`, '')), [
    'error[unreadable-file]: cannot read "b.yaml": it is not a regular file',
    'error[unreadable-file]: cannot read "c.yaml": it is not a regular file',
    'error[unreadable-file]: cannot read "d.yaml": there is no such file',
    'error[unreadable-file]: cannot read "e.yaml": its symbolic links go in a circle',
  ])
})

Deno.test('a link to a file is read as the file', async () => {
  const folder = folderWith({ 'a.yaml': ORDINARY })
  const links = folderWith({})
  symlinkSync(join(folder, 'a.yaml'), join(links, 'b.yaml'))
  assert.deepEqual(
    (await readHeaders([links])).map(({ id }) => id),
    (await readHeaders([folder])).map(({ id }) => id),
  )
})

Deno.test('a folder that is not there', async () => {
  assert.deepEqual(await errorsOf(() => readHeaders(['/nowhere/revisions'])), [
    'error[unreadable-folder]: cannot read the folder "/nowhere/revisions": there is no such folder | ' +
    '`limbeck init` makes it; `revisions:` in limbeck.yaml names it',
  ])
})
