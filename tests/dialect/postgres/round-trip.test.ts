import assert from 'node:assert/strict'
import { postgres } from '../../../src/dialect/postgres/index.ts'
import { sameModel } from '../../../src/model/same.ts'
import { EMPTY } from '../../../src/model/model.ts'
import type { Column, Model, Table } from '../../../src/model/model.ts'
import { withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

const sql = postgres.spelling

/** Everything of a model as statements; enums come first since columns need them. */
function statements(model: Model): string[] {
  return [
    ...model.schemas.map((name) => `CREATE SCHEMA ${sql.name(name)}`),
    ...model.enums.map((one) =>
      `CREATE TYPE ${sql.qualified(one)} AS ENUM (${one.values.map(sql.literal).join(', ')})`
    ),
    ...model.sequences.map(sql.createSequence),
    ...model.tables.map((table) => sql.createTable(table, model)),
    ...model.tables.flatMap((table) => table.indexes.map((index) => sql.createIndex(index, table))),
    ...model.views.map((view) => sql.createView(view)),
  ]
}

function table(name: string, columns: readonly Column[], rest: Partial<Table> = {}): Table {
  return { name, columns, uniques: [], checks: [], foreignKeys: [], excludes: [], indexes: [], ...rest }
}

const id: Column = { name: 'id', type: { kind: 'integer' }, nullable: false }
const a: Column = { name: 'a', type: { kind: 'varchar', length: 20 }, nullable: true }
const r: Column = { name: 'r', type: { kind: 'native', postgres: 'INT4RANGE' }, nullable: true }
const LONG = 'é'.repeat(31)

const MODELS: Readonly<Record<string, Partial<Model>>> = {
  'defaults of every type': {
    enums: [{ name: 'Mood', values: [`it's`, 'o\\k'] }],
    tables: [table('t', [
      { name: 'a', type: { kind: 'text' }, nullable: true, default: { literal: `it's \\ "x"\n` } },
      { name: 'b', type: { kind: 'varchar' }, nullable: true, default: { literal: 5 } },
      { name: 'c', type: { kind: 'integer' }, nullable: true, default: { literal: '-7' } },
      { name: 'd', type: { kind: 'boolean' }, nullable: true, default: { literal: 1 } },
      { name: 'e', type: { kind: 'numeric', precision: 10 }, nullable: true, default: { literal: 1.5 } },
      { name: 'f', type: { kind: 'bigint' }, nullable: true, default: { literal: 9007199254740993n } },
      { name: 'g', type: { kind: 'enum', name: 'Mood' }, nullable: false, default: { literal: `it's` } },
      { name: 'h', type: { kind: 'timestamptz' }, nullable: false, default: { expression: 'now()' } },
      { name: 'i', type: { kind: 'jsonb' }, nullable: true, default: { literal: '{"b":1,"a":2}' } },
      { name: 'j', type: { kind: 'text' }, nullable: true, default: { literal: null } },
      { name: 'k', type: { kind: 'char' }, nullable: true, default: { expression: `upper('x')` } },
      {
        name: 'l',
        type: { kind: 'array', of: { kind: 'text' }, dimensions: 1 },
        nullable: true,
        default: { literal: '{}' },
      },
      { name: 'm', type: { kind: 'real' }, nullable: true, default: { literal: 0.1 } },
      { name: 'n', type: { kind: 'date' }, nullable: true, default: { literal: '2024-02-29' } },
    ])],
  },
  'serial, identity, generated': {
    tables: [table('t', [
      { name: 'id', type: { kind: 'bigint' }, nullable: true, serial: true },
      {
        name: 'n',
        type: { kind: 'smallint' },
        nullable: true,
        identity: { generated: 'always', start: 1, cache: 5, minValue: null },
      },
      {
        name: 'g',
        type: { kind: 'bigint' },
        nullable: true,
        generated: { expression: 'id * 2', stored: true },
      },
    ], { primaryKey: { name: 't_pkey', implicit: true, columns: ['id'] } })],
  },
  'constraints and indexes': {
    tables: [
      table('p', [id, a], { primaryKey: { name: 'p_pkey', implicit: true, columns: ['id'] } }),
      table('t', [id, a, r], {
        uniques: [{ name: 'u', columns: ['a'], include: ['id'], deferrable: 'immediate' }],
        checks: [{ name: 't_check', implicit: true, expression: `a IN ('x', 'y') OR id BETWEEN 1 AND 5` }],
        foreignKeys: [{
          ...{ name: 'f', columns: ['id'], references: { name: 'p', columns: ['id'] } },
          ...{ onDelete: 'cascade', onUpdate: 'restrict', deferrable: 'deferred', match: 'full' },
        }],
        excludes: [{ name: 'x', using: 'gist', elements: [{ column: 'r', with: '&&' }], where: 'id > 0' }],
        indexes: [
          {
            name: 'i',
            keys: [{ expression: 'lower(a)' }, { column: 'id', sort: 'desc', nulls: 'first' }],
            unique: true,
          },
          {
            name: 'j',
            keys: [{ column: 'a', opclass: 'text_pattern_ops' }],
            where: `a LIKE 'x%'`,
          },
          { name: 'k', keys: [{ column: 'a' }], include: ['id'], with: { fillfactor: 70 } },
        ],
        with: { fillfactor: 50 },
      }),
    ],
  },
  'names that need quotes, or are too long': {
    schemas: ['App'],
    tables: [
      { ...table('select', [{ ...id, name: 'Order' }, { ...a, name: LONG }]), schema: 'App' },
      table(LONG, [{ ...id, name: 'a b"c' }], { uniques: [{ name: `u${LONG}${LONG}`, columns: ['a b"c'] }] }),
    ],
  },
  'what SQLite alone has is left out': {
    tables: [table('t', [{ ...id, autoincrement: true }], { strict: true, withoutRowid: true })],
  },
  'tables of other kinds, sequences, views': {
    sequences: [{ name: 's', type: 'bigint', increment: 1, minValue: 1, maxValue: 500, cycle: false }],
    tables: [
      table('part', [id], { partitionBy: 'RANGE (id)' }),
      table('quick', [id, a], { unlogged: true }),
      table('sub', [{ ...a, name: 'more' }], { inherits: ['quick'] }),
    ],
    views: [{ name: 'v', query: 'SELECT id, a FROM quick WHERE id > 1;', checkOption: 'cascaded' }],
  },
}

for (const version of [18, 14] as const) {
  Deno.test(`created and read back on PostgreSQL ${version}`, (test) =>
    withPostgres((url) =>
      withConnection(url, async (connection) => {
        for (const [name, part] of Object.entries(MODELS)) {
          await test.step(name, async () => {
            const model: Model = { ...EMPTY, ...part }
            await connection.begin()
            await connection.run(statements(model))
            assert.deepEqual(
              sameModel(await postgres.introspect(connection), postgres.project(model), postgres),
              [],
            )
            await connection.rollback()
            assert.deepEqual(postgres.project(postgres.project(model)), postgres.project(model))
          })
        }
      }), version))
}
