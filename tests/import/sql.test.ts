/** Folders of SQL migrations, each layout to one line of revisions. */
import assert from 'node:assert/strict'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProblemError } from '../../src/problem.ts'
import { readSqlFolder } from '../../src/import/sql/folder.ts'
import { withFolder } from '../support/folder.ts'
import { imported } from '../support/sql-folder.ts'
import type { Files } from '../support/sql-folder.ts'

const TABLE = '{"create_table":{"name":"t","columns":[{"name":"id","type":"bigserial","primary_key":true}]}}'
const DROP = '{"drop_table":{"name":"t"}}'

Deno.test('dbmate: the markers say which way', async () => {
  const [first, second] = await imported({
    '20240102030405_create_t.sql':
      '-- migrate:up\nCREATE TABLE t (id bigserial PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE t;\n',
    '20240102030406_rows.sql': '-- migrate:up transaction:false\nINSERT INTO t DEFAULT VALUES;\n',
  })
  assert.deepEqual(first, {
    line: '20240102030405 < base: create t',
    upgrade: [TABLE],
    downgrade: [DROP],
    settings: {},
    transaction: 'own',
    verdict: 'complete',
    told: [],
  })
  assert.equal(second?.line, '20240102030406 < 20240102030405: rows')
  assert.equal(second?.transaction, 'none')
  assert.deepEqual(second?.upgrade, ['{"execute":{"sql":"INSERT INTO t DEFAULT VALUES"}}'])
  assert.deepEqual(second?.downgrade, { irreversible: 'the original has no way back' })
})

Deno.test('Diesel: a folder a version, with the two ways in it', async () => {
  const found = await imported({
    '2024-01-02-030405_create_t/up.sql': 'CREATE TABLE t (id bigserial PRIMARY KEY);',
    '2024-01-02-030405_create_t/down.sql': 'DROP TABLE t;',
    '2024-01-03-030405-add_a/up.sql': 'ALTER TABLE t ADD COLUMN a text;',
    '2024-01-02_090000_rows/up.sql': 'INSERT INTO t DEFAULT VALUES;',
    '2024-01-03-030405-add_a/notes.sql': 'no migration',
    'queries/up.sql': 'no migration',
  })
  assert.deepEqual(found.map((one) => one.line), [
    '20240102030405 < base: create t',
    '20240102090000 < 20240102030405: rows',
    '20240103030405 < 20240102090000: add a',
  ])
  assert.deepEqual(found[0]?.upgrade, [TABLE])
  assert.deepEqual(found[0]?.downgrade, [DROP])
})

Deno.test('Diesel: fractions of a second come after the second, not after all dates without', async () => {
  const sql = 'ALTER TABLE t ADD COLUMN a text;'
  const found = await imported({
    '2024-01-02-030405_create_t/up.sql': 'CREATE TABLE t (id bigserial PRIMARY KEY);',
    '2024-01-03-030405-0010_add_a/up.sql': sql,
    '2024-01-04-030405_add_b/up.sql': sql.replace('a text', 'b text'),
  })
  assert.deepEqual(found.map((one) => one.line), [
    '20240102030405 < base: create t',
    '20240103030405.0010 < 20240102030405: add a',
    '20240104030405 < 20240103030405.0010: add b',
  ])
})

Deno.test('Prisma: a folder a version, with one file in it', async () => {
  const found = await imported({
    '20240102030405_create_t/migration.sql': '-- CreateTable\nCREATE TABLE t (id bigserial PRIMARY KEY);',
    'migration_lock.toml': 'provider = "postgresql"',
  })
  assert.deepEqual(found.map((one) => one.line), ['20240102030405 < base: create t'])
  assert.deepEqual(found[0]?.upgrade, [TABLE])
})

Deno.test('a link to nothing beside the migrations is passed over', () =>
  withFolder((folder) => {
    writeFileSync(join(folder, '1_t.up.sql'), 'CREATE TABLE t (id bigserial PRIMARY KEY);')
    symlinkSync('nowhere', join(folder, 'link'))
    const { revisions: read } = readSqlFolder(folder, 'postgres', (file) => file)
    assert.deepEqual(read.map((one) => one.id), ['1'])
    return Promise.resolve()
  }))

Deno.test('goose: statements between StatementBegin and StatementEnd are whole', async () => {
  const body = `CREATE FUNCTION f() RETURNS int AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$ LANGUAGE plpgsql`
  const [one] = await imported({
    '00001_f.sql':
      `-- +goose Up\n-- +goose StatementBegin\n${body};\n-- +goose StatementEnd\n-- +goose Down\n` +
      'DROP FUNCTION f();\n',
  })
  assert.deepEqual(one?.upgrade, [JSON.stringify({ execute: { sql: body } })])
  assert.deepEqual(one?.downgrade, ['{"execute":{"sql":"DROP FUNCTION f()"}}'])
})

Deno.test('golang-migrate: two files a version, in the order of the numbers', async () => {
  const found = await imported({
    '10_later.up.sql': 'ALTER TABLE t ADD COLUMN a text;\nCOMMIT AND CHAIN;',
    '9_create_t.down.sql': 'DROP TABLE t;',
    '9_create_t.up.sql':
      'BEGIN;\nSET lock_timeout = 2000;\nCREATE TABLE t (id bigserial PRIMARY KEY);\nCOMMIT;',
    'notes.txt': 'no migration',
  })
  assert.deepEqual(found.map((one) => one.line), ['9 < base: create t', '10 < 9: later'])
  assert.deepEqual([found[0]?.upgrade, found[0]?.downgrade], [[TABLE], [DROP]])
  assert.deepEqual(found[1]?.upgrade.length, 1)
  assert.deepEqual(found[0]?.settings, { lock_timeout: '2s' })
  assert.deepEqual(found[0]?.told, [
    '9_create_t.up.sql:1: BEGIN is left out: limbeck begins and ends transactions',
    '9_create_t.up.sql:4: COMMIT is left out: limbeck begins and ends transactions',
  ])
})

Deno.test('Flyway: versions with points, undo files, repeatable ones last', async () => {
  const found = await imported({
    'R__view.sql': 'CREATE OR REPLACE VIEW v AS SELECT 1 AS a;',
    'V1.10__later.sql': 'CREATE INDEX i ON t (lower(id::text) DESC) WHERE id > 0;',
    'V1.9__create_t.sql': 'CREATE TABLE t (id bigserial PRIMARY KEY);',
    'U1.9__create_t.sql': 'DROP TABLE t;',
  })
  assert.deepEqual(found.map((one) => one.line), [
    '1.9 < base: create t',
    '1.10 < 1.9: later',
    'Rview < 1.10: view',
  ])
  assert.deepEqual(found[2]?.told, [
    'R__view.sql:1: a repeatable migration becomes an ordinary revision: it is not run again when it changes',
  ])
  assert.deepEqual(found[0]?.downgrade, [DROP])
  assert.deepEqual(found[1]?.upgrade, [
    '{"create_index":{"name":"i","table":"t","columns":[{"expression":"lower(id::text)","sort":"desc"}],"where":"id > 0"}}',
  ])
})

Deno.test('refinery: what is called U leads on as what is called V does', async () => {
  const files = {
    'V1__create_t.sql': 'CREATE TABLE t (id bigserial PRIMARY KEY);',
    'U2__drop_t.sql': 'DROP TABLE t;',
  }
  const [, second] = await imported(files)
  assert.equal(second?.line, '2 < 1: drop t')
  assert.deepEqual(second?.upgrade, [DROP])
  assert.deepEqual(second?.told, [
    "U2__drop_t.sql:1: it leads on, as refinery's files do: one that undoes, as Flyway's, has a V of its version",
  ])
  await assert.rejects(imported({ ...files, 'U1__create_t.sql': 'DROP TABLE t;' }), {
    name: 'ProblemError',
    message: /U2__drop_t.sql undoes a migration that is not there/,
  })
})

Deno.test('what is no operation stays as it is written, and so does what the schema does not know', async () => {
  const [one] = await imported({
    '1_all.sql': [
      "CREATE TYPE mood AS ENUM ('sad', 'happy');",
      "CREATE TABLE u (m mood DEFAULT 'sad' NOT NULL, e citext, CONSTRAINT k PRIMARY KEY (m), CHECK (e <> ''));",
      'CREATE TYPE pair AS (a int, b int);',
      'DROP TYPE pair;',
      'ALTER TABLE u RENAME e TO f;',
      'ALTER TABLE u ADD COLUMN x int REFERENCES u;',
    ].join('\n'),
  })
  assert.deepEqual(one?.upgrade, [
    '{"create_enum":{"name":"mood","values":["sad","happy"]}}',
    '{"create_table":{"name":"u","columns":[{"name":"m","type":{"enum":"mood"},"default":"sad","nullable":false},' +
    '{"name":"e","type":{"native":"citext"}}],"primary_key":{"name":"k","columns":["m"]},' +
    '"checks":[{"condition":"e <> \'\'"}]}}',
    '{"execute":{"sql":"CREATE TYPE pair AS (a int, b int)"}}',
    '{"execute":{"sql":"DROP TYPE pair"}}',
    '{"rename_column":{"table":"u","column":"e","new_name":"f"}}',
    '{"execute":{"sql":"ALTER TABLE u ADD COLUMN x int REFERENCES u"}}',
  ])
})

Deno.test('a default that a serial column loses in SQL does not take its sequence along', async () => {
  const [one] = await imported({
    '1_ids.sql': [
      'CREATE TABLE t (id serial PRIMARY KEY, n int DEFAULT 1);',
      'ALTER TABLE t ALTER COLUMN n DROP DEFAULT;',
      'ALTER TABLE t ALTER COLUMN id DROP DEFAULT;',
      'DROP SEQUENCE t_id_seq;',
    ].join('\n'),
  })
  assert.deepEqual(one?.upgrade.slice(1), [
    '{"alter_column":{"table":"t","column":"n","default":null}}',
    '{"execute":{"sql":"ALTER TABLE t ALTER COLUMN id DROP DEFAULT"}}',
    '{"execute":{"sql":"DROP SEQUENCE t_id_seq"}}',
  ])
})

Deno.test('SQLite: names as they are written, types that are spelled the same again', async () => {
  const [one] = await imported({
    '1_all.sql':
      'CREATE TABLE Users (Id INTEGER PRIMARY KEY, Name VARCHAR(30) NOT NULL, Score INT, Any) STRICT;\n' +
      'CREATE TABLE k (a TEXT PRIMARY KEY);',
  }, 'sqlite')
  assert.deepEqual(one?.upgrade, [
    '{"create_table":{"name":"Users","columns":[{"name":"Id","type":"integer","primary_key":true},' +
    '{"name":"Name","type":"varchar(30)","nullable":false},{"name":"Score","type":{"native":"INT"}},' +
    '{"name":"Any","type":{"sqlite":""}}],"strict":true}}',
    '{"execute":{"sql":"CREATE TABLE k (a TEXT PRIMARY KEY)"}}',
  ])
})

Deno.test('two files of one version, a way back alone, no migrations at all', async () => {
  const refused = async (files: Files) => {
    try {
      await imported(files)
    } catch (error) {
      assert(error instanceof ProblemError)
      return error.problems.map((one) => one.code)
    }
  }
  assert.deepEqual(await refused({ '1_a.sql': 'SELECT 1', '1_b.sql': 'SELECT 1' }), ['version-twice'])
  assert.deepEqual(await refused({ '1_a.down.sql': 'SELECT 1' }), ['no-upgrade'])
  assert.deepEqual(await refused({ 'a.txt': '' }), ['no-revisions'])
})

Deno.test('SQL that PostgreSQL cannot parse is a defect, and needs a person', async () => {
  const files = {
    'V1__f.sql': 'CREATE TABLE f2 (id int);\n',
    'V2__oops.sql': 'ALTER TABLE f2 ADD a int;\n\nCREATE TABL f2;\nSELECT f2 FROM f2;',
    'U2__oops.sql': 'DROP TABL "f2";',
  }
  const [good, broken] = await imported(files)
  assert.deepEqual([good?.verdict, good?.told], ['complete', []])
  assert.deepEqual([broken?.verdict, broken?.told], ['person', [
    'V2__oops.sql:3: the statement does not parse: syntax error at or near "TABL"',
    'U2__oops.sql:1: the statement does not parse: syntax error at or near "TABL"',
  ]])
  assert.equal(broken?.upgrade[1], '{"execute":{"sql":"CREATE TABL f2"}}')
  const [type] = await imported({ 'V1__p.sql': 'CREATE TABLE p (a int b int);' })
  assert.deepEqual(type?.upgrade, ['{"execute":{"sql":"CREATE TABLE p (a int b int)"}}'])
  assert.deepEqual(type?.told, [
    'V1__p.sql:1: the statement does not parse: syntax error at or near "b"',
  ])
  assert.deepEqual((await imported(files, 'sqlite')).map((one) => one.told), [[], []])
})

const COLUMN = '{"create_table":{"name":"t","columns":[{"name":"id","type":"integer"}]}}'

for (
  const [tool, file] of Object.entries({
    'sql-migrate':
      '-- +migrate Up notransaction\nCREATE TABLE t (id int);\n-- +migrate Down\nDROP TABLE t;\n',
    'node-pg-migrate':
      '-- no-transaction\n-- Up Migration\nCREATE TABLE t (id int);\n--- Down Migration\nDROP TABLE t;\n',
    tern:
      '-- atlas:txmode none\nCREATE TABLE t (id int);\n---- create above / drop below ----\nDROP TABLE t;\n',
  })
) {
  Deno.test(`${tool}: what undoes it is no part of the upgrade`, async () => {
    const [only] = await imported({ '001_t.sql': file })
    assert.deepEqual([only!.upgrade, only!.downgrade, only!.transaction], [[COLUMN], [DROP], 'none'])
  })
}

Deno.test('Flyway: folders of folders, and what begins a transaction', async () => {
  const revisions = await imported({
    'V1__t.sql': 'START TRANSACTION;\nCREATE TABLE t (id int);\nCOMMIT;\n',
    'a/b/V2__t.sql': 'DROP TABLE t;\n',
  })
  assert.deepEqual(revisions.map((one) => [one.line, one.upgrade]), [
    ['1 < base: t', [COLUMN]],
    ['2 < 1: t', [DROP]],
  ])
})
