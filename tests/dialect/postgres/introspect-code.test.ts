/** What introspection reads of code and rights, where no operation makes it so. */
import assert from 'node:assert/strict'
import { introspect } from '../../../src/dialect/postgres/introspect.ts'
import type { Model } from '../../../src/model/model.ts'
import { withConnection } from '../../support/postgres-connection.ts'
import { withPostgres } from '../../support/postgres.ts'

interface Case {
  readonly name: string
  readonly sql: string
  readonly look: (model: Model) => unknown
  readonly is: unknown
}

const CASES: readonly Case[] = [
  {
    name: 'what the model cannot say is named',
    sql: `CREATE AGGREGATE total (integer) (sfunc = int4pl, stype = integer);
      CREATE TYPE pair AS (a int, b int); CREATE TYPE span AS RANGE (subtype = integer);
      CREATE TABLE t (a int, b int); CREATE STATISTICS s ON a, b FROM t;
      CREATE RULE quiet AS ON DELETE TO t DO INSTEAD NOTHING; CREATE PUBLICATION p`,
    look: (model) => [model.unmanaged?.map((one) => one.what), model.functions],
    is: [
      [
        'aggregate "total(integer)"',
        'composite type "pair"',
        'publication "p"',
        'range type "span"',
        'rule "quiet on t"',
        'statistics object "s"',
      ],
      [],
    ],
  },
  {
    name: 'default privileges: what they give when an object is made is a grant',
    sql: `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor; CREATE TABLE t (a int)`,
    look: (model) => model.grants,
    is: [{ on: 'table', name: 't', privilege: 'select', grantee: 'pg_monitor' }],
  },
  {
    name: 'rights of the owner, and what everybody has by itself, are no grants',
    sql: `CREATE TABLE t (a int); GRANT ALL ON t TO CURRENT_USER; CREATE TYPE e AS ENUM ('a');
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION f TO PUBLIC, pg_monitor;
      GRANT USAGE ON TYPE e TO PUBLIC; GRANT USAGE ON SCHEMA public TO PUBLIC`,
    look: (model) => model.grants,
    is: [{ on: 'function', name: 'f', arguments: [], privilege: 'execute', grantee: 'pg_monitor' }],
  },
  {
    name: 'functions by their names, in whatever order they were made',
    sql:
      `CREATE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION a(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE PROCEDURE aa() LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION a(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    look: (model) => model.functions.map((one) => one.name + one.arguments.map((each) => each.type).join()),
    is: ['ainteger,integer', 'atext', 'aa', 'b'],
  },
  {
    name: 'settings, defaults and types of a function in the words of the model',
    sql:
      `CREATE FUNCTION f(a character varying(10) DEFAULT 'x', VARIADIC b timestamp with time zone[] DEFAULT '{}')
      RETURNS SETOF double precision LANGUAGE sql SET search_path FROM CURRENT SET "DateStyle" = 'ISO, DMY' ROWS 1000
      AS 'SELECT 1.0::float8'`,
    look: ({ functions: [one] }) => [one?.arguments, one?.returns, one?.settings?.['datestyle'], one?.rows],
    is: [
      [
        { name: 'a', type: 'varchar', default: { literal: 'x' } },
        { name: 'b', mode: 'variadic', type: 'timestamptz[]', default: { literal: '{}' } },
      ],
      'SETOF double precision',
      'ISO, DMY',
      undefined,
    ],
  },
  {
    name: 'triggers of partitions are those of their parent, and a trigger FROM another table is its text',
    sql: `CREATE TABLE t (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT;
      CREATE TABLE o (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER g AFTER INSERT OR TRUNCATE ON t EXECUTE FUNCTION f('a', 'b''c');
      CREATE CONSTRAINT TRIGGER c AFTER INSERT ON o FROM t FOR EACH ROW EXECUTE FUNCTION f()`,
    look: ({ triggers }) => triggers.map(({ name, sql, ...rest }) => [name, sql ?? rest]),
    is: [
      [
        'c',
        'CREATE CONSTRAINT TRIGGER c AFTER INSERT ON public.o FROM t NOT DEFERRABLE INITIALLY IMMEDIATE ' +
        'FOR EACH ROW EXECUTE FUNCTION f()',
      ],
      ['g', {
        table: 't',
        timing: 'after',
        events: [{ event: 'insert' }, { event: 'truncate' }],
        forEach: 'statement',
        function: { name: 'f', arguments: ['a', "b'c"] },
      }],
    ],
  },
]

for (const version of [18, 14] as const) {
  Deno.test(`introspection of code on PostgreSQL ${version}`, (test) =>
    withPostgres((url) =>
      withConnection(url, async (connection) => {
        for (const { name, sql, look, is } of CASES) {
          await test.step(name, async () => {
            await connection.begin()
            await connection.run([sql])
            const model = await introspect(connection)
            await connection.rollback()
            assert.deepEqual(look(model), is)
          })
        }
      }), version))
}
