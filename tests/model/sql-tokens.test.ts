import assert from 'node:assert/strict'
import { nameOf, scan, tokenize } from '../../src/model/sql-tokens.ts'

type Lexis = Parameters<typeof tokenize>[1]

/** `kind:text` of each token, but for words and symbols, of which the text says enough. */
function shown(sql: string, lexis: Lexis): string {
  return tokenize(sql, lexis).map(({ kind, text }) =>
    kind === 'word' || kind === 'symbol' ? text : `${kind}:${text}`
  ).join(' ')
}

const cases: readonly (readonly [sql: string, expected: Partial<Record<Lexis, string>>])[] = [
  ['a.b,(c)', { postgres: 'a . b , ( c )', sqlite: 'a . b , ( c )' }],
  ['\'it\'\'s\' "a""b"', {
    postgres: 'string:\'it\'\'s\' quoted:"a""b"',
    sqlite: 'string:\'it\'\'s\' quoted:"a""b"',
  }],
  ['`a` [b c]', {
    sqlite: 'quoted:`a` quoted:[b c]',
    postgres: '` a ` [ b c ]',
    either: 'quoted:`a` [ b c ]',
  }],
  ["E'a\\'b' x", { postgres: "string:E'a\\'b' x", either: "string:E'a\\'b' x" }],
  ["x'0f' N'a'", { postgres: "blob:x'0f' string:N'a'", sqlite: "blob:x'0f' N string:'a'" }],
  ['$b$ a; -- $$ $b$ c', { postgres: 'string:$b$ a; -- $$ $b$ c' }],
  ['U&"d\\0061t" $1', { postgres: 'quoted:U&"d\\0061t" $ number:1' }],
  ['a /* b /* c */ d */ e', { postgres: 'a e', sqlite: 'a d * / e' }],
  ['a -- b\nc /* d', { postgres: 'a c', sqlite: 'a c' }],
  ['a::int || .5e-3 <> 0x1F', { postgres: 'a :: int || number:.5e-3 <> number:0x1F' }],
  ['a\u00a0b ä$1', { sqlite: 'a\u00a0b ä$1', postgres: 'a\u00a0b ä$1' }],
  ["a 'b c", { postgres: "a string:'b c", sqlite: "a string:'b c" }],
  ["'", { postgres: "string:'", sqlite: "string:'", either: "string:'" }],
  ['\ufeff\vselect', { postgres: 'select', sqlite: 'select' }],
]

for (const [sql, expected] of cases) {
  Deno.test(`tokens of ${JSON.stringify(sql)}`, () => {
    for (const [lexis, text] of Object.entries(expected)) {
      assert.equal(shown(sql, lexis as Lexis), text, lexis)
    }
  })
}

Deno.test('places, depths and comments', () => {
  const sql = 'f(a, (b)) -- c'
  const tokens = scan(sql, 'postgres')
  assert.deepEqual(tokens.map(({ depth }) => depth), [0, 0, 1, 1, 1, 2, 1, 0, 0])
  assert.equal(tokens.at(-1)!.kind, 'comment')
  for (const { start, end, text } of tokens) assert.equal(sql.slice(start, end), text)
})

Deno.test('names', () => {
  const names = tokenize('Ab "A""b" [c d] `e``f`', 'sqlite').map(nameOf)
  assert.deepEqual(names, ['ab', 'A"b', 'c d', 'e`f'])
})
