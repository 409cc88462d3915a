/** What of a folder of migrations is no SQL as its database takes it. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProblemError } from '../../src/problem.ts'
import { readSqlFolder } from '../../src/import/sql/folder.ts'
import { withFolder } from '../support/folder.ts'
import { imported } from '../support/sql-folder.ts'
import type { Files } from '../support/sql-folder.ts'

Deno.test('a migration that is a program stands in its place, for a person', async () => {
  const sql = { '1_t.sql': '-- +goose Up\nCREATE TABLE t (id bigserial PRIMARY KEY);' }
  const go = {
    '2_rows.go': 'package migrations\n',
    '2_rows_test.go': '',
    '2_rows.down.go': '',
    'embed.go': '',
  }
  const [first, second, third] = await imported({
    ...sql,
    ...go,
    '3_a.sql': 'ALTER TABLE t ADD COLUMN a text;',
  })
  assert.deepEqual(first?.verdict, 'complete')
  assert.deepEqual([second?.line, second?.verdict, third?.line], ['2 < 1: rows', 'person', '3 < 2: a'])
  assert.deepEqual(second?.upgrade, [
    '{"todo":{"why":"it is written in Go","file":"2_rows.go:1","source":"package migrations"}}',
  ])
  assert.deepEqual(second?.downgrade, { irreversible: 'what undoes it is written in Go: 2_rows.go' })
  const [, java] = await imported({ 'V1__t.sql': 'SELECT 1;', 'db/V1.1__J.java': 'class' })
  assert.deepEqual([java?.line, java?.verdict], ['1.1 < 1: J', 'person'])
})

Deno.test('a program beside a migration of the same version is none', () =>
  withFolder((folder) => {
    for (const name of ['1_t.up.sql', '1_postmigrate.go', '2_u.go']) writeFileSync(join(folder, name), '')
    const { revisions, skipped } = readSqlFolder(folder, 'postgres', (file) => file.slice(folder.length + 1))
    assert.deepEqual(revisions.map((one) => one.file), ['1_t.up.sql', '2_u.go'])
    assert.deepEqual(skipped, ['1_postmigrate.go'])
    return Promise.resolve()
  }))

Deno.test('a folder of programs alone, or of folders, says what it is', async () => {
  const wrong = (files: Files) =>
    imported(files).then(
      () => '',
      (error: ProblemError) => `${error.problems[0]!.message}; ${error.problems[0]!.hint}`,
    )
  assert.match(
    await wrong({ '20240102_t.rb': '', 'schema.sql': '' }),
    /are written in Ruby; only SQL can be read/,
  )
  assert.match(await wrong({ '1_t.py': '' }), /are written in Python; `limbeck import alembic`/)
  assert.match(
    await wrong({ 'migrations/20240102_t.sql': '', 'seed.sql': '' }),
    /there are no migrations in .*; name the folder in it that holds them: .*migrations$/,
  )
})

Deno.test('files of SQL that are no migrations are told', () =>
  withFolder((folder) => {
    for (const name of ['1_t.up.sql', '2_u.UP.SQL', 'seed.sql', 'V1__t.sql.conf', 'README.md', 'atlas.sum']) {
      writeFileSync(join(folder, name), '')
    }
    const { skipped } = readSqlFolder(folder, 'postgres', (file) => file.slice(folder.length + 1))
    assert.deepEqual(skipped, ['2_u.UP.SQL', 'V1__t.sql.conf', 'seed.sql'])
    return Promise.resolve()
  }))

Deno.test('what Flyway, goose and tern fill in is for a person', async () => {
  const todo = async (files: Files) =>
    (await imported(files))[0]!.upgrade.map((one) => /"why":"(.*?)",/.exec(one)?.[1] ?? one)
  const rest = "limbeck's variables are ${x:name}, with -x name=value"
  const go = '{"execute":{"sql":"SELECT 1"}}'
  assert.deepEqual(await todo({ 'V1__a.sql': "SELECT 1;\nINSERT INTO t VALUES ('${env}');" }), [
    go,
    `Flyway fills in \\"\${env}\\": ${rest}`,
  ])
  const asked = '-- +goose ENVSUB ON\n-- +goose Up\nSELECT 1;\nSELECT $t$1$t$;\n'
  assert.deepEqual(await todo({ '1_a.sql': `${asked}SELECT '$HOME';` }), [
    go,
    '{"execute":{"sql":"SELECT $t$1$t$"}}',
    `goose fills in \\"$HOME\\": ${rest}`,
  ])
  const below = '\n---- create above / drop below ----\n'
  assert.deepEqual(await todo({ '1_a.sql': `SELECT '{{.a}}';${below}` }), [`tern fills in \\"{{\\": ${rest}`])
  assert.deepEqual(await todo({ '1_a.sql': "SELECT '${a}', '{{.a}}';" }), [
    JSON.stringify({ execute: { sql: "SELECT '${a}', '{{.a}}'" } }),
  ])
})

Deno.test('the empty search_path of a dump is left out: what operations make is in the default schema', async () => {
  const none = "SELECT pg_catalog.set_config('search_path', '', false);\nSET search_path TO '';\n"
  const [one] = await imported({
    '1_a.sql': `${none}CREATE TABLE public.t (id bigserial PRIMARY KEY);\nSET search_path = app;`,
  })
  assert.deepEqual(one?.upgrade.map((each) => Object.keys(JSON.parse(each))[0]), ['create_table', 'execute'])
  const why = 'the empty search_path is left out: the names of the default schema are written without it'
  assert.deepEqual(one?.told, [`1_a.sql:1: ${why}`, `1_a.sql:2: ${why}`])
})

Deno.test('a type in quotes is an enum of the schema, too', async () => {
  const [one] = await imported({
    '0000_a.sql': `CREATE TYPE "Mood" AS ENUM('a', 'b');
CREATE TYPE app."Mood" AS ENUM('a', 'b');
CREATE TYPE kind AS ENUM('c');
CREATE TABLE t (m "Mood" DEFAULT 'a', p app."Mood", k "kind", l "kind"[], x Mood, y Kind);`,
  })
  const columns = JSON.parse(one!.upgrade[3]!).create_table.columns as { type: unknown }[]
  assert.deepEqual(columns.map((column) => column.type), [
    { enum: 'Mood' },
    { enum: 'Mood', schema: 'app' },
    { enum: 'kind' },
    { enum: 'kind', array: 1 },
    { native: 'Mood' },
    { enum: 'kind' },
  ])
})

Deno.test("what of Liquibase's comments is not read is told where it stands", async () => {
  const [one] = await imported({
    '001_a.sql': `--liquibase formatted sql
--changeset me:1 dbms:postgresql
CREATE TABLE t (id bigserial PRIMARY KEY);
-- rollback DROP TABLE t;
--changeset me:2
--preconditions onFail:MARK_RAN
ALTER TABLE t ADD COLUMN a text;`,
  })
  const rest =
    'is not read: all changesets become the upgrade of one revision, and its downgrade is to be written'
  assert.deepEqual(one?.told, [
    `001_a.sql:2: "dbms:postgresql" of Liquibase ${rest}`,
    `001_a.sql:4: "rollback DROP TABLE t;" of Liquibase ${rest}`,
    `001_a.sql:6: "preconditions onFail:MARK_RAN" of Liquibase ${rest}`,
  ])
  const [plain] = await imported({ '001_a.sql': '-- rollback is by hand\nSELECT 1;' })
  assert.deepEqual(plain?.told, [])
})

Deno.test('rows behind COPY FROM stdin are for a person, and the SQL after them is read', async () => {
  const [one] = await imported({
    '1_a.sql': `CREATE TABLE t (id bigserial PRIMARY KEY);
-- rows
COPY public.t (id, a) FROM stdin;
1\tit's; so
\\.

COPY public.u FROM stdin WITH (FORMAT csv);
\\.
DROP TABLE t;`,
  })
  assert.deepEqual(one?.upgrade, [
    '{"create_table":{"name":"t","columns":[{"name":"id","type":"bigserial","primary_key":true}]}}',
    JSON.stringify({
      todo: {
        why: 'the rows of COPY stand in the file, and only psql sends them: write bulk_insert',
        file: '1_a.sql:3',
        source: "COPY public.t (id, a) FROM stdin;\n1\tit's; so\n\\.",
      },
    }),
    JSON.stringify({
      todo: {
        why: 'the rows of COPY stand in the file, and only psql sends them: write bulk_insert',
        file: '1_a.sql:7',
        source: 'COPY public.u FROM stdin WITH (FORMAT csv);\n\\.',
      },
    }),
    '{"drop_table":{"name":"t"}}',
  ])
  assert.deepEqual(one?.told, [])
})

Deno.test('comments are operations where the schema has what they are on', async () => {
  const [one] = await imported({
    '1_t.sql': [
      'CREATE TABLE t (id int CONSTRAINT c CHECK (id > 0));',
      "COMMENT ON TABLE t IS 'It''s one';",
      "COMMENT ON COLUMN public.t.id IS 'Its number';",
      'comment on column t.id is null;',
      "COMMENT ON CONSTRAINT c ON t IS 'Not none';",
      "COMMENT ON VIEW elsewhere IS 'SQL';",
      "COMMENT ON FUNCTION f(int) IS 'SQL';",
      'COMMENT ON TABLE t IS NULL;',
    ].join('\n'),
  })
  assert.deepEqual(one?.upgrade.slice(1), [
    '{"create_table_comment":{"table":"t","comment":"It\'s one"}}',
    '{"execute":{"sql":"COMMENT ON COLUMN public.t.id IS \'Its number\'"}}',
    '{"alter_column":{"table":"t","column":"id","comment":null}}',
    '{"set_comment":{"object":"constraint","name":"c","table":"t","comment":"Not none"}}',
    '{"execute":{"sql":"COMMENT ON VIEW elsewhere IS \'SQL\'"}}',
    '{"execute":{"sql":"COMMENT ON FUNCTION f(int) IS \'SQL\'"}}',
    '{"drop_table_comment":{"table":"t"}}',
  ])
})

Deno.test('INITIALLY IMMEDIATE alone makes no constraint deferrable', async () => {
  const key = (name: string, more: string) => `CONSTRAINT ${name} UNIQUE (a) ${more}`
  const keys = [key('u', 'INITIALLY IMMEDIATE'), key('v', 'DEFERRABLE INITIALLY IMMEDIATE')]
  const [first] = await imported({ 'V1__t.sql': `CREATE TABLE t (a integer, ${keys.join(', ')});` })
  const { create_table: table } = JSON.parse(first!.upgrade[0]!) as {
    create_table: { unique: readonly object[] }
  }
  assert.deepEqual(table.unique, [
    { name: 'u', columns: ['a'] },
    { name: 'v', columns: ['a'], deferrable: true, initially: 'immediate' },
  ])
})
