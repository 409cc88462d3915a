import assert from 'node:assert/strict'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import type { Model } from '../../../src/model/model.ts'
import { EMPTY } from '../../../src/model/model.ts'
import { definitionOf } from '../../../src/ops/index.ts'
import type { Operation } from '../../../src/ops/index.ts'
import { perform } from '../../support/database.ts'
import { tableOf, withDatabase } from './memory.ts'

const MADE: readonly Operation[] = [
  {
    op: 'create_table',
    name: 'users',
    columns: [
      { name: 'id', type: 'integer', primary_key: true },
      { name: 'born', type: 'timestamptz', comment: 'only a model knows' },
    ],
    indexes: [{ name: 'ix_born', columns: ['born'] }],
  },
  {
    op: 'create_table',
    name: 'posts',
    columns: [{ name: 'by', type: 'integer', references: { table: 'users', column: 'id' } }],
  },
]

/** A database as operations make it, changed by SQL, and read with what they make as a hint. */
async function read(sql: readonly string[], operations = MADE): Promise<{ hint: Model; found: Model }> {
  const hint = operations.reduce((model, one) => definitionOf(one).apply(one, model), EMPTY)
  let found: Model | undefined
  await withDatabase('', async (connection) => {
    await perform({ dialect: sqlite, connection, inTransaction: false }, operations, EMPTY)
    await connection.run(sql)
    found = await sqlite.introspect(connection, { likely: () => Promise.resolve(hint) })
  })
  return { hint, found: found! }
}

Deno.test('tables that are as they are expected are taken, not read', async () => {
  const { hint, found } = await read([])
  assert.deepEqual(found.tables.map((one, i) => one === hint.tables[i]), [true, true])
})

Deno.test('a table that was renamed is still known by its text', async () => {
  const { hint, found } = await read(['ALTER TABLE posts RENAME TO p', 'ALTER TABLE p RENAME TO posts'])
  assert.equal(tableOf(found, 'posts'), tableOf(hint, 'posts'))
})

const CHANGES: Readonly<Record<string, string>> = {
  'a column more': 'ALTER TABLE users ADD COLUMN a TEXT',
  'a column renamed': 'ALTER TABLE users RENAME COLUMN born TO b',
  'an index more': 'CREATE INDEX other ON users (id)',
  'an index less': 'DROP INDEX ix_born',
  'an index otherwise': 'DROP INDEX ix_born; CREATE UNIQUE INDEX ix_born ON users (born)',
  'an index on another table': 'DROP INDEX ix_born; CREATE INDEX ix_born ON posts ("by")',
  'another table of that name': 'DROP TABLE users; CREATE TABLE users (id INTEGER NOT NULL, born TEXT)',
}

for (const [what, sql] of Object.entries(CHANGES)) {
  Deno.test(`what is otherwise is read: ${what}`, async () => {
    const { hint, found } = await read(sql.split('; '))
    assert.notEqual(tableOf(found, 'users'), tableOf(hint, 'users'))
    assert.equal(tableOf(found, 'users').columns[0]!.name, 'id')
  })
}

Deno.test('a table that is read finds the key of one that is not', async () => {
  const { hint, found } = await read([
    'CREATE TABLE likes (u REFERENCES users, CONSTRAINT users_pkey UNIQUE (u))',
  ])
  assert.equal(tableOf(found, 'users'), tableOf(hint, 'users'))
  assert.deepEqual(tableOf(found, 'likes').foreignKeys.map((one) => one.references.columns), [['id']])
})

Deno.test('what only a model knows is read as SQLite has it: an enum', async () => {
  const { found } = await read([], [
    { op: 'create_table', name: 't', columns: [{ name: 'a', type: { enum: ['x'], name: 'e' } }] },
  ])
  assert.deepEqual(tableOf(found, 't').columns[0]!.type, { kind: 'varchar', length: 1 })
})
