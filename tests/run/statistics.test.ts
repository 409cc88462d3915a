/** What ANALYZE found out about a table is there after its rebuild: SQLite deletes it with the old table. */
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { onSqlite } from '../support/project.ts'

const TABLE = `upgrade:
  - create_table:
      name: t
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: a, type: integer }
        - { name: b, type: integer, nullable: false }
        - { name: c, type: integer, unique: true }
  - create_index: { name: ix_a, table: t, columns: [a] }
  - create_index: { name: ix_b, table: t, columns: [b] }
  - create_table: { name: bare, columns: [{ name: a, type: integer }] }
`
const VIEW = '  - create_view: { name: v, query: SELECT id FROM t }\n'
const NOT_NULL = '  - alter_column: { table: t, column: a, nullable: false }\n'
const WITHOUT_B =
  '  - drop_index: { name: ix_b, table: t }\n  - create_index: { name: ix_b, table: t, columns: [b, a] }\n'

const FILLED = `WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100)
INSERT INTO t SELECT x, x % 3, x % 5, x FROM n;
INSERT INTO bare SELECT id FROM t;
ANALYZE`

const STATISTICS = "SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl IN ('t', 'bare') ORDER BY 1, 2"
const ANALYZED = ['bare  100', 't ix_a 100 34', 't ix_b 100 20', 't sqlite_autoindex_t_1 100 1']

for (const [how, view] of [['', ''], [' that a view reads', VIEW]]) {
  const rebuilt = (body: string, work: Parameters<typeof onSqlite>[1]) =>
    onSqlite({ r1: TABLE + view, r2: `upgrade:\n${body}` }, async (ground) => {
      await ground.done('upgrade', 'r1')
      // This build of SQLite has samples (sqlite_stat4), libSQL's has not.
      const database = new DatabaseSync(path.join(ground.cwd, 'one.db'))
      database.exec(FILLED)
      database.close()
      assert.deepEqual(await ground.sql(STATISTICS), ANALYZED)
      await work(ground)
    })

  Deno.test(`the statistics of a table${how} outlast its rebuild`, () =>
    rebuilt(NOT_NULL, async ({ done, sql }) => {
      const samples =
        "SELECT idx, neq, nlt, ndlt, hex(sample) FROM sqlite_stat4 WHERE tbl = 't' ORDER BY 1, 3"
      const before = await sql(samples)
      await done('upgrade', 'head')
      assert.deepEqual(await sql(STATISTICS), ANALYZED)
      assert.ok(before.length > 0)
      assert.deepEqual(await sql(samples), before)
    }))

  Deno.test(`of a table${how} those of an index or a key that is another one do not`, () =>
    rebuilt(
      `${NOT_NULL}${WITHOUT_B}  - create_unique_constraint: { table: t, name: u, columns: [id, a] }\n`,
      async ({ done, sql }) => {
        await done('upgrade', 'head')
        assert.deepEqual(await sql(STATISTICS), ['bare  100', 't ix_a 100 34'])
      },
    ))
}

Deno.test('a database without statistics gets none by a rebuild', () =>
  onSqlite({ r1: TABLE, r2: `upgrade:\n${NOT_NULL}` }, async ({ done, sql }) => {
    await done('upgrade', 'head')
    assert.deepEqual(await sql("SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'"), [])
  }))
