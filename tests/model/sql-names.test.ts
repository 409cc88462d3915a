import assert from 'node:assert/strict'
import {
  readsRelation,
  triggerReads,
  withColumnRenamed,
  withTableRenamed,
  withTriggerColumnRenamed,
} from '../../src/model/sql-names.ts'
import { readsColumn, readsColumnOf } from '../../src/model/sql-reads.ts'

const RENAMED: readonly (readonly [string, string])[] = [
  ['id > 0 AND paid', 'key > 0 AND paid'],
  ['ID > 0 OR "id" > 0 OR "ID" > 0', 'key > 0 OR key > 0 OR "ID" > 0'],
  ["id = 'id' || $$id$$ || $a$ id $a$ || E'\\'id'", "key = 'id' || $$id$$ || $a$ id $a$ || E'\\'id'"],
  ['t.id + id(1) + (row).id', 't.key + id(1) + (row).id'],
  ['id::id + CAST(id AS id)', 'key::id + CAST(key AS id)'],
  ['id /* id */ -- id\n + id', 'key /* id */ -- id\n + key'],
  ['id COLLATE "id" < id.x', 'key COLLATE "id" < id.x'],
  ['tags[id] + `id`', 'tags[key] + key'],
  [
    'SELECT t.b id, b id, sum(b) id, "b" id, 1 id, b::int id FROM t',
    'SELECT t.b id, b id, sum(b) id, "b" id, 1 id, b::int id FROM t',
  ],
  ['SELECT DISTINCT ON (b) id, NOT id FROM t', 'SELECT DISTINCT ON (b) key, NOT key FROM t'],
  [
    'SELECT sum(id) OVER id FROM t WINDOW id AS (PARTITION BY id)',
    'SELECT sum(key) OVER id FROM t WINDOW id AS (PARTITION BY key)',
  ],
  ["id '2024-01-01' < extract(id FROM id)", "id '2024-01-01' < extract(id FROM key)"],
]

for (const [before, after] of RENAMED) {
  Deno.test(`a renamed column: ${before}`, () => assert.equal(withColumnRenamed(before, 'id', 'key'), after))
}

Deno.test('a keyword names nothing', () => {
  assert.equal(withColumnRenamed('SELECT "select" FROM t', 'select', 'a'), 'SELECT a FROM t')
  assert.equal(withTableRenamed('SELECT "from".a FROM "from"', 'from', 't', ['FROM']), 'SELECT t.a FROM t')
})

Deno.test('a new name is quoted when it must be', () => {
  assert.equal(withColumnRenamed('a + ab', 'a', 'Order'), '"Order" + ab')
  assert.equal(withColumnRenamed('a + ab', 'a', 'order'), '"order" + ab')
  assert.equal(withColumnRenamed('"Or""der" + 1', 'Or"der', 'a'), 'a + 1')
})

Deno.test('a renamed table: an alias of its name stays', () => {
  for (const alias of ['AS t', 't']) {
    const query = `SELECT t.a FROM t ${alias} WHERE t.a > 1`
    assert.equal(withTableRenamed(query, 't', 'u', ['FROM']), `SELECT t.a FROM u ${alias} WHERE t.a > 1`)
  }
})

Deno.test('a renamed table: before a dot, and where a query names it', () => {
  assert.equal(withTableRenamed('t.t > t', 't', 'u'), 'u.t > t')
  const query = 'SELECT t.a, t FROM ONLY app.t JOIN t AS x ON t.a = x.t'
  assert.equal(
    withTableRenamed(query, 't', 'u', ['FROM', 'JOIN']),
    'SELECT u.a, t FROM ONLY app.u JOIN u AS x ON u.a = x.t',
  )
})

Deno.test('a renamed table: before a dot, unless the query around it calls another one so', () => {
  const rename = (sql: string) => withTableRenamed(sql, 't', 'u', ['FROM', 'JOIN', 'UPDATE'])
  const called = 'SELECT t.a FROM b t WHERE t.a IN (SELECT t.c FROM d)'
  assert.equal(rename(called), called)
  const joined = 'SELECT t.a FROM (b t JOIN c ON ((c.a = t.a)))'
  assert.equal(rename(joined), joined)
  assert.equal(
    rename('UPDATE t SET a = (SELECT max(t.a) FROM t); DELETE FROM t WHERE t.a IN (SELECT t.a FROM b AS t)'),
    'UPDATE u SET a = (SELECT max(u.a) FROM u); DELETE FROM u WHERE u.a IN (SELECT t.a FROM b AS t)',
  )
})

Deno.test('a renamed table: in a list of relations, and nowhere else behind a comma', () => {
  const rename = (query: string) => withTableRenamed(query, 't', 'u', ['FROM', 'JOIN', 'INTO', 'UPDATE'])
  assert.equal(rename('SELECT a.b, t.c FROM a, t WHERE 1 = 1'), 'SELECT a.b, u.c FROM a, u WHERE 1 = 1')
  assert.equal(rename('SELECT x, t FROM app.t x, app.t AS y'), 'SELECT x, t FROM app.u x, app.u AS y')
  assert.equal(
    rename('SELECT 1 FROM (SELECT a, t FROM b) AS c, t ORDER BY d, t'),
    'SELECT 1 FROM (SELECT a, t FROM b) AS c, u ORDER BY d, t',
  )
  assert.equal(
    rename('SELECT 1 FROM ((a JOIN t ON true), t), f(b, t)'),
    'SELECT 1 FROM ((a JOIN u ON true), u), f(b, t)',
  )
  assert.equal(
    rename('SELECT 1 FROM (t JOIN b ON b.x IN (1, t))'),
    'SELECT 1 FROM (u JOIN b ON b.x IN (1, t))',
  )
  assert.equal(rename('DELETE FROM a; UPDATE b SET c = 1, t = 2'), 'DELETE FROM a; UPDATE b SET c = 1, t = 2')
  assert.equal(rename('INSERT INTO a (b, t) SELECT b, t FROM c'), 'INSERT INTO a (b, t) SELECT b, t FROM c')
  assert.equal(rename('SELECT a IS DISTINCT FROM b, t FROM c'), 'SELECT a IS DISTINCT FROM b, t FROM c')
})

Deno.test('what a query certainly reads', () => {
  assert(readsRelation('SELECT 1 FROM app.t', 't'))
  assert(!readsRelation("SELECT t, 'FROM t' FROM u", 't'))
  assert(!readsRelation('WITH t AS (SELECT 1) SELECT * FROM t', 't'))
  assert(readsColumn('SELECT b FROM t WHERE a > 0', 't', 'a'))
  assert(!readsColumn('SELECT b AS a, lower(b) a FROM t', 't', 'a'))
  assert(!readsColumn('EXISTS (SELECT 1 FROM t WHERE t.b = u.a)', 't', 'a'), 'it is of what is outside')
  assert(!readsColumn('SELECT a FROM t JOIN u ON true', 't', 'a'), 'it may be of u')
  assert(readsRelation('SELECT 1 FROM u, t', 't'))
  assert(!readsColumn('SELECT a FROM t, u', 't', 'a'), 'it may be of u')
})

Deno.test('the relations of a join in parentheses, as PostgreSQL writes it, and those of a list', () => {
  for (
    const from of ['(t JOIN u ON ((u.id = t.id)))', 't, u', '((u CROSS JOIN app.t) JOIN v ON true)', 'u, t']
  ) {
    const query = `SELECT u.b FROM ${from}`
    assert(readsRelation(query, 't') && readsRelation(query, 'u'), query)
    assert(!readsColumn(query, 'u', 'b') && !readsColumn(query, 't', 'b'), query)
    assert(readsColumnOf(query, 'u', 'b') && !readsColumnOf(query, 't', 'b'), query)
    assert.equal(
      withTableRenamed(query, 't', 'x', ['FROM', 'JOIN']),
      query.replaceAll(/\bt\b/g, 'x'),
    )
  }
  for (
    const query of [
      'SELECT a, t FROM u',
      'SELECT 1 FROM f(a, t) u',
      'SELECT a IS DISTINCT FROM (b), t FROM u',
    ]
  ) {
    assert(!readsRelation(query, 't'), query)
  }
  assert(readsColumn('SELECT max(b) FROM (SELECT b FROM t) q', 't', 'b'))
})

Deno.test('a column behind what a query calls its relation', () => {
  const query = 'SELECT x.b, (SELECT max(u.a) FROM u) FROM t x LEFT JOIN u ON x.id = u.id'
  assert(readsColumnOf(query, 't', 'b') && readsColumnOf(query, 'u', 'a'))
  assert(!readsColumnOf(query, 'u', 'b') && !readsColumnOf(query, 't', 'a'))
  assert(readsColumnOf('WITH q AS (SELECT u.a AS c FROM u) SELECT c FROM q', 'u', 'a'))
  assert(!readsColumnOf('SELECT t.b FROM u t JOIN t x ON true', 't', 'b'), 'it is that of u')
})

Deno.test('columns in a trigger', () => {
  const sql = 'CREATE TRIGGER a AFTER UPDATE OF b, a ON t WHEN new.a < OLD.a BEGIN SELECT a; END'
  assert(triggerReads(sql, 'a') && triggerReads(sql, 'b') && !triggerReads(sql, 't'))
  assert.equal(
    withTriggerColumnRenamed(sql, 'a', 'c'),
    'CREATE TRIGGER a AFTER UPDATE OF b, c ON t WHEN new.c < OLD.c BEGIN SELECT a; END',
  )
})

Deno.test('a long list is walked once', () => {
  const names = Array.from({ length: 20_000 }, (_, n) => `c${n}`).join(', ')
  const began = performance.now()
  assert.equal(readsColumn(`SELECT ${names} FROM t`, 't', 'c7'), true)
  assert.equal(readsRelation(`SELECT 1 FROM ${names}, t`, 't'), true)
  assert.ok(performance.now() - began < 3000)
})
