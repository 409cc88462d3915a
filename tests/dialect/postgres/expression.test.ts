import assert from 'node:assert/strict'
import { loadParser, sameExpression, unwrapped } from '../../../src/dialect/postgres/expression.ts'

/** What somebody writes, and what PostgreSQL makes of it. */
const SAME: readonly (readonly [written: string, kept: string])[] = [
  [
    `status IN ('a', 'b')`,
    `((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))`,
  ],
  [
    `status NOT IN ('a', 'b')`,
    `((status)::text <> ALL ((ARRAY['a'::character varying, 'b'::character varying])::text[]))`,
  ],
  [`a IN (1)`, `(a = 1)`],
  [`name LIKE 'a%'`, `((name)::text ~~ 'a%'::text)`],
  [`name NOT ILIKE 'a%'`, `((name)::text !~~* 'a%'::text)`],
  ['age BETWEEN 1 AND 5', '((age >= 1) AND (age <= 5))'],
  ['age NOT BETWEEN 1 AND 5', '((age < 1) OR (age > 5))'],
  ['a > 0 and b > 0 and (c or d)', '((a > 0) AND (b > 0) AND (c OR d))'],
  ['a AND (b AND c)', '(a AND b AND c)'],
  ['price > 1.50', '(price > 1.5)'],
  ['price > 0', '(price > (0)::numeric)'],
  ['price > -1', `(price > '-1'::integer)`],
  ['a != 1', '(a <> 1)'],
  ['"a"  >1', '(a > 1)'],
  ['t.a > 1', '(a > 1)'],
  ['lower(email)', 'lower((email)::text)'],
  [`x = 'it''s'`, `(x = 'it''s'::text)`],
  ['cast(a as int) + 1', '((a)::integer + 1)'],
  ['extract(year from d)', 'EXTRACT(year FROM d)'],
  [`trim(a) <> ''`, `(TRIM(BOTH FROM a) <> ''::text)`],
  [
    `select id, name as n from users where id = 1`,
    ` SELECT users.id,\n    users.name AS n\n   FROM users\n  WHERE (users.id = 1);`,
  ],
  ['Select ID', 'SELECT id'],
]

const DIFFERENT: readonly (readonly [string, string])[] = [
  ['lower(email)', 'upper((email)::text)'],
  ['a > 1', '(a > 2)'],
  ['a > 1', '(b > 1)'],
  [`x = 'a'`, `x = 'A'`],
  ['now()', 'CURRENT_TIMESTAMP'],
  ['a IN (1, 2)', 'a IN (2, 3)'],
  ['SELECT a.x FROM a JOIN b ON true', 'SELECT b.x FROM a JOIN b ON true'],
]

for (const [written, kept] of SAME) {
  Deno.test(`the same: ${written}`, async () => {
    await loadParser()
    assert(sameExpression(written, kept))
    assert(sameExpression(kept, written))
  })
}

for (const [a, b] of DIFFERENT) {
  Deno.test(`not the same: ${a}, ${b}`, async () => {
    await loadParser()
    assert(!sameExpression(a, b))
  })
}

Deno.test('what the parser refuses is compared as text', async () => {
  await loadParser()
  assert(sameExpression('(A  ?? b)) c', '(a ?? B)) C'))
  assert(!sameExpression(`a '' )`, `a 'x' )`))
})

Deno.test('only parentheses around the whole are taken off', () => {
  assert.equal(unwrapped('((a) > (b))'), '(a) > (b)')
  assert.equal(unwrapped('(a) > (b)'), '(a) > (b)')
  assert.equal(unwrapped(`(a = ')')`), `a = ')'`)
})
