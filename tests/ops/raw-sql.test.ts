import assert from 'node:assert/strict'
import { split } from '../../src/dialect/split.ts'
import type { DialectName } from '../../src/model/model.ts'
import { execute } from '../../src/ops/execute.ts'
import { isTransactionControl, runsOutside, triggerOf } from '../../src/ops/parts/raw-sql.ts'

function only(sql: string, dialect: DialectName = 'postgres') {
  const statements = split(sql, dialect)
  assert.equal(statements.length, 1)
  return statements[0]!
}

function opaque(sql: string): boolean {
  return execute.opaque!({ op: 'execute', sql })
}

const HARMLESS = [
  "SELECT setval('s', 1)",
  '(SELECT 1) UNION (SELECT 2)',
  'WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone',
  'INSERT INTO t SELECT 1; UPDATE t SET a = 1; DELETE FROM t; TRUNCATE t',
  'ANALYZE; VACUUM; REINDEX TABLE t; PRAGMA optimize',
  'SET lock_timeout = 1; RESET ALL; LOCK TABLE t',
  "GRANT SELECT ON t TO r; REVOKE ALL ON t FROM r; COMMENT ON ROLE r IS 'x'",
  'CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END',
  'CREATE ROLE r; ALTER ROLE r SET a = 1; CREATE TEMP TABLE x (a int)',
  'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; DROP TRIGGER t',
]

const UNKNOWN = [
  'CREATE TABLE t (a int)',
  'ALTER TABLE t ADD a int',
  'DROP VIEW v',
  "COMMENT ON TABLE t IS 'x'",
  'DO $$ BEGIN END $$',
  'CALL p()',
  'SELECT 1; CREATE INDEX i ON t (a)',
  'SELECT a INTO b FROM t',
  'WITH x AS (SELECT 1) SELECT * INTO b FROM x',
  "UPDATE sqlite_master SET sql = ''",
  '/* a */ CREATE /* b */ TYPE e AS ENUM ()',
]

Deno.test('raw SQL that leaves the schema alone is told from what may change it', () => {
  for (const sql of HARMLESS) assert.equal(opaque(sql), false, sql)
  for (const sql of UNKNOWN) assert.equal(opaque(sql), true, sql)
  assert.equal(execute.opaque!({ op: 'execute', sql: UNKNOWN[0]!, effects: 'none' }), false)
})

const OUTSIDE: Readonly<Record<DialectName, readonly string[]>> = {
  postgres: [
    'VACUUM FULL t',
    'CREATE DATABASE d',
    "ALTER SYSTEM SET a = 'b'",
    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)',
    'drop index concurrently i',
    'REINDEX TABLE CONCURRENTLY t',
    'REINDEX (VERBOSE, CONCURRENTLY) TABLE t',
    'REINDEX (VERBOSE) DATABASE d',
    'CLUSTER',
    'ALTER TABLE ONLY a.p DETACH PARTITION c CONCURRENTLY',
    "ALTER TYPE a.e ADD VALUE 'x' BEFORE 'y'",
  ],
  sqlite: ['VACUUM', 'DETACH x', 'PRAGMA foreign_keys = OFF', 'PRAGMA main.journal_mode = WAL'],
}

const INSIDE: Readonly<Record<DialectName, readonly string[]>> = {
  postgres: [
    'CREATE INDEX i ON t (a)',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY v',
    'REINDEX TABLE t',
    'CLUSTER t USING i',
    "ALTER TYPE e RENAME VALUE 'x' TO 'y'",
    "SELECT 'VACUUM'",
  ],
  sqlite: ['REINDEX', 'ANALYZE', 'PRAGMA optimize', 'PRAGMA defer_foreign_keys = ON'],
}

Deno.test('statements that no transaction can hold are known', () => {
  for (const dialect of ['postgres', 'sqlite'] as const) {
    for (const sql of OUTSIDE[dialect]) assert.equal(runsOutside(only(sql), dialect), true, sql)
    for (const sql of INSIDE[dialect]) assert.equal(runsOutside(only(sql), dialect), false, sql)
  }
})

Deno.test('transaction control is known; savepoints are none', () => {
  for (const sql of ['BEGIN', 'begin immediate', 'START TRANSACTION', 'COMMIT', 'END', 'ROLLBACK', 'ABORT']) {
    assert.equal(isTransactionControl(only(sql)), true, sql)
  }
  for (
    const sql of [
      'SAVEPOINT a',
      'ROLLBACK TO a',
      'ROLLBACK TRANSACTION TO SAVEPOINT a',
      'RELEASE a',
      'SELECT 1',
    ]
  ) {
    assert.equal(isTransactionControl(only(sql)), false, sql)
  }
})

Deno.test('triggers are read with their names as the server keeps them', () => {
  const postgres = triggerOf(
    only('CREATE OR REPLACE TRIGGER Tr BEFORE UPDATE OF a ON App."T" EXECUTE FUNCTION f()'),
  )
  assert.deepEqual(postgres, {
    action: 'create',
    name: 'tr',
    table: 'T',
    schema: 'app',
    lenient: true,
    hasBody: false,
  })
  const sqlite = triggerOf(
    only('CREATE TRIGGER IF NOT EXISTS Tr AFTER INSERT ON [T] BEGIN SELECT 1; END', 'sqlite'),
  )
  assert.deepEqual(sqlite, { action: 'create', name: 'Tr', table: 'T', lenient: true, hasBody: true })
  assert.deepEqual(triggerOf(only('DROP TRIGGER "a b" ON t')), {
    action: 'drop',
    name: 'a b',
    table: 't',
    lenient: false,
    hasBody: false,
  })
  assert.equal(triggerOf(only('CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END')), undefined)
})
