/** Full-text tables over others: what they read by its name does not go away unsaid. */
import assert from 'node:assert/strict'
import { onSqlite } from '../support/project.ts'

const TABLE = `upgrade:
  - create_table:
      name: docs
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: title, type: text }
        - { name: body, type: text }
  - bulk_insert: { table: docs, rows: [{ id: 1, title: one, body: first }, { id: 7, title: two, body: second }] }
`
const search = (title: string, table = 'docs') =>
  `  - execute: { sql: "CREATE VIRTUAL TABLE docs_fts USING fts5 (${title}, body, content='${table}', content_rowid='id')" }
  - execute: { sql: "INSERT INTO docs_fts (docs_fts) VALUES ('rebuild')" }\n`
const DROP = '  - execute: { sql: DROP TABLE docs_fts }\n'
const TABLES = `${TABLE}${search('title')}downgrade: { irreversible: no }\n`

const changes: Readonly<Record<string, readonly [change: string, why: RegExp, now: string]>> = {
  'a column that is renamed': [
    '  - rename_column: { table: docs, column: title, new_name: name }\n',
    /no such column: T\.title/,
    search('name'),
  ],
  'a column that is dropped': [
    '  - drop_column: { table: docs, column: title }\n',
    /no such column: T\.title/,
    "  - execute: { sql: \"CREATE VIRTUAL TABLE docs_fts USING fts5 (body, content='docs', content_rowid='id')\" }\n",
  ],
  'a column that a rebuild drops': [
    '  - alter_column: { table: docs, column: body, nullable: false }\n' +
    '  - drop_column: { table: docs, column: title }\n',
    /no such column: T\.title/,
    "  - execute: { sql: \"CREATE VIRTUAL TABLE docs_fts USING fts5 (body, content='docs', content_rowid='id')\" }\n",
  ],
  'a table that is renamed': [
    '  - rename_table: { name: docs, new_name: papers }\n',
    /no such table: main\.docs/,
    search('title', 'papers'),
  ],
  'a table that is dropped by SQL': [
    '  - execute: { sql: DROP TABLE docs }\n',
    /no such table: main\.docs/,
    '  - execute: { sql: CREATE VIRTUAL TABLE docs_fts USING fts5 (title) }\n',
  ],
}

const headers = { '': '', ', without a transaction, too': 'transaction: none\n' }

for (const [more, header] of Object.entries(headers)) {
  for (const [what, [change, why, now]] of Object.entries(changes)) {
    const r2 = (operations: string) => `${header}upgrade:\n${operations}downgrade: []\n`

    Deno.test(`${what} while a full-text table reads it is told, and nothing is done${more}`, () =>
      onSqlite({ r1: TABLES, r2: r2(change) }, async ({ done, run, sql }) => {
        await done('upgrade', 'r1')
        const { code, stderr } = await run('upgrade', 'head')
        assert.equal(code, 1, stderr)
        assert.match(stderr, /full-text-broken.*"docs_fts" cannot be read/)
        assert.match(stderr, why)
        assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r1'])
        assert.deepEqual(await sql("SELECT rowid, title FROM docs_fts('two OR first')"), ['1 one', '7 two'])
      }))

    Deno.test(`${what} is no matter to a full-text table that is made anew${more}`, () =>
      onSqlite({ r1: TABLES, r2: r2(`${DROP}${change}${now}`) }, async ({ done, sql }) => {
        await done('upgrade', 'head')
        assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r2'])
        await sql('SELECT * FROM docs_fts')
      }))
  }
}

Deno.test('a full-text table may be made anew at the end of a transaction that takes away what it reads', () => {
  const [change, , now] = changes['a column that is renamed']!
  const r2 = `upgrade:\n${change}${DROP}${now}downgrade: []\n`
  return onSqlite({ r1: TABLES, r2 }, async ({ done, sql }) => {
    await done('upgrade', 'head')
    await sql('SELECT * FROM docs_fts')
  })
})

Deno.test('a full-text table that could not be read before is no matter', () =>
  onSqlite({
    r1: TABLES,
    r2: 'upgrade:\n  - rename_column: { table: docs, column: body, new_name: text }\n',
  }, async ({ done, sql }) => {
    await done('upgrade', 'r1')
    await sql('ALTER TABLE docs RENAME COLUMN title TO name')
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT text FROM docs'), ['first', 'second'])
  }))

Deno.test('a full-text table of FTS4 is looked after, too', () =>
  onSqlite({
    r1:
      `${TABLE}  - execute: { sql: "CREATE VIRTUAL TABLE docs_fts USING fts4 (content='docs', title, body)" }\n` +
      'downgrade: { irreversible: no }\n',
    r2: 'upgrade:\n  - rename_column: { table: docs, column: body, new_name: text }\n',
  }, async ({ run }) => {
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1, stderr)
    assert.match(stderr, /full-text-broken/)
  }))
