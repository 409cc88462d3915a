import assert from 'node:assert/strict'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import type { Connection } from '../../../src/dialect/dialect.ts'
import { ProblemError } from '../../../src/problem.ts'
import { rebuild, rows, tableOf, withDatabase } from './memory.ts'

/** What the sqlite3 shell takes in a statement, and libSQL in a file alone: `'^` and `^'` become double quotes. */
const SCHEMA = `
create table t (
  id integer primary key, status text check (status in ('^a^', '^it''s^')),
  "odd col" text as (status || '^-^') stored,
  check (status <> "t"."odd col" and "length"(status) < 9 and cast(status as "text") <> '^x"" y^' collate "nocase"),
  check ("ID" < 99 and "rowid" < 99 and '"id"' <> status)
);
create index ix on t (status, (status || '^z^')) where status <> '^true^';
pragma writable_schema = on;
update sqlite_schema set sql = replace(replace(replace(sql, '''^', '"'), '^''', '"'), '''''', '''');
pragma writable_schema = reset;
insert into t (id, status) values (1, 'a'), (3, 'it''s')`

async function withQuotes(more: string, test: (db: Connection) => Promise<void>): Promise<void> {
  await withDatabase(SCHEMA, async (db) => {
    await db.run([more])
    await test(db)
  })
}

Deno.test('what stands in double quotes and is no name is read as the string that it is', async () => {
  await withQuotes('', async (db) => {
    const { checks, columns, indexes } = tableOf(await sqlite.introspect(db), 't')
    assert.deepEqual(checks.map(({ expression }) => expression), [
      `status in ('a', 'it''s')`,
      `status <> "t"."odd col" and "length"(status) < 9 and cast(status as "text") <> 'x" y' collate "nocase"`,
      `"ID" < 99 and "rowid" < 99 and '"id"' <> status`,
    ])
    assert.deepEqual(columns[2]!.generated, { expression: `status || '-'`, stored: true })
    assert.deepEqual(indexes, [
      {
        name: 'ix',
        keys: [{ column: 'status' }, { expression: `status || 'z'` }],
        where: `status <> 'true'`,
      },
    ])
  })
})

Deno.test('a table with strings in double quotes is rebuilt', async () => {
  await withQuotes('', async (db) => {
    const { doubleQuotes, ...before } = tableOf(await sqlite.introspect(db), 't')
    assert.equal(doubleQuotes, true)
    await rebuild(db, 't', (table) => table)
    assert.deepEqual(tableOf(await sqlite.introspect(db), 't'), before)
    assert.deepEqual(await rows(db, 'SELECT id, status, "odd col" FROM t'), [[1, 'a', 'a-'], [
      3,
      `it's`,
      `it's-`,
    ]])
    await assert.rejects(db.run([`INSERT INTO t (status) VALUES ('b')`]), /check|CHECK/)
  })
})

Deno.test('a table beside such a one is rebuilt', async () => {
  await withQuotes('create table u (n); insert into u values (7)', async (db) => {
    await rebuild(db, 'u', (table) => table)
    assert.deepEqual(await rows(db, 'SELECT n FROM u'), [[7]])
  })
})

Deno.test('a table beside a view and a trigger that hold strings in double quotes is rebuilt', async () => {
  const script = `
    create table u (n); insert into u values (7);
    create table w (n);
    create view v as select n as "own", "a" || n as b from w;
    create view by_name as select "own" from v;
    create trigger on_w after insert on w begin update w set n = datetime("now"); end;`
  await withDatabase(script, async (db) => {
    await rebuild(db, 'u', (table) => table)
    await rebuild(db, 'w', (table) => table)
    assert.deepEqual(await rows(db, 'SELECT n FROM u'), [[7]])
    const { views, triggers } = await sqlite.introspect(db)
    assert.deepEqual(views.map(({ query }) => query), [
      'select n as "own", "a" || n as b from w',
      'select "own" from v',
    ])
    assert.deepEqual(triggers.map((one) => 'body' in one && one.body), ['update w set n = datetime("now")'])
  })
})

Deno.test('a string in double quotes may be the name of a table, or of a column of another one', async () => {
  const script = `
    create table u (n); insert into u values (7);
    create table "user" ("admin", n); create table w (kind);
    create view v as select * from w where kind = `
  for (const string of ['"user"', '"admin"']) {
    await withDatabase(script + string, async (db) => {
      await rebuild(db, 'u', (table) => table)
      assert.deepEqual(await rows(db, 'SELECT n FROM u'), [[7]])
    })
  }
})

Deno.test('an empty string in double quotes is one: a table beside such a trigger is rebuilt', async () => {
  const script = `
    create table u (n); insert into u values (7);
    create table w (n, m);
    create trigger on_w after insert on w begin insert into w (n, m) values (new.n, ""); end;`
  await withDatabase(script, async (db) => {
    await rebuild(db, 'u', (table) => table)
    assert.deepEqual(await rows(db, 'SELECT n FROM u'), [[7]])
  })
})

Deno.test('a column is dropped that a view with strings in double quotes does not show', async () => {
  const script = 'create table t (n, m); insert into t values (1, 2); create view v as select "a" || n from t'
  await withDatabase(script, async (db) => {
    await rebuild(db, 't', (table) => ({ ...table, columns: table.columns.slice(0, 1) }))
    assert.deepEqual(await rows(db, 'SELECT * FROM t'), [[1]])
  })
})

Deno.test('names in double quotes are no strings: the table is rebuilt through one copy', async () => {
  const script = `
    create table u (n); create table "w w" ("select" integer);
    create view v as select "select" as "own" from "w w" order by "own";
    create view z as select "a"."select" + 1 "more", count(*) "all" from "w w" "a" order by "more", "all";
    create view x as with "c" as (select 1 as d), "e" as not materialized (select d from "c") select * from "c", "e";
    create view y as with recursive "f" ("g") as (select 1) select "g", sum("g") over "h" from "f" window "h" as ();
    create view t as select "own", "v"."own" + 1 from "w w", "v" where "own" in "w w";
    create trigger "on w" after insert on "w w" when new."select" > 0 begin delete from "w w" where "select" < 0; end;
    create trigger up after update of "select" on "w w" begin update "w w" set "select" = 1;
      insert into "w w" ("select") select raise(abort, "no"); end;`
  await withDatabase(script, async (db) => {
    const model = await sqlite.introspect(db)
    const table = tableOf(model, 'u')
    const statements = sqlite.rebuild!({ before: table, after: table, carry: {}, model })
    assert.ok(statements.some(({ sql }) => /RENAME TO/.test(sql)))
  })
})

Deno.test('a view elsewhere that libSQL cannot read is named before a table can be renamed', async () => {
  const gone = 'create table w (a); create view v as select a from w; drop table w; create table w (b);'
  await withDatabase(`${gone} create table u (n);`, async (db) => {
    await assert.rejects(rebuild(db, 'u', (table) => table), (error) => {
      assert.ok(error instanceof ProblemError)
      assert.equal(error.problems[0]!.message, 'error in view v: no such column: a')
      assert.match(error.problems[0]!.hint!, /^it was so before this: drop it and create it anew/)
      return true
    })
  })
})

Deno.test('an index elsewhere that libSQL cannot read is named before a table can be renamed', async () => {
  await withDatabase(
    `create table w (a); create index i on w (a) where a <> 'x'; create table u (n);`,
    async (db) => {
      const requote = `UPDATE sqlite_schema SET sql = replace(sql, '''x''', '"x"') WHERE name = 'i'`
      await db.run(['PRAGMA writable_schema = ON', requote, 'PRAGMA writable_schema = RESET'])
      await assert.rejects(() => db.run(['ALTER TABLE u RENAME TO v']), (error) => {
        assert.ok(error instanceof ProblemError)
        assert.equal(error.problems[0]!.message, 'error in index i after rename: no such column: x')
        assert.match(error.problems[0]!.hint!, /^it was so before this: drop it and create it anew/)
        return true
      })
    },
  )
})

Deno.test('a check that names its own table is rebuilt', async () => {
  await withDatabase('create table t (n integer, check (t.n > 0)); insert into t values (1)', async (db) => {
    await rebuild(db, 't', (table) => table)
    assert.deepEqual(tableOf(await sqlite.introspect(db), 't').checks[0]!.expression, 't.n > 0')
    assert.deepEqual(await rows(db, 'SELECT n FROM t'), [[1]])
  })
})
