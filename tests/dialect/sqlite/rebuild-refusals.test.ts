import assert from 'node:assert/strict'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import type { Connection } from '../../../src/dialect/dialect.ts'
import type { Column, DataType, Table } from '../../../src/model/model.ts'
import { ProblemError } from '../../../src/problem.ts'
import { rebuild, rows, tableOf, withDatabase } from './memory.ts'

function without(column: string) {
  return (table: Table): Table => ({ ...table, columns: table.columns.filter(({ name }) => name !== column) })
}

function changed(column: string, change: Partial<Column>) {
  return (table: Table): Table => ({
    ...table,
    columns: table.columns.map((one) => one.name === column ? { ...one, ...change } : one),
  })
}

async function refused(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(() => undefined, (error: unknown) => error)
  assert.ok(error instanceof ProblemError)
  return error.problems[0]!
}

Deno.test('a dropped column that is still used is refused, naming who uses it', async () => {
  const script = `
    create table t (a integer primary key, b text, c text, d text, e text, f as (e), g text check (g <> ''),
      h text unique);
    create index ix on t (lower(c));
    create table o (x text references t (h));
    create trigger tr after update of d on t begin select 1; end;
    create trigger far after insert on o begin update t set b = new.x where a = 1; end;`
  const users = {
    b: 'the trigger "far"',
    c: 'the index "ix"',
    d: 'the trigger "tr"',
    e: 'the generated column "f"',
  }
  const constrained = { g: 'the constraint "t_g_check"', h: 'the constraint "t_h_key"' }
  await withDatabase(script, async (db) => {
    for (const [column, user] of Object.entries({ ...users, ...constrained })) {
      const problem = await refused(rebuild(db, 't', without(column)))
      assert.deepEqual([problem.code, problem.message], [
        'column-in-use',
        `the column "t"."${column}" cannot be dropped: ${user} uses it`,
      ])
    }
    const bare = (table: Table) => ({ ...without('h')(table), uniques: [] })
    const problem = await refused(rebuild(db, 't', bare))
    assert.match(problem.message, /the foreign key "o_x_fkey" of "o" uses it/)
  })
})

Deno.test('a view that uses a dropped column stops the rebuild', async () => {
  await withDatabase('create table t (a, b); create view v as select b from t;', async (db) => {
    const before = await sqlite.introspect(db)
    const problem = await refused(rebuild(db, 't', without('b')))
    assert.deepEqual([problem.code, problem.message], ['sql-failed', 'no such column: b'])
    assert.deepEqual(await sqlite.introspect(db), before)
    await rebuild(db, 't', without('a'))
    assert.deepEqual(await rows(db, 'SELECT * FROM v'), [])
  })
})

Deno.test('a table with what the model cannot say is not rebuilt', async () => {
  await withDatabase('create table t (a integer primary key desc, b)', async (db) => {
    const problem = await refused(rebuild(db, 't', without('b')))
    assert.equal(problem.message, 'the table "t" cannot be rebuilt: that would lose DESC in the primary key')
  })
})

Deno.test('NULL in a column that becomes NOT NULL fails by the name of the table, unless carry covers it', async () => {
  await withDatabase(
    "create table t (a integer primary key, b text); insert into t values (1, null), (2, 'x')",
    async (db) => {
      const notNull = changed('b', { nullable: false })
      const problem = await refused(rebuild(db, 't', notNull))
      assert.equal(problem.message, 'NOT NULL constraint failed: t.b')
      await rebuild(db, 't', notNull, { b: "coalesce(b, 'none')" })
      assert.deepEqual(await rows(db, 'SELECT * FROM t'), [[1, 'none'], [2, 'x']])
    },
  )
})

Deno.test('a conflict clause does not make rows vanish in the copy', async () => {
  await withDatabase('create table t (a); insert into t values (1), (1)', async (db) => {
    const unique = { name: 'u', columns: ['a'], onConflict: 'replace' } as const
    const problem = await refused(rebuild(db, 't', (table) => ({ ...table, uniques: [unique] })))
    assert.equal(problem.message, 'UNIQUE constraint failed: t.a')
    assert.deepEqual(await rows(db, 'SELECT a FROM t'), [[1], [1]])
  })
})

async function retyped(db: Connection, type: DataType): Promise<readonly unknown[][]> {
  await rebuild(db, 't', changed('a', { type }))
  return await rows(db, 'SELECT a, typeof(a) AS type FROM t')
}

Deno.test('values change their type without loss', async () => {
  const script =
    "create table t (a text); insert into t values ('12'), ('1.5'), ('no'), ('2024-01-31'), (null)"
  await withDatabase(script, async (db) => {
    assert.deepEqual(await retyped(db, { kind: 'integer' }), [
      [12, 'integer'],
      [1.5, 'real'],
      ['no', 'text'],
      ['2024-01-31', 'text'],
      [null, 'null'],
    ])
    assert.deepEqual((await retyped(db, { kind: 'timestamp' }))[3], ['2024-01-31', 'text'])
    assert.deepEqual((await retyped(db, { kind: 'text' }))[0], ['12', 'text'])
    await db.run(["DELETE FROM t WHERE a <> '1.5'"])
    await retyped(db, { kind: 'real' })
    assert.deepEqual((await retyped(db, { kind: 'integer' }))[0], [2, 'integer'])
  })
})

Deno.test('numbers become whole ones as on PostgreSQL, and what is no such number stays', async () => {
  const script =
    "create table t (a numeric); insert into t values (1.9), (-2.5), ('zz'), (1e20), (x'41'), (7), (null)"
  await withDatabase(script, async (db) => {
    assert.deepEqual((await retyped(db, { kind: 'bigint' })).map(([value, type]) => [String(value), type]), [
      ['2', 'integer'],
      ['-3', 'integer'],
      ['zz', 'text'],
      ['100000000000000000000', 'real'],
      [String(new Uint8Array([0x41]).buffer), 'blob'],
      ['7', 'integer'],
      ['null', 'null'],
    ])
  })
})

Deno.test('bytes that are text become text, and what no reader could read stays bytes', async () => {
  const text = ['', '4142', 'C3A9', 'E282AC41F09F9880', 'EFBFBD']
  const bytes = [
    '00',
    '410042',
    'FF00C3',
    '41C3',
    'C341',
    'F09F98',
    'A9',
    'C0AF',
    'EDA080',
    'E29898A9',
    'F4908080',
  ]
  const values = [...text, ...bytes].map((hex) => `(x'${hex}')`).join(', ')
  await withDatabase(
    `create table t (a blob); insert into t values ${values}, (null), (12), ('é')`,
    async (db) => {
      await retyped(db, { kind: 'varchar', length: 9 })
      assert.deepEqual(await rows(db, 'SELECT hex(a), typeof(a) FROM t'), [
        ...text.map((hex) => [hex, 'text']),
        ...bytes.map((hex) => [hex, 'blob']),
        ['', 'null'],
        ['3132', 'text'],
        ['C3A9', 'text'],
      ])
    },
  )
})

Deno.test('numbers become text with all their digits, and bytes among them stay bytes', async () => {
  const numbers = [0.1 + 0.2, 1.5, 123456789.123456789, 1e15 + 0.5, Number.MAX_VALUE, 5e-324, -1e300]
  const values = numbers.map((number) => `(${number})`).join(', ')
  for (const column of ['numeric', 'double', 'int', 'blob']) {
    await withDatabase(
      `create table t (a ${column}); insert into t values ${values}, (x'00ff'), (x'c328'), ('zz'), (null)`,
      async (db) => {
        const kept = await rows(db, 'SELECT hex(a), typeof(a) FROM t LIMIT 4 OFFSET 7')
        await retyped(db, { kind: 'text' })
        assert.deepEqual(await rows(db, 'SELECT hex(a), typeof(a) FROM t LIMIT 4 OFFSET 7'), kept)
        await retyped(db, { kind: 'double' })
        assert.deepEqual(await rows(db, 'SELECT a FROM t LIMIT 7'), numbers.map((number) => [number]))
      },
    )
  }
})

Deno.test('an enum that comes with the change is looked up in the model after it', async () => {
  await withDatabase('create table t (a)', async (db) => {
    const model = await sqlite.introspect(db)
    const before = tableOf(model, 't')
    const modelAfter = { ...model, enums: [{ name: 'state', values: ['new', 'started'] }] }
    const after = changed('a', { type: { kind: 'enum', name: 'state' } })(before)
    const [create] = sqlite.rebuild!({ before, after, carry: {}, model, modelAfter })
    assert.equal(create!.sql, 'CREATE TABLE _limbeck_new_t (\n  a VARCHAR(7)\n)')
  })
})

Deno.test('rows that nothing of can be carried over are not lost in silence', async () => {
  await withDatabase('create table t (a text primary key) without rowid', async (db) => {
    const other = (table: Table): Table => ({
      ...table,
      columns: [{ name: 'z', type: { kind: 'text' }, nullable: false }],
      primaryKey: { name: 'pk', columns: ['z'] },
    })
    assert.equal((await refused(rebuild(db, 't', other))).code, 'no-common-columns')
    await rebuild(db, 't', other, { z: 'a' })
    assert.deepEqual((await sqlite.introspect(db)).tables[0]!.columns.map(({ name }) => name), ['z'])
  })
})

Deno.test('a key that others refer to cannot lose its uniqueness', async () => {
  const script = `create table p (id integer primary key, code text, constraint u unique (code));
    create table c (code text references p (code)); insert into p values (1, 'x'); insert into c values ('x');
    create table broken (x references p (absent)); pragma foreign_keys = off; insert into broken values (1);
    pragma foreign_keys = on;`
  await withDatabase(script, async (db) => {
    const problem = await refused(rebuild(db, 'p', (table) => ({ ...table, uniques: [] })))
    assert.equal(problem.code, 'foreign-key-violation')
    assert.deepEqual((problem as { notes?: unknown }).notes, [
      '"c" has a foreign key to "p" that does not match a key of it',
    ])
    await rebuild(db, 'p', changed('code', { nullable: false }))
    assert.deepEqual(await rows(db, 'SELECT * FROM c'), [['x']])
  })
})

Deno.test('an integer primary key that comes in takes over the rowids', async () => {
  await withDatabase(
    "create table t (a text); insert into t (rowid, a) values (4, 'x'), (9, 'y')",
    async (db) => {
      const id: Column = { name: 'id', type: { kind: 'bigint' }, nullable: false, serial: true }
      await rebuild(db, 't', (table) => ({
        ...table,
        columns: [id, ...table.columns],
        primaryKey: { name: 't_pkey', implicit: true, columns: ['id'] },
      }))
      assert.deepEqual(await rows(db, 'SELECT * FROM t'), [[4, 'x'], [9, 'y']])
    },
  )
})
