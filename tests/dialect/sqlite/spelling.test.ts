import assert from 'node:assert/strict'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import { EMPTY } from '../../../src/model/model.ts'
import type { Column, DataType, Model, Table } from '../../../src/model/model.ts'
import { ProblemError } from '../../../src/problem.ts'
import { introspected } from './memory.ts'

const { spelling } = sqlite
const MODEL: Model = {
  ...EMPTY,
  enums: [{ name: 'state', values: ['new', 'started', 'done'] }],
  domains: [{ name: 'email', type: { kind: 'varchar', length: 80 }, nullable: true, checks: [] }],
}

function table(columns: readonly Column[], rest: Partial<Table> = {}): Table {
  return { name: 't', columns, uniques: [], checks: [], foreignKeys: [], excludes: [], indexes: [], ...rest }
}

const TYPES: readonly (readonly [DataType, string])[] = [
  [{ kind: 'varchar', length: 30 }, 'VARCHAR(30)'],
  [{ kind: 'text' }, 'TEXT'],
  [{ kind: 'bigint' }, 'BIGINT'],
  [{ kind: 'double' }, 'DOUBLE'],
  [{ kind: 'numeric', precision: 10, scale: 2 }, 'NUMERIC(10, 2)'],
  [{ kind: 'timestamptz', precision: 3 }, 'DATETIME'],
  [{ kind: 'timetz' }, 'TIME'],
  [{ kind: 'interval' }, 'DATETIME'],
  [{ kind: 'bytea' }, 'BLOB'],
  [{ kind: 'jsonb' }, 'JSON'],
  [{ kind: 'uuid' }, 'CHAR(32)'],
  [{ kind: 'enum', name: 'state' }, 'VARCHAR(7)'],
  [{ kind: 'domain', name: 'email' }, 'VARCHAR(80)'],
  [{ kind: 'native', postgres: 'citext', sqlite: 'text collate nocase' }, 'text collate nocase'],
]

for (const [type, sql] of TYPES) {
  Deno.test(`type ${type.kind} is ${sql}`, () => assert.equal(spelling.type(type, MODEL), sql))
}

Deno.test('a table, as SQLAlchemy lays it out', () => {
  const one = table([
    { name: 'id', type: { kind: 'bigint' }, nullable: false, serial: true },
    { name: 'order', type: { kind: 'enum', name: 'state' }, nullable: false, default: { literal: 'new' } },
    { name: 'made', type: { kind: 'timestamptz' }, nullable: true, default: { expression: 'now()' } },
    { name: 'on', type: { kind: 'boolean' }, nullable: true, default: { literal: false }, comment: 'unsaid' },
  ], {
    primaryKey: { name: 't_pkey', implicit: true, columns: ['id'] },
    checks: [{ name: 'ck', expression: 'id > 0' }],
  })
  assert.equal(
    spelling.createTable(one, MODEL, { ifNotExists: true }),
    `CREATE TABLE IF NOT EXISTS t (
  id INTEGER NOT NULL,
  "order" VARCHAR(7) DEFAULT 'new' NOT NULL,
  made DATETIME DEFAULT (CURRENT_TIMESTAMP),
  "on" BOOLEAN DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT ck CHECK (id > 0)
)`,
  )
})

Deno.test('what SQLite lacks is refused', () => {
  const serial: Column = { name: 'n', type: { kind: 'integer' }, nullable: false, serial: true }
  const array: DataType = { kind: 'array', of: { kind: 'text' }, dimensions: 1 }
  const index = { name: 'ix', keys: [{ column: 'n' }] }
  const refused: Readonly<Record<string, () => unknown>> = {
    'SQLite has no arrays': () => spelling.type(array, MODEL),
    'SQLite has no type "inet"': () => spelling.type({ kind: 'native', postgres: 'inet' }, MODEL),
    'SQLite has no schemas ("app"."t")': () => spelling.qualified({ schema: 'app', name: 't' }),
    'SQLite has no gin indexes': () => spelling.createIndex({ ...index, using: 'gin' }, table([])),
    'SQLite has no INCLUDE columns': () => spelling.createIndex({ ...index, include: ['a'] }, table([])),
    'SQLite has no exclusion constraints ("ex")': () =>
      spelling.exclusion({ name: 'ex', using: 'gist', elements: [] }),
    'SQLite has no deferrable unique constraints': () =>
      spelling.unique({ name: 'u', columns: ['a'], deferrable: 'deferred' }),
    'SQLite numbers rows only in an integer primary key, which "t"."n" is not': () =>
      spelling.createTable(table([serial]), MODEL),
    'a STRICT table has no type "NUMERIC"': () =>
      spelling.createTable(
        table([{ name: 'n', type: { kind: 'numeric' }, nullable: true }], { strict: true }),
        MODEL,
      ),
  }
  for (const [message, spell] of Object.entries(refused)) {
    assert.throws(
      spell,
      (error) => error instanceof ProblemError && error.problems[0]!.message === message,
      message,
    )
  }
})

Deno.test('what is projected is what is read back', async () => {
  const columns = TYPES.slice(0, -1).map(([type], i): Column => ({
    name: `c${i}`,
    type,
    nullable: i % 2 === 0,
  }))
  const id: Column = {
    name: 'id',
    type: { kind: 'smallint' },
    nullable: false,
    identity: { generated: 'always' },
  }
  const model: Model = {
    ...MODEL,
    tables: [table([id, ...columns], {
      comment: 'gone',
      primaryKey: { name: 'pk', columns: ['id'] },
      indexes: [{ name: 'ix', keys: [{ column: 'c0', nulls: 'last', sort: 'desc' }], comment: 'gone' }],
    })],
    views: [{ name: 'v', query: 'SELECT id FROM t;\n', comment: 'gone' }],
  }
  const [one] = model.tables
  const script = [
    spelling.createTable(one!, model),
    spelling.createIndex(one!.indexes[0]!, one!),
    spelling.createView(model.views[0]!),
  ]
  assert.deepEqual(await introspected(script.join(';')), sqlite.project(model))
})

Deno.test('STRICT tables have types of their own', async () => {
  const columns: readonly Column[] = [
    { name: 'a', type: { kind: 'uuid' }, nullable: false },
    { name: 'b', type: { kind: 'boolean' }, nullable: true, default: { literal: true } },
    { name: 'c', type: { kind: 'timestamp' }, nullable: true },
    { name: 'd', type: { kind: 'native', sqlite: 'ANY' }, nullable: true },
  ]
  const model = { ...EMPTY, tables: [table(columns, { strict: true })] }
  const sql = spelling.createTable(model.tables[0]!, model)
  assert.match(sql, /a TEXT NOT NULL,\s+b INTEGER DEFAULT 1,\s+c TEXT,\s+d ANY\s+\) STRICT$/)
  assert.deepEqual(await introspected(sql), sqlite.project(model))
})
