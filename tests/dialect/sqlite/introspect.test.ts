import assert from 'node:assert/strict'
import type { DefinedTrigger, Table } from '../../../src/model/model.ts'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import type { Connection } from '../../../src/dialect/dialect.ts'
import { introspected, tableOf, withDatabase } from './memory.ts'

const HARD = `
create table if not exists "Parent" (
  id integer primary key autoincrement,
  [odd name] varchar ( 30 ) default 'x''y' not null on conflict replace,
  n numeric(10,2) default -1.5, unique(n), constraint both unique ("odd name", N)
);
create table child (
  id INT primary key, -- a comment, with ( paren
  pid integer constraint fk_p references parent on delete cascade deferrable initially deferred,
  a text collate nocase check (a <> '' and a is not null) unique on conflict ignore,
  b double precision generated always as (pid * 2) stored, c as (pid + 1),
  d datetime default current_timestamp, e default (1), f bool default true, u char(32),
  g unsigned big int default 0x10,
  constraint ck check (pid > 0), check (pid < 10 or a = 'z'),
  foreign key (a, b) references "parent" ("odd name", n) on update set null match full
);
create unique index ix1 on child (a collate rtrim desc, lower(a), (pid + 1)) where a is not null and pid > 3;
create view v (x, y) as select id, pid from child where a = ';';
create trigger if not exists tr after insert on child begin
  update child set a = 'q' where id = new.id; delete from child where 0;
end;
create table wr (a text, b blob, primary key (a, b)) without rowid, strict;
create table "select" ("from" "weird type", "order", key "VARCHAR"(9));
create table ctas as select 1 as a, 'x' as b;
`

Deno.test('columns: types, defaults, collations, conflict clauses and generated columns', async () => {
  const child = tableOf(await introspected(HARD), 'child')
  assert.deepEqual(child.columns, [
    { name: 'id', type: { kind: 'native', sqlite: 'INT' }, nullable: true },
    { name: 'pid', type: { kind: 'integer' }, nullable: true },
    { name: 'a', type: { kind: 'text' }, nullable: true, collation: 'nocase' },
    {
      name: 'b',
      type: { kind: 'double' },
      nullable: true,
      generated: { expression: 'pid * 2', stored: true },
    },
    {
      name: 'c',
      type: { kind: 'native', sqlite: '' },
      nullable: true,
      generated: { expression: 'pid + 1', stored: false },
    },
    {
      name: 'd',
      type: { kind: 'timestamp' },
      nullable: true,
      default: { expression: 'CURRENT_TIMESTAMP' },
    },
    { name: 'e', type: { kind: 'native', sqlite: '' }, nullable: true, default: { literal: 1 } },
    { name: 'f', type: { kind: 'boolean' }, nullable: true, default: { literal: true } },
    { name: 'u', type: { kind: 'uuid' }, nullable: true },
    {
      name: 'g',
      type: { kind: 'native', sqlite: 'unsigned big int' },
      nullable: true,
      default: { expression: '0x10' },
    },
  ])
})

Deno.test('constraints: named and unnamed, of columns and of the table', async () => {
  const model = await introspected(HARD)
  const child = tableOf(model, 'child')
  assert.deepEqual(child.primaryKey, { name: 'child_pkey', implicit: true, columns: ['id'] })
  assert.deepEqual(child.uniques, [
    { name: 'child_a_key', implicit: true, columns: ['a'], onConflict: 'ignore' },
  ])
  assert.deepEqual(child.checks, [
    { name: 'child_a_check', implicit: true, expression: "a <> '' and a is not null" },
    { name: 'ck', expression: 'pid > 0' },
    { name: 'child_check', implicit: true, expression: "pid < 10 or a = 'z'" },
  ])
  assert.deepEqual(child.foreignKeys, [
    {
      name: 'fk_p',
      columns: ['pid'],
      references: { name: 'Parent', columns: ['id'] },
      onDelete: 'cascade',
      deferrable: 'deferred',
    },
    {
      name: 'child_a_b_fkey',
      implicit: true,
      columns: ['a', 'b'],
      references: { name: 'Parent', columns: ['odd name', 'n'] },
      onUpdate: 'set_null',
      match: 'full',
    },
  ])
  assert.deepEqual(tableOf(model, 'Parent').uniques[1], { name: 'both', columns: ['odd name', 'n'] })
})

Deno.test('indexes, views and triggers', async () => {
  const model = await introspected(HARD)
  assert.deepEqual(tableOf(model, 'child').indexes, [{
    name: 'ix1',
    keys: [{ column: 'a', collation: 'rtrim', sort: 'desc' }, { expression: 'lower(a)' }, {
      expression: 'pid + 1',
    }],
    unique: true,
    where: 'a is not null and pid > 3',
  }])
  assert.deepEqual(model.views, [
    { name: 'v', columns: ['x', 'y'], query: "select id, pid from child where a = ';'" },
  ])
  assert.equal(model.triggers.length, 1)
  assert.deepEqual(model.triggers[0], {
    name: 'tr',
    table: 'child',
    timing: 'after',
    events: [{ event: 'insert' }],
    body: "update child set a = 'q' where id = new.id; delete from child where 0",
  })
})

Deno.test('odd names, types and tables', async () => {
  const model = await introspected(HARD)
  assert.deepEqual(tableOf(model, 'select').columns.map(({ name, type }) => [name, type]), [
    ['from', { kind: 'native', sqlite: '"weird type"' }],
    ['order', { kind: 'native', sqlite: '' }],
    ['key', { kind: 'varchar', length: 9 }],
  ])
  const wr = tableOf(model, 'wr')
  assert.deepEqual([wr.strict, wr.withoutRowid, wr.columns.map(({ nullable }) => nullable)], [true, true, [
    false,
    false,
  ]])
  assert.deepEqual(tableOf(model, 'ctas').columns.map(({ name }) => name), ['a', 'b'])
})

Deno.test('what is read, spelled and read again is the same, and is what the model projects to', async () => {
  const first = await introspected(HARD)
  assert.deepEqual(sqlite.project(first), { ...first, tables: first.tables.map(withWholeKey) })
  const script = [
    ...first.tables.flatMap((table) => [
      sqlite.spelling.createTable(table, first),
      ...table.indexes.map((index) => sqlite.spelling.createIndex(index, table)),
    ]),
    ...first.views.map((view) => sqlite.spelling.createView(view)),
    ...first.triggers.map((trigger) => sqlite.spelling.createTrigger(trigger)),
  ]
  assert.deepEqual(await introspected(script.join(';\n')), first)
})

Deno.test('what the model cannot say is told', async () => {
  const model = await introspected(`
    create table a (x integer primary key desc);
    create table b (x text, y text, unique (x collate nocase, y desc));
    create table c (x text constraint must not null, y integer references a (x) match partial);
    create table d (x) random rowid;
    create table e (x integer references absent, y integer references absent (id))`)
  assert.deepEqual(model.tables.map(({ unmanaged }) => unmanaged), [
    ['DESC in the primary key'],
    ['COLLATE nocase in the unique constraint'],
    ['the name "must" of NOT NULL', 'MATCH PARTIAL of a foreign key'],
    ['the table option random rowid'],
    ['REFERENCES "absent" without columns, a table without a primary key'],
  ])
  assert.deepEqual(tableOf(model, 'e').foreignKeys.map(({ columns }) => columns), [['y']])
})

Deno.test('virtual, shadow and internal tables and exceptions are left out', async () => {
  await withDatabase(
    `create virtual table docs using fts5 (body); create table docs_extra (a);
     create table kept (id integer primary key autoincrement); create table alembic_version (a);
     create index ix_alembic on alembic_version (a);
     create trigger tr after insert on alembic_version begin delete from kept; end`,
    async (db) => {
      const model = await sqlite.introspect(db, { except: [{ name: 'alembic_version' }] })
      assert.deepEqual(model.tables.map(({ name }) => name), ['docs_extra', 'kept'])
      assert.deepEqual(model.triggers, [])
      assert.equal(await sqlite.hasTable(db, { name: 'Alembic_Version' }), true)
      assert.equal(await sqlite.hasTable(db, { name: 'nothing' }), false)
    },
  )
})

Deno.test('columns added later and renamed tables are read from the text that SQLite edits', async () => {
  const model = await introspected(`
    create table t (a integer primary key, b text);
    alter table t add column "c d" varchar(3) default 'x' references t (a) on delete set null;
    alter table t rename column b to "b b";
    alter table t rename to "t t";
    alter table "t t" add e as (a + 1)`)
  const table = tableOf(model, 't t')
  assert.deepEqual(table.columns.map(({ name }) => name), ['a', 'b b', 'c d', 'e'])
  assert.deepEqual(table.foreignKeys[0]!.references, { name: 't t', columns: ['a'] })
  assert.equal(table.foreignKeys[0]!.onDelete, 'set_null')
})

Deno.test('the names of unnamed constraints avoid those in use', async () => {
  const model = await introspected(`
    create table t_a_key (x);
    create table t (a unique, b check (b > 0), check (b < 9), constraint t_b_check1 check (a))`)
  const table = tableOf(model, 't')
  assert.equal(table.uniques[0]!.name, 't_a_key1')
  assert.deepEqual(table.checks.map(({ name }) => name), ['t_b_check', 't_b_check2', 't_b_check1'])
})

Deno.test('comments in the text are not taken into expressions', async () => {
  const model = await introspected(`
    create table t (a int check (a > 0 -- positive
    ), b text default (1 + /* x */ 2 /* y */));
    create index ix on t (a /* k */) where a > 1 -- large
    ;`)
  const table = tableOf(model, 't')
  assert.equal(table.checks[0]!.expression, 'a > 0')
  assert.deepEqual(table.columns[1]!.default, { expression: '1 + /* x */ 2' })
  assert.deepEqual(table.indexes, [{ name: 'ix', keys: [{ column: 'a' }], where: 'a > 1' }])
})

Deno.test('a text that cannot be read is read by the pragmas, and the table is never rebuilt', async () => {
  const script = `
    create table p (x integer primary key);
    create table t (a text not null default 'x', b integer references p (x) on delete cascade, primary key (a));`
  await withDatabase(script, async (db) => {
    const odd = {
      ...db,
      query: async (sql: string) => {
        const rows = await db.query(sql)
        return rows.map((row) => row.name === 't' && row.sql ? { ...row, sql: 'CREATE TABLE ~' } : row)
      },
    } as Connection
    const table = tableOf(await sqlite.introspect(odd), 't')
    const { unmanaged, ...rest } = table
    assert.deepEqual(unmanaged, ['its CREATE TABLE text, which could not be read'])
    assert.deepEqual(rest, tableOf(await sqlite.introspect(db), 't'))
  })
})

Deno.test('triggers name their table and its columns as those are spelled', async () => {
  const { triggers } = await introspected(`
    create table Users (Id integer primary key, eMail text); create view Mails as select eMail from Users;
    create trigger a after update of EMAIL, id on USERS begin select 1; end;
    create trigger b instead of delete on mails begin select 1; end`)
  assert.deepEqual(triggers.map(({ table }) => table), ['Users', 'Mails'])
  assert.deepEqual((triggers[0] as DefinedTrigger).events, [{ event: 'update', of: ['eMail', 'Id'] }])
})

Deno.test('what has no name is no part of the model, and named as such', async () => {
  const model = await introspected(`
    create table t (id integer primary key, "" text constraint "" check (id > 0), unique (id, ""), unique (id));
    create table u (id integer primary key references t (""));
    create index "" on t (id); create trigger "" after insert on u begin select 1; end;
  `)
  const [t, u] = [tableOf(model, 't'), tableOf(model, 'u')]
  assert.deepEqual(t.columns.map(({ name }) => name), ['id'])
  assert.deepEqual(t.checks.map(({ name }) => name), ['t_id_check'])
  assert.deepEqual(t.uniques.map(({ columns }) => columns), [['id']])
  assert.deepEqual(t.unmanaged, ['the column ""', 'a constraint over a column ""', 'the index ""'])
  assert.deepEqual([u.foreignKeys, u.unmanaged], [[], ['a constraint over a column ""']])
  assert.deepEqual([model.tables.length, model.unmanaged], [2, [{ what: 'trigger ""' }]])
})

Deno.test('a thousand tables are read in one round trip', async () => {
  const script = Array.from(
    { length: 1000 },
    (_, i) =>
      `create table table_${i} (id integer not null, name varchar(30) default 'x' not null, made datetime,
       parent integer references table_${
        Math.max(0, i - 1)
      } (id) on delete cascade, primary key (id), unique (name));
     create index ix_${i} on table_${i} (made desc) where name <> 'x';`,
  ).join('\n')
  await withDatabase(script, async (db) => {
    let queries = 0
    const counting = { ...db, query: (sql: string) => (queries++, db.query(sql)) } as Connection
    const model = await sqlite.introspect(counting)
    assert.deepEqual([model.tables.length, queries], [1000, 1])
  })
})

/** SQLite may hold NULL in a primary key; no model can ask for that. */
function withWholeKey(table: Table): Table {
  const columns = table.columns.map((one) =>
    table.primaryKey?.columns.includes(one.name) ? { ...one, nullable: false } : one
  )
  return { ...table, columns }
}
