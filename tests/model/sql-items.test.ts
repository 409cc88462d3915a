import assert from 'node:assert/strict'
import { withBareItems, withNamedItems, withStarsWritten } from '../../src/model/sql-items.ts'

const NAMED: Readonly<Record<string, string>> = {
  'SELECT a FROM t': 'SELECT a AS a FROM t',
  'SELECT id, t."a", b FROM t': 'SELECT id, t."a" AS "a", b FROM t',
  'SELECT DISTINCT s.t.a': 'SELECT DISTINCT s.t.a AS a',
  'SELECT DISTINCT ON (a) a, b FROM t': 'SELECT DISTINCT ON (a) a AS a, b FROM t',
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

const STARS: Readonly<Record<string, string>> = {
  'SELECT * FROM t': 'SELECT a, "B" FROM t',
  'SELECT DISTINCT * FROM ONLY s.t WHERE a * 2 > 1': 'SELECT DISTINCT a, "B" FROM ONLY s.t WHERE a * 2 > 1',
  'SELECT x.*, 1 AS one FROM t AS x JOIN u ON true': 'SELECT x.a, x."B", 1 AS one FROM t AS x JOIN u ON true',
  'SELECT count(*) FROM (SELECT * FROM t) x': 'SELECT count(*) FROM (SELECT a, "B" FROM t) x',
  'SELECT * FROM (SELECT * FROM t) x': 'SELECT * FROM (SELECT a, "B" FROM t) x',
  'SELECT * FROM t UNION SELECT * FROM u': 'SELECT a, "B" FROM t UNION SELECT * FROM u',
  'SELECT * FROM t, u': 'SELECT * FROM t, u',
  'SELECT * FROM t LEFT JOIN u ON true': 'SELECT * FROM t LEFT JOIN u ON true',
  'SELECT u.*, a * 2 FROM u, t': 'SELECT u.*, a * 2 FROM u, t',
  'WITH t AS (SELECT 1) SELECT * FROM t': 'WITH t AS (SELECT 1) SELECT * FROM t',
}

for (const [star, written] of Object.entries(STARS)) {
  Deno.test(`all columns: ${star}`, () => assert.equal(withStarsWritten(star, 't', ['a', 'B']), written))
}
