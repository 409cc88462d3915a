import assert from 'node:assert/strict'
import { ProblemError } from '../../../src/problem.ts'
import { EMPTY } from '../../../src/model/model.ts'
import type { Scalar, Table } from '../../../src/model/model.ts'
import { KEYWORDS } from '../../../src/dialect/postgres/keywords.ts'
import { spelling as sql } from '../../../src/dialect/postgres/spelling.ts'
import { withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

const TABLE: Table = {
  ...{ schema: 'app', name: 't', uniques: [], checks: [], foreignKeys: [], excludes: [], indexes: [] },
  columns: [{ name: 'id', type: { kind: 'integer' }, nullable: false, serial: true }],
  primaryKey: { name: 't_pkey', implicit: true, columns: ['id'] },
}

const SPELLED: readonly (readonly [is: string, text: string])[] = [
  [sql.createTable(TABLE, EMPTY), 'CREATE TABLE app.t (\n  id SERIAL NOT NULL,\n  PRIMARY KEY (id)\n)'],
  [
    sql.createTable({ ...TABLE, columns: [], primaryKey: undefined, tablespace: 'fast' }, EMPTY, {
      ifNotExists: true,
    }),
    'CREATE TABLE IF NOT EXISTS app.t () TABLESPACE fast',
  ],
  [
    sql.check({ name: 'c', expression: 'a > 0', noInherit: true, valid: false }),
    'CONSTRAINT c CHECK (a > 0) NO INHERIT NOT VALID',
  ],
  [
    sql.foreignKey({
      ...{ name: 'f', implicit: true, columns: ['a'], references: { name: 'p', columns: ['id'] } },
      ...{ deferrable: 'immediate', valid: false },
    }, TABLE),
    'FOREIGN KEY (a) REFERENCES p (id) DEFERRABLE NOT VALID',
  ],
  [
    sql.unique({
      name: 'Ü',
      columns: ['a', 'select'],
      include: ['b'],
      nullsNotDistinct: true,
      deferrable: 'deferred',
    }),
    'CONSTRAINT "Ü" UNIQUE NULLS NOT DISTINCT (a, "select") INCLUDE (b) DEFERRABLE INITIALLY DEFERRED',
  ],
  [
    sql.createIndex(
      {
        name: 'i',
        keys: [{ column: 'a' }],
        unique: true,
        where: 'a > 0',
        using: 'gin',
        nullsNotDistinct: true,
        with: { fastupdate: false },
        tablespace: 'fast',
      },
      TABLE,
      { concurrently: true, ifNotExists: true },
    ),
    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON app.t USING gin (a) NULLS NOT DISTINCT WITH (fastupdate = false) TABLESPACE fast WHERE a > 0',
  ],
  [
    sql.createView({
      name: 'v',
      query: 'SELECT 1;\n',
      columns: ['one'],
      securityInvoker: true,
      checkOption: 'local',
    }, { orReplace: true }),
    'CREATE OR REPLACE VIEW v (one) WITH (security_invoker = true) AS SELECT 1 WITH LOCAL CHECK OPTION',
  ],
  [
    sql.createSequence({
      schema: 'app',
      name: 's',
      type: 'integer',
      start: 5,
      ownedBy: { table: 't', column: 'id' },
    }),
    'CREATE SEQUENCE app.s AS INTEGER START WITH 5 OWNED BY app.t.id',
  ],
  [sql.default({ literal: 1 }, { kind: 'boolean' }), 'true'],
  [sql.default({ literal: 1 }, { kind: 'text' }), `'1'`],
  [sql.default({ expression: 'now()' }, { kind: 'timestamptz' }), 'now()'],
]

for (const [is, text] of SPELLED) Deno.test(text, () => assert.equal(is, text))

Deno.test('ON CONFLICT and the character U+0000 are refused', () => {
  const refused = (work: () => unknown) => assert.throws(work, ProblemError)
  refused(() => sql.primaryKey({ name: 'p', columns: ['a'], onConflict: 'replace' }))
  refused(() => sql.unique({ name: 'u', columns: ['a'], onConflict: 'ignore' }))
  refused(() => sql.literal('a\0b'))
})

Deno.test('literals arrive as they are, whatever standard_conforming_strings says', () =>
  withPostgres((url) =>
    withConnection(url, async (connection) => {
      const values: readonly Scalar[] = [
        `it's`,
        'a\\b',
        `\\'; DROP TABLE t --`,
        'é€😀\n',
        '',
        1.5,
        -7,
        1e300,
        true,
        null,
      ]
      for (const setting of ['on', 'off']) {
        await connection.run([`SET standard_conforming_strings = ${setting}`])
        const list = values.map((value, i) => `${sql.literal(value)} AS c${i}`).join(', ')
        const [row] = await connection.query(`SELECT ${list}`)
        assert.deepEqual(
          values.map((_, i) => row?.[`c${i}`]),
          values.map((value) =>
            value === 1e300
              ? `1${'0'.repeat(300)}`
              : typeof value === 'number' && !Number.isInteger(value)
              ? String(value)
              : value
          ),
        )
      }
    })
  ))

for (const version of [18, 14] as const) {
  Deno.test(`PostgreSQL ${version} quotes no key word that is not quoted here`, () =>
    withPostgres((url) =>
      withConnection(url, async (connection) => {
        const words = await connection.query(
          `SELECT word FROM pg_get_keywords() WHERE quote_ident(word) LIKE '"%'`,
        )
        assert(words.length > 100)
        assert.deepEqual(words.map((row) => String(row['word'])).filter((word) => !KEYWORDS.has(word)), [])
      }), version))
}
