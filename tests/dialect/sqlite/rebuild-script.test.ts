import assert from 'node:assert/strict'
import { createClient } from '@libsql/client'
import type { Client } from '@libsql/client'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import type { ForeignKey, Table } from '../../../src/model/model.ts'
import { introspected, tableOf } from './memory.ts'

const SCHEMA = `
create table parents (id integer primary key);
create table children (id integer primary key, parent_id integer references parents (id) on delete cascade);
insert into parents values (1);
insert into children values (5, 1);`

/** The rebuild of a table as a script. */
async function script(name: string, edit: (table: Table) => Table): Promise<string> {
  const model = await introspected(SCHEMA)
  const before = tableOf(model, name)
  const statements = sqlite.rebuild!({ before, after: edit(before), carry: {}, model })
  const { before: head, after: tail } = sqlite.scriptFrame(true)
  return [...head, ...statements.map(({ sql }) => sql), ...tail].map((sql) => `${sql};\n`).join('')
}

async function withClient(test: (client: Client) => Promise<void>): Promise<void> {
  const client = createClient({ url: 'file::memory:' })
  try {
    await client.executeMultiple(SCHEMA)
    await test(client)
  } finally {
    client.close()
  }
}

Deno.test('a script rebuilds a table that others refer to', async () => {
  const text = await script('parents', (table) => ({
    ...table,
    columns: [...table.columns, {
      name: 'name',
      type: { kind: 'text' },
      nullable: false,
      default: { literal: '' },
    }],
  }))
  await withClient(async (client) => {
    await client.executeMultiple(text)
    const { rows } = await client.execute('SELECT parent_id, name FROM children, parents')
    assert.deepEqual(rows.map((row) => ({ ...row })), [{ parent_id: 1, name: '' }])
    assert.deepEqual({ ...(await client.execute('PRAGMA foreign_keys')).rows[0] }, { foreign_keys: 1 })
  })
})

Deno.test('a script rolls back when rows violate a new foreign key, but not for those that did before', async () => {
  const key: ForeignKey = { name: 'fk', columns: ['id'], references: { name: 'parents', columns: ['id'] } }
  const text = await script('children', (table) => ({ ...table, foreignKeys: [...table.foreignKeys, key] }))
  await withClient(async (client) => {
    await assert.rejects(client.executeMultiple(text), /foreign_keys_violated/)
    const { rows } = await client.execute("SELECT sql FROM sqlite_schema WHERE name = 'children'")
    assert.doesNotMatch(String(rows[0]!.sql), /fk/)
    await client.executeMultiple(
      'PRAGMA foreign_keys = OFF; DELETE FROM parents; INSERT INTO parents VALUES (5)',
    )
    await client.executeMultiple(text)
    const { rows: after } = await client.execute("SELECT sql FROM sqlite_schema WHERE name = 'children'")
    assert.match(String(after[0]!.sql), /fk/)
  })
})
