import assert from 'node:assert/strict'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import type { Connection } from '../../../src/dialect/dialect.ts'
import type { Model, Table } from '../../../src/model/model.ts'
import { ProblemError } from '../../../src/problem.ts'
import { rebuild, rows, tableOf, withDatabase } from './memory.ts'

const SCHEMA = `
create table parents (id integer primary key, name text unique);
create table items (
  id integer primary key autoincrement,
  parent_id integer references parents (id) on delete cascade on update set null,
  upper_id integer references items (id) on delete set null,
  label varchar(20) collate nocase not null default 'none' check (label <> ''),
  price numeric(10, 2) default (1 + 1),
  gross numeric generated always as (price * 2) stored,
  net as (price - 1),
  constraint named_check check (price >= 0),
  constraint named_unique unique (label, price)
);
create index ix_partial on items (label) where price > 1;
create index ix_expression on items (lower(label), price desc);
create unique index ix_unique on items (label collate rtrim desc, id);
create table log (what text);
create trigger items_log after insert on items begin insert into log values (new.label || ';'); end;
create table children (
  id integer primary key, item_id integer not null references items (id) on delete cascade
);
insert into parents values (7, 'p');
insert into items (id, parent_id, upper_id, label, price) values (3, 7, null, 'a', 1.5), (5, 7, 3, 'b', 2), (9, null, 9, 'c', 3);
delete from items where id = 9;
insert into children values (1, 3), (2, 5);
delete from log;
`

/** One column more, which only a rebuild can add at the front. */
function withFirst(table: Table): Table {
  return { ...table, columns: [{ name: 'first', type: { kind: 'text' }, nullable: true }, ...table.columns] }
}

function withoutFirst(model: Model, name: string): Model {
  return {
    ...model,
    tables: model.tables.map((table) =>
      table.name === name
        ? { ...table, columns: table.columns.filter((column) => column.name !== 'first') }
        : table
    ),
  }
}

/** A rebuilt table and its triggers are the newest. */
function byName(model: Model): Model {
  const sorted = <T extends { readonly name: string }>(all: readonly T[]) =>
    [...all].sort((a, b) => a.name < b.name ? -1 : 1)
  return { ...model, tables: sorted(model.tables), triggers: sorted(model.triggers) }
}

/** Rebuilds and checks that the schema is the same but for the new column. */
async function survives(db: Connection, name: string): Promise<void> {
  const before = await sqlite.introspect(db)
  await rebuild(db, name, withFirst)
  const after = await sqlite.introspect(db)
  assert.equal(tableOf(after, name).columns[0]!.name, 'first')
  assert.deepEqual(byName(withoutFirst(after, name)), byName(before))
  assert.deepEqual(await rows(db, 'PRAGMA foreign_keys'), [[1]])
  assert.deepEqual(
    await rows(db, "SELECT name FROM sqlite_schema WHERE name LIKE '\\_limbeck%' ESCAPE '\\'"),
    [],
  )
}

Deno.test('the schema, every row, the counter and the rows that refer to it survive', async () => {
  await withDatabase(SCHEMA, async (db) => {
    const items = await rows(db, 'SELECT id, parent_id, upper_id, label, price, gross, net FROM items')
    await survives(db, 'items')
    assert.deepEqual(
      await rows(db, 'SELECT id, parent_id, upper_id, label, price, gross, net FROM items'),
      items,
    )
    assert.deepEqual(await rows(db, 'SELECT * FROM children'), [[1, 3], [2, 5]])
    assert.deepEqual(await rows(db, 'SELECT * FROM log'), [])
    assert.deepEqual(await rows(db, "SELECT * FROM sqlite_sequence WHERE name LIKE '%items'"), [['items', 9]])
    await db.run(["INSERT INTO items (label) VALUES ('new')"])
    assert.deepEqual(await rows(db, "SELECT id FROM items WHERE label = 'NEW'"), [[10]])
    assert.deepEqual(await rows(db, 'SELECT * FROM log'), [['new;']])
    await db.run(['DELETE FROM items WHERE id = 3'])
    assert.deepEqual(await rows(db, 'SELECT * FROM children'), [[2, 5]])
    assert.deepEqual(await rows(db, 'SELECT upper_id FROM items WHERE id = 5'), [[null]])
  })
})

Deno.test('views on the table, views on those, and triggers elsewhere that write to it survive', async () => {
  const more = `
    create view cheap as select id, label from items where price < 2;
    create view cheapest as select * from cheap limit 1;
    create trigger on_view instead of insert on cheap begin insert into items (label) values (new.label); end;
    create trigger from_log after insert on log when new.what = 'go' begin
      update items set price = 0.5 where id = 5;
    end;`
  await withDatabase(SCHEMA + more, async (db) => {
    await survives(db, 'items')
    assert.deepEqual(await rows(db, "SELECT * FROM sqlite_sequence WHERE name LIKE '%items'"), [['items', 9]])
    await db.run(["INSERT INTO log VALUES ('go')", "INSERT INTO cheap (label) VALUES ('z')"])
    assert.deepEqual(await rows(db, 'SELECT * FROM cheapest'), [[3, 'a']])
    assert.deepEqual(await rows(db, 'SELECT id, price FROM items'), [[3, 1.5], [5, 0.5], [10, 2]])
    assert.deepEqual(await rows(db, 'SELECT * FROM children'), [[1, 3], [2, 5]])
  })
})

Deno.test('STRICT, WITHOUT ROWID and rowids survive', async () => {
  const schema = `
    create table strict_one (a integer not null, b text, c any, primary key (a)) strict;
    create table keyed (a text not null, b blob, primary key (a)) without rowid, strict;
    create table plain (rowid text, a);
    create table downwards (a text, b integer, c text primary key desc, unique (b desc, a)) without rowid;
    insert into downwards values ('x', 1, 'p'), ('y', 1, 'q');
    insert into strict_one values (4, 'x', x'00'), (6, null, 1.5);
    insert into keyed values ('k', x'0102');
    insert into plain (_rowid_, rowid, a) values (17, 'r', 1), (-3, 's', 'two');`
  await withDatabase(schema, async (db) => {
    for (const table of ['strict_one', 'keyed', 'plain', 'downwards']) await survives(db, table)
    assert.deepEqual(await rows(db, 'SELECT a, b, typeof(c) FROM strict_one'), [[4, 'x', 'blob'], [
      6,
      null,
      'real',
    ]])
    assert.deepEqual(await rows(db, 'SELECT c FROM downwards'), [['q'], ['p']])
    assert.deepEqual(await rows(db, 'SELECT a, hex(b) FROM keyed'), [['k', '0102']])
    assert.deepEqual(await rows(db, 'SELECT _rowid_ AS id, "rowid", a FROM plain'), [[-3, 's', 'two'], [
      17,
      'r',
      1,
    ]])
    await db.run(['CREATE VIEW on_plain AS SELECT a FROM plain'])
    await rebuild(db, 'plain', (table) => ({ ...table, checks: [{ name: 'ck', expression: 'a <> 0' }] }))
    assert.deepEqual(await rows(db, 'SELECT _rowid_ AS id, "rowid", a FROM plain'), [[-3, 's', 'two'], [
      17,
      'r',
      1,
    ]])
  })
})

Deno.test('a foreign key that rows violate rolls everything back and names the rows', async () => {
  await withDatabase(SCHEMA, async (db) => {
    const before = await sqlite.introspect(db)
    await db.run([
      'PRAGMA foreign_keys = OFF',
      'INSERT INTO children VALUES (8, 99)',
      'PRAGMA foreign_keys = ON',
    ])
    const key = { name: 'fk', columns: ['item_id'], references: { name: 'parents', columns: ['id'] } }
    await assert.rejects(
      rebuild(db, 'children', (table) => ({ ...table, foreignKeys: [...table.foreignKeys, key] })),
      (error) => {
        assert.ok(error instanceof ProblemError)
        const [problem] = error.problems
        assert.equal(problem!.code, 'foreign-key-violation')
        assert.match(problem!.message, /^3 rows point to nothing/)
        assert.equal(problem!.notes![0], '"children" row 1: (item_id) is not in "parents"')
        return true
      },
    )
    assert.deepEqual(await sqlite.introspect(db), before)
    assert.deepEqual(await rows(db, 'PRAGMA foreign_keys'), [[1]])
    await survives(db, 'children')
    assert.deepEqual(await rows(db, 'SELECT item_id FROM children'), [[3], [5], [99]])
  })
})
