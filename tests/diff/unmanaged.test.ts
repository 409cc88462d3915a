/** What goes with a view or a table, and no operation says, comes back with it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { onPostgres } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

/** All of it that the database has. */
function details(ground: Ground): Promise<readonly string[]> {
  return ground.sql(
    `SELECT * FROM (
      SELECT c.relname || '.' || a.attname || ' ' || coalesce(col_description(c.oid, a.attnum), '') || ' ' ||
        coalesce(pg_get_expr(d.adbin, c.oid), '') || ' ' || coalesce(a.attstattarget, -1) AS detail
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
      WHERE c.relname IN ('v', 'w', 'm', 'gone') AND a.attnum > 0
      UNION ALL SELECT 'rule ' || rulename FROM pg_rules WHERE schemaname = 'public'
      UNION ALL SELECT 'statistics ' || stxname FROM pg_statistic_ext
      UNION ALL SELECT 'identity ' || relname || ' ' || relreplident::text FROM pg_class WHERE relname = 'gone') x ORDER BY 1`,
  )
}

const SCHEMA = [
  `CREATE TABLE t (a integer, b integer)`,
  `CREATE TABLE gone (a integer, b integer)`,
  `CREATE INDEX ix ON gone (b)`,
  `ALTER TABLE gone ALTER a SET STATISTICS 7, REPLICA IDENTITY FULL, CLUSTER ON ix`,
  `CREATE STATISTICS together ON a, b FROM gone`,
  `CREATE RULE quiet AS ON DELETE TO gone DO INSTEAD NOTHING`,
  `CREATE VIEW v AS SELECT a, b FROM t`,
  `COMMENT ON COLUMN v.a IS 'It''s the first'`,
  `ALTER VIEW v ALTER b SET DEFAULT 3`,
  `CREATE RULE into_t AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.a, new.b)`,
  `CREATE VIEW w AS SELECT a, b FROM t`,
  `COMMENT ON COLUMN w.b IS 'second'`,
  `CREATE MATERIALIZED VIEW m AS SELECT a FROM v`,
  `ALTER MATERIALIZED VIEW m ALTER a SET STATISTICS 5`,
]

Deno.test('what no operation says of a view or a table comes back with it', () =>
  onPostgres({}, async (ground) => {
    await ground.sql(...SCHEMA)
    await ground.done('revision', '--baseline', '-m', 'all', '--rev-id', 'a1')
    const before = await details(ground)
    ground.write({
      'models/all.yaml': `tables:
  - { name: t, columns: [{ name: a, type: bigint }, { name: b, type: bigint }] }
views:
  - { name: v, query: "SELECT a, b FROM t" }
  - { name: w, query: "SELECT a FROM t" }
materialized_views:
  - { name: m, query: "SELECT a FROM v" }
`,
    })
    await ground.done('revision', '--autogenerate', '-m', 'wider', '--rev-id', 'b2')
    const text = readFileSync(`${ground.cwd}/revisions/b2_wider.yaml`, 'utf8')
    assert.match(text, /# the comment of view column "w.b" goes with it\n {2}- drop_view: \{ name: w \}/)
    assert.match(text, /# the statistics object "together" goes with it\n/)
    await ground.done('upgrade', 'head')
    assert.deepEqual(
      await details(ground),
      before.filter((one) => !/gone|together|quiet|^w/.test(one)).concat('w.a   -1'),
    )
    await ground.done('downgrade', '-1', '--yes')
    assert.deepEqual(await details(ground), before)
  }))
