import assert from 'node:assert/strict'
import { withBodyColumnRenamed } from '../../src/model/sql-body.ts'

/** The column `a` of the table `t` becomes `z`; `o` has an `a`, too, `p` has none. */
const BODIES: readonly (readonly [string, string])[] = [
  ['UPDATE t SET a = 1, b = a WHERE t.a > A', 'UPDATE t SET z = 1, b = z WHERE t.z > z'],
  ['update or ignore t set a = 1', 'update or ignore t set z = 1'],
  [`INSERT INTO t (b, a) VALUES ('a', 2)`, `INSERT INTO t (b, z) VALUES ('a', 2)`],
  ['INSERT INTO o (a) SELECT a FROM t', 'INSERT INTO o (a) SELECT z FROM t'],
  ['INSERT INTO t (a) SELECT a FROM o', 'INSERT INTO t (z) SELECT a FROM o'],
  ['INSERT INTO a SELECT b FROM t', 'INSERT INTO a SELECT b FROM t'],
  [
    'INSERT INTO t (b) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = excluded.a',
    'INSERT INTO t (b) VALUES (1) ON CONFLICT (z) DO UPDATE SET z = excluded.z',
  ],
  ['DELETE FROM p; DELETE FROM t WHERE a = 1', 'DELETE FROM p; DELETE FROM t WHERE z = 1'],
  [
    'DELETE FROM o WHERE a = 1; DELETE FROM p WHERE a = 1',
    'DELETE FROM o WHERE a = 1; DELETE FROM p WHERE a = 1',
  ],
  [
    'UPDATE t SET a = (SELECT max(a) FROM o WHERE o.a = t.a AND a > b)',
    'UPDATE t SET z = (SELECT max(a) FROM o WHERE o.a = t.z AND a > b)',
  ],
  [
    'UPDATE p SET b = (SELECT a FROM p, t AS x WHERE x.a = 1)',
    'UPDATE p SET b = (SELECT z FROM p, t AS x WHERE x.z = 1)',
  ],
  ['SELECT o.a, x.a, a(1) AS a FROM o JOIN t x', 'SELECT o.a, x.z, a(1) AS a FROM o JOIN t x'],
  ['SELECT a FROM t UNION SELECT a FROM o', 'SELECT z FROM t UNION SELECT a FROM o'],
  [
    'SELECT c FROM o EXCEPT ALL SELECT a FROM t WHERE a > 1',
    'SELECT c FROM o EXCEPT ALL SELECT z FROM t WHERE z > 1',
  ],
  [
    'SELECT c AS a FROM o UNION SELECT a FROM t ORDER BY a',
    'SELECT c AS a FROM o UNION SELECT z FROM t ORDER BY a',
  ],
  ['SELECT "a", new.a FROM t', 'SELECT z, new.a FROM t'],
]

for (const [before, after] of BODIES) {
  Deno.test(`a column renamed in a body: ${before}`, () => {
    const others = (name: string) => name === 'o'
    assert.equal(withBodyColumnRenamed(before, { table: 't', from: 'a', to: 'z', others }), after)
  })
}

Deno.test('a column renamed in a body: a long list of columns is gone through by one way', () => {
  const list = Array.from({ length: 300 }, (_, i) => `c${i}`).join(', ')
  const renamed = withBodyColumnRenamed(`INSERT INTO o SELECT ${list}, a FROM t`, {
    table: 't',
    from: 'a',
    to: 'z',
    others: () => false,
  })
  assert.equal(renamed, `INSERT INTO o SELECT ${list}, z FROM t`)
})
