import assert from 'node:assert/strict'
import { withColumnNames } from '../../../src/dialect/postgres/view-columns.ts'

const CASES: readonly (readonly [query: string, columns: readonly string[], expected: string | undefined])[] =
  [
    ['SELECT id, t.b FROM t', ['a', 'b'], 'SELECT id AS "a", t.b FROM t'],
    ['SELECT 1 AS x, 2', ['y'], 'SELECT 1 AS "y", 2'],
    [
      'SELECT DISTINCT coalesce(a, b), (SELECT c, d FROM e) FROM t',
      ['x', 'y'],
      'SELECT DISTINCT coalesce(a, b) AS "x", (SELECT c, d FROM e) AS "y" FROM t',
    ],
    [
      'WITH q AS (SELECT 1 AS a) SELECT a FROM q UNION SELECT 2',
      ['n'],
      'WITH q AS (SELECT 1 AS a) SELECT a AS "n" FROM q UNION SELECT 2',
    ],
    ['SELECT count(*) FROM t', ['n'], 'SELECT count(*) AS "n" FROM t'],
    ['SELECT * FROM t', ['n'], undefined],
    ['VALUES (1)', ['n'], undefined],
  ]

Deno.test('the columns of a view are named in its query', () => {
  for (const [query, columns, expected] of CASES) assert.equal(withColumnNames(query, columns), expected)
})
