/** A baseline leaves nothing out: an empty database that is upgraded with it is the one that it was made from. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { sameModel } from '../../src/model/same.ts'
import type { Dialect } from '../../src/dialect/dialect.ts'
import type { Model } from '../../src/model/model.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'
import { versionNumber, withPostgres } from '../support/postgres.ts'
import { limbeck } from '../support/command-line.ts'

const EXCEPT = [{ name: 'alembic_version' }, { name: 'limbeck_journal' }]

async function seen(
  dialect: Dialect,
  url: string,
  texts: string,
): Promise<{ model: Model; texts: string[] }> {
  const connection = await dialect.connect(url, { env: {}, cwd: '.', create: true })
  try {
    const rows = await connection.query(texts)
    const model = await dialect.introspect(connection, { except: EXCEPT })
    return { model, texts: rows.map((row) => String(row['text'])) }
  } finally {
    await connection.close()
  }
}

/** Makes the baseline, upgrades another database with it, and compares the two. */
async function assertWhole(ground: Ground, dialect: Dialect, other: string, texts: string): Promise<void> {
  await ground.done('revision', '--baseline', '-m', 'what there was', '--rev-id', 'a1')
  assert.equal(await ground.done('current'), 'a1 (head)\n')
  assert.equal(await ground.done('identify'), 'a1 (head), what there was\n')
  const upgraded = await limbeck(['upgrade', 'head', '--url', other], { cwd: ground.cwd })
  assert.equal(upgraded.code, 0, upgraded.stderr)
  const [theirs, ours] = [await seen(dialect, ground.url, texts), await seen(dialect, other, texts)]
  assert.deepEqual(sameModel(ours.model, theirs.model, dialect), [])
  assert.deepEqual(ours.model.unmanaged, theirs.model.unmanaged)
  assert.deepEqual(ours.texts, theirs.texts)
  await ground.done('downgrade', 'base', '--url', other)
  const left = await seen(dialect, other, texts)
  assert.deepEqual([left.model.tables, left.model.unmanaged ?? []], [[], []])
}

const RICH_SQLITE = [
  `CREATE TABLE teams (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE UNIQUE)`,
  `CREATE TABLE users (
    id CHAR(32) NOT NULL PRIMARY KEY, email VARCHAR(50) NOT NULL DEFAULT '', age INTEGER CHECK (age > 0),
    team INTEGER CONSTRAINT of_team REFERENCES teams (id) ON DELETE CASCADE, twice INTEGER AS (age * 2) STORED)`,
  `CREATE UNIQUE INDEX ix_email ON users (lower(email)) WHERE age > 5`,
  `CREATE TABLE odd (a TEXT, b INTEGER, PRIMARY KEY (a COLLATE nocase DESC, b)) WITHOUT ROWID`,
  `CREATE TABLE strange (a INTEGER CONSTRAINT there NOT NULL, b ANY) STRICT`,
  `CREATE INDEX ix_odd ON odd (b DESC)`,
  `CREATE TABLE half (a INTEGER, "" TEXT, UNIQUE (a, ""))`,
  `CREATE TABLE "" (a INTEGER)`,
  `CREATE INDEX ix_nameless ON "" (a)`,
  `CREATE VIRTUAL TABLE notes USING fts5 (body)`,
  `CREATE VIEW old AS SELECT email FROM users WHERE age > 65`,
  `CREATE TRIGGER touch AFTER INSERT ON users BEGIN UPDATE users SET age = 1 WHERE id = new.id; END`,
]

Deno.test('a rich SQLite database', () =>
  onSqlite({}, async (ground) => {
    await ground.sql(...RICH_SQLITE)
    const texts =
      `SELECT sql AS text FROM sqlite_schema WHERE name IN ('odd', 'strange', 'notes') ORDER BY name`
    await assertWhole(ground, sqlite, `sqlite:///${ground.cwd}/two.db`, texts)
  }))

const RICH_POSTGRES = [
  `CREATE SCHEMA more`,
  `CREATE TYPE state AS ENUM ('new', 'old')`,
  `CREATE TYPE address AS (street text, at state)`,
  `COMMENT ON TYPE address IS 'Where; it''s'`,
  `CREATE TYPE span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi)`,
  `CREATE COLLATION byte (PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'C')`,
  `CREATE DOMAIN positive AS integer CHECK (VALUE > 0)`,
  `CREATE SEQUENCE numbers START 100`,
  `CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s state NOT NULL DEFAULT 'new', home address,
    name text COLLATE byte, age positive, times span, EXCLUDE USING gist (times WITH &&))`,
  `CREATE TABLE more.logs (at timestamptz NOT NULL, line text) PARTITION BY RANGE (at)`,
  `CREATE TABLE more.logs_1 PARTITION OF more.logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')`,
  `CREATE INDEX ix_line ON more.logs_1 (line)`,
  `CREATE TABLE more.words (word text PRIMARY KEY)`,
  `ALTER TABLE more.logs_1 ADD FOREIGN KEY (line) REFERENCES more.words, ADD UNIQUE (at), ADD CHECK (line <> '')`,
  `CREATE INDEX ix_at ON more.logs (at)`,
  `CREATE FUNCTION add(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b'`,
  `CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = integer, INITCOND = '0')`,
  `CREATE OPERATOR <+> (FUNCTION = add, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = <+>)`,
  `CREATE FUNCTION is_same(a more.logs, b integer) RETURNS boolean LANGUAGE sql AS 'SELECT b = 1'`,
  `CREATE OPERATOR more.<-> (FUNCTION = is_same, LEFTARG = more.logs, RIGHTARG = integer, RESTRICT = eqsel, JOIN = eqjoinsel)`,
  // Neither can be made first, nor without the search_path.
  `CREATE FUNCTION more.first() RETURNS integer LANGUAGE sql AS 'SELECT 1'`,
  `CREATE FUNCTION more.second() RETURNS integer LANGUAGE sql AS 'SELECT more.first()'`,
  `CREATE OR REPLACE FUNCTION more.first() RETURNS integer LANGUAGE sql AS 'SELECT 1 WHERE 1 > 2 UNION SELECT more.second()'`,
  `SET search_path = more; CREATE FUNCTION more.third() RETURNS integer LANGUAGE sql AS 'SELECT second()'; RESET search_path`,
  `CREATE CAST (state AS integer) WITH INOUT AS ASSIGNMENT`,
  `CREATE FUNCTION years(span) RETURNS integer LANGUAGE sql AS 'SELECT 1'`,
  `CREATE CAST (span AS integer) WITH FUNCTION years(span)`,
  `ALTER DEFAULT PRIVILEGES IN SCHEMA more GRANT SELECT, UPDATE ON TABLES TO PUBLIC`,
  `ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`,
  `CREATE VIEW a_total AS SELECT total(age) AS n FROM users`,
  `CREATE VIEW a_part AS SELECT line FROM more.logs_1`,
  `CREATE FUNCTION z_sum() RETURNS integer LANGUAGE sql AS 'SELECT total(age) FROM users'`,
  `CREATE VIEW names AS SELECT name FROM users WHERE age > 5`,
  `CREATE STATISTICS of_lines ON at, line FROM more.logs_1`,
  `CREATE RULE nothing AS ON DELETE TO users DO INSTEAD NOTHING`,
  `CREATE STATISTICS together ON name, age FROM users`,
  `ALTER TABLE users REPLICA IDENTITY FULL`,
  `ALTER TABLE users ENABLE ROW LEVEL SECURITY`,
  `CREATE POLICY own ON users USING (age > 1)`,
  `CREATE PUBLICATION told FOR TABLE users`,
  `COMMENT ON TABLE users IS 'Everybody'`,
  `ALTER TABLE users ALTER name SET STATISTICS 500, ALTER name SET STORAGE external, ALTER name SET (n_distinct = 7)`,
  `CREATE INDEX ix_name ON users (lower(name))`,
  `ALTER TABLE users CLUSTER ON users_pkey`,
  `ALTER INDEX ix_name ALTER COLUMN 1 SET STATISTICS 9`,
  `COMMENT ON COLUMN names.name IS 'It''s long'`,
  `ALTER VIEW names ALTER name SET DEFAULT 'nobody'`,
  `CREATE MATERIALIZED VIEW more.sums AS SELECT age FROM users`,
  `ALTER MATERIALIZED VIEW more.sums ALTER age SET STATISTICS 3`,
  // A sequence keeps its name when its table is called otherwise, and another one may have taken the usual one.
  `CREATE TABLE crowd (id serial PRIMARY KEY)`,
  `ALTER TABLE crowd RENAME TO people`,
  `CREATE TABLE crowd (id bigserial)`,
  `GRANT USAGE ON SEQUENCE crowd_id_seq TO PUBLIC`,
  `CREATE FUNCTION more.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
  `CREATE TRIGGER every BEFORE INSERT ON more.logs FOR EACH ROW EXECUTE FUNCTION more.touch()`,
  `CREATE TRIGGER alone BEFORE INSERT ON more.logs_1 FOR EACH ROW EXECUTE FUNCTION more.touch()`,
  `ALTER TABLE more.logs_1 ENABLE ROW LEVEL SECURITY, DISABLE TRIGGER every, SET (fillfactor = 70)`,
  `CREATE POLICY early ON more.logs_1 FOR SELECT TO PUBLIC USING (at < now())`,
  `COMMENT ON TABLE more.logs_1 IS 'The first'`,
  `COMMENT ON COLUMN more.logs_1.line IS 'It''s one'`,
  `GRANT SELECT, INSERT ON more.logs_1 TO PUBLIC`,
  `REVOKE USAGE ON SCHEMA public FROM PUBLIC`,
  `CREATE VIEW guarded WITH (security_barrier) AS SELECT id FROM users`,
  `CREATE FUNCTION sine(float8) RETURNS float8 LANGUAGE internal AS 'dsin'`,
  `CREATE FUNCTION hear() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'`,
  `CREATE EVENT TRIGGER heard ON ddl_command_end EXECUTE FUNCTION hear()`,
  `REVOKE EXECUTE ON FUNCTION sine(float8), total(integer) FROM PUBLIC`,
  `REVOKE USAGE ON TYPE address, span FROM PUBLIC`,
  `GRANT EXECUTE ON FUNCTION total(integer) TO pg_monitor`,
  `GRANT USAGE ON TYPE span TO pg_monitor WITH GRANT OPTION`,
  ...[
    'AGGREGATE total(integer)',
    'CAST (state AS integer)',
    'COLLATION byte',
    'COLUMN address.street',
    'EVENT TRIGGER heard',
    'FUNCTION sine(float8)',
    'OPERATOR <+> (integer, integer)',
    'PUBLICATION told',
    'RULE nothing ON users',
    'STATISTICS together',
    'TYPE span',
  ].map((one) => `COMMENT ON ${one} IS 'Said of ${one}'`),
]

/** What newer servers have besides. */
const NEWER: readonly (readonly [since: number, sql: string])[] = [
  [150_000, `CREATE UNLOGGED SEQUENCE more.loose`],
  [150_000, `CREATE TABLE pairs (a integer, b integer, PRIMARY KEY (a, b))`],
  [
    150_000,
    `CREATE TABLE uses (a integer, b integer, FOREIGN KEY (a, b) REFERENCES pairs ON DELETE SET NULL (b))`,
  ],
  [
    180_000,
    `CREATE TABLE lax (id integer REFERENCES users NOT ENFORCED, CONSTRAINT small CHECK (id < 9) NOT ENFORCED)`,
  ],
  [180_000, `ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO PUBLIC`],
]

Deno.test('a rich PostgreSQL database', () =>
  onPostgres({}, async (ground) => {
    const newer = NEWER.filter(([since]) => since <= versionNumber(18)).map(([, sql]) => sql)
    await ground.sql(...RICH_POSTGRES, ...newer)
    await withPostgres(async (other) => {
      const texts =
        `SELECT c.relname || ' ' || coalesce(pg_get_expr(c.relpartbound, c.oid), '') || c.relreplident::text AS text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'more')
        AND c.relname NOT LIKE '%alembic%' AND c.relname NOT LIKE 'limbeck%'
        UNION ALL SELECT concat(conrelid::regclass, ' ', conname, ' ', pg_get_constraintdef(oid)) FROM pg_constraint
          WHERE conrelid > 16383 AND contype <> 'n'
        UNION ALL SELECT obj_description(to_regtype('address')::oid, 'pg_type')
        UNION ALL SELECT description FROM pg_description WHERE description LIKE 'Said of %'
        UNION ALL SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'
        UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat(polname, pg_get_expr(polqual, polrelid)) FROM pg_policy
        UNION ALL SELECT concat(relname, relacl, reloptions, obj_description(oid), relrowsecurity) FROM pg_class
          WHERE relname LIKE 'logs%'
        UNION ALL SELECT concat(proname, proacl) FROM pg_proc WHERE proname IN ('sine', 'total')
        UNION ALL SELECT concat(typname, typacl) FROM pg_type WHERE typname IN ('address', 'span')
        UNION ALL SELECT defaclacl::text FROM pg_default_acl
        UNION ALL SELECT concat(castcontext, castmethod) FROM pg_cast WHERE oid >= 16384 ORDER BY 1`
      await assertWhole(ground, postgres, other, texts)
    })
  }))

Deno.test('what goes with a table that is left out is left out', () =>
  onPostgres({}, async (ground) => {
    ground.write({ 'limbeck.yaml': 'exclude: [legacy]\n' })
    await ground.sql(
      'CREATE TABLE legacy (a text)',
      'ALTER TABLE legacy ALTER a SET STORAGE external, REPLICA IDENTITY FULL',
      'CREATE TABLE t (a text)',
      'ALTER TABLE t ALTER a SET STORAGE external',
    )
    const { stderr } = await ground.run('inspect')
    assert.match(stderr, /warning\[unmanaged\]: seen and not managed: STORAGE of column "t.a"/)
    assert.doesNotMatch(stderr, /legacy/)
    await ground.done('revision', '--baseline', '-m', 'what there was', '--rev-id', 'a1')
    assert.doesNotMatch(readFileSync(`${ground.cwd}/revisions/a1_what_there_was.yaml`, 'utf8'), /legacy/)
  }))

Deno.test('foreign keys that refer to nothing are named', () =>
  onSqlite({}, async (ground) => {
    await ground.sql('CREATE TABLE teams (name TEXT)')
    await ground.sql('CREATE TABLE users (a INTEGER REFERENCES gone (id), b TEXT REFERENCES teams (name))')
    const { code, stderr } = await ground.run('revision', '--baseline')
    assert.equal(code, 1)
    assert.match(stderr, /the foreign key "users_a_fkey" of "users": there is no table "gone"/)
    assert.match(stderr, /the foreign key "users_b_fkey" of "users": "teams" has no unique key of \(name\)/)
    assert.doesNotMatch(stderr, /drop constraint/)
  }))

Deno.test('what nobody can write down is refused, and no file is written', () =>
  onPostgres({}, async (ground) => {
    await ground.sql('CREATE TEXT SEARCH CONFIGURATION words (COPY = simple)')
    const { code, stderr } = await ground.run('revision', '--baseline', '-m', 'x')
    assert.equal(code, 1)
    assert.match(stderr, /error\[not-sayable\].*\n.*text search configuration "words"/)
    assert.match((await ground.run('history')).stderr, /no such|there is no folder/i)
  }))
