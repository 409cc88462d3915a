import assert from 'node:assert/strict'
import { withBareItems, withNamedItems } from '../../src/model/sql-items.ts'

const NAMED: Readonly<Record<string, string>> = {
  'SELECT a FROM t': 'SELECT a AS a FROM t',
  'SELECT id, t."a", b FROM t': 'SELECT id, t."a" AS "a", b FROM t',
  'SELECT DISTINCT s.t.a': 'SELECT DISTINCT s.t.a AS a',
  'SELECT lower(a), a x, a AS y, a + 1, f(b, a) FROM t ORDER BY b, a':
    'SELECT lower(a), a x, a AS y, a + 1, f(b, a) FROM t ORDER BY b, a',
  'SELECT b FROM (SELECT b, a FROM t) x WHERE b IN (SELECT a FROM u) GROUP BY b, a':
    'SELECT b FROM (SELECT b, a AS a FROM t) x WHERE b IN (SELECT a AS a FROM u) GROUP BY b, a',
  'SELECT a UNION SELECT a;': 'SELECT a AS a UNION SELECT a AS a;',
  "SELECT 'a', b FROM t -- , a FROM": "SELECT 'a', b FROM t -- , a FROM",
}

for (const [bare, named] of Object.entries(NAMED)) {
  Deno.test(`what a query shows has a name: ${bare}`, () => {
    assert.equal(withNamedItems(bare, 'a'), named)
    assert.equal(withBareItems(named, 'a'), bare)
  })
}

Deno.test('other names stay', () => {
  assert.equal(
    withBareItems('SELECT a AS b, lower(a) AS a FROM t', 'a'),
    'SELECT a AS b, lower(a) AS a FROM t',
  )
  assert.equal(withNamedItems('SELECT ab, "A" FROM t', 'a'), 'SELECT ab, "A" FROM t')
})
