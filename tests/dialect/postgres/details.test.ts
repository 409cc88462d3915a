/** What the model cannot say of something that it has is named. */
import assert from 'node:assert/strict'
import { introspect } from '../../../src/dialect/postgres/introspect.ts'
import { versionNumber, withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

interface Case {
  readonly sql: string
  readonly since?: 15 | 18
  readonly named: readonly string[]
}

const ROOMS = `CREATE EXTENSION btree_gist;
  CREATE TABLE rooms (id int, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS))`

const CASES: readonly Case[] = [
  {
    sql: 'CREATE VIEW v WITH (security_barrier) AS SELECT 1 AS a; CREATE VIEW w AS SELECT 1 AS a',
    named: [],
  },
  {
    sql: 'CREATE UNLOGGED TABLE t (id serial, n int GENERATED ALWAYS AS IDENTITY); CREATE SEQUENCE s',
    named: [],
  },
  {
    sql: `CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'Ours'; CREATE SCHEMA "Other"`,
    named: ['comment of schema "app"'],
  },
  {
    sql: `CREATE TABLE t (a int, b int) PARTITION BY RANGE (a);
      CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY LIST (b);
      CREATE TABLE t11 PARTITION OF t1 DEFAULT; CREATE TABLE t2 PARTITION OF t DEFAULT;
      CREATE SCHEMA app; CREATE TABLE app.p (a int) PARTITION BY LIST (a);
      CREATE TABLE one PARTITION OF app.p DEFAULT; CREATE TABLE none (a int) PARTITION BY LIST (a)`,
    named: ['1 partition of table "app.p"', '3 partitions of table "t"'],
  },
  { sql: 'CREATE UNLOGGED SEQUENCE s', since: 15, named: ['UNLOGGED of sequence "s"'] },
  {
    sql: `CREATE SCHEMA app; CREATE TABLE d (a int, b int, PRIMARY KEY (a, b));
      CREATE TABLE app.e (a int, b int, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES d ON DELETE SET NULL (b))`,
    since: 15,
    named: ['columns of ON DELETE of foreign key "fk on app.e"'],
  },
  {
    sql: `CREATE TABLE t (a int, b text, c text); CREATE INDEX ix ON t ((a + 1)); CREATE SCHEMA app;
      ALTER TABLE t ALTER a SET STATISTICS 500, ALTER a SET (n_distinct = 7), ALTER b SET STORAGE external;
      ALTER TABLE t CLUSTER ON ix, REPLICA IDENTITY FULL; ALTER INDEX ix ALTER COLUMN 1 SET STATISTICS 9;
      CREATE MATERIALIZED VIEW app.m AS SELECT a FROM t; ALTER MATERIALIZED VIEW app.m ALTER a SET STATISTICS 0`,
    named: [
      'CLUSTER of table "t"',
      'STATISTICS of column "app.m.a"',
      'STATISTICS of column "t.a"',
      'STATISTICS of index column "ix.1"',
      'STORAGE of column "t.b"',
      'options of column "t.a"',
      'replica identity "t"',
    ],
  },
  {
    sql:
      `CREATE VIEW v AS SELECT 1 AS a, 2 AS b; COMMENT ON COLUMN v.a IS 'first'; COMMENT ON VIEW v IS 'both';
      ALTER VIEW v ALTER b SET DEFAULT 3; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; COMMENT ON COLUMN m.a IS 'x'`,
    named: ['comment of view column "m.a"', 'comment of view column "v.a"', 'default of view column "v.b"'],
  },
  {
    sql: `CREATE TABLE p (id int PRIMARY KEY, CONSTRAINT c CHECK (id > 0) NOT ENFORCED);
      CREATE TABLE q (p int CONSTRAINT fk REFERENCES p NOT ENFORCED)`,
    since: 18,
    named: ['NOT ENFORCED of constraint "c on p"', 'NOT ENFORCED of constraint "fk on q"'],
  },
  {
    sql: `${ROOMS}; CREATE TABLE stays (room int, during daterange,
      CONSTRAINT fk FOREIGN KEY (room, PERIOD during) REFERENCES rooms (id, PERIOD during))`,
    since: 18,
    named: ['PERIOD of foreign key "fk on stays"', 'WITHOUT OVERLAPS of key "rooms_pkey on rooms"'],
  },
  {
    sql: `CREATE TABLE t (a int, b int CONSTRAINT b_there NOT NULL NO INHERIT, c int NOT NULL);
      ALTER TABLE t ADD CONSTRAINT a_there NOT NULL a NOT VALID`,
    since: 18,
    named: ['NO INHERIT of NOT NULL "b_there on t"', 'NOT VALID of NOT NULL "a_there on t"'],
  },
]

for (const { sql, since = 0, named } of CASES) {
  const name = `named: ${named.join(', ') || 'nothing'}`
  Deno.test(
    { name, ignore: versionNumber(18) < since * 10_000 },
    () =>
      withPostgres((url) =>
        withConnection(url, async (connection) => {
          await connection.run([sql])
          assert.deepEqual(
            ((await introspect(connection)).unmanaged ?? []).map((one) => one.what).sort(),
            named,
          )
        })
      ),
  )
}
