import assert from 'node:assert/strict'
import { join } from 'node:path'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import type { Connection } from '../../../src/dialect/dialect.ts'
import { EXIT, ProblemError } from '../../../src/problem.ts'
import { serve } from '../../support/hrana.ts'
import type { HranaServer } from '../../support/hrana.ts'
import { OPTIONS, rebuild, rows, withFolder } from './memory.ts'

async function withServer(test: (db: Connection, server: HranaServer) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const server = await serve(join(folder, 'remote.db'), 'secret-token')
    const db = await sqlite.connect(`${server.url}?authToken=secret-token`, OPTIONS)
    try {
      await test(db, server)
    } finally {
      await db.close()
      await server.close()
    }
  })
}

async function problemOf(work: Promise<unknown>) {
  const error = await work.then(() => undefined, (error: unknown) => error)
  assert.ok(error instanceof ProblemError)
  return { ...error.problems[0]!, exit: error.exit }
}

Deno.test('remote: statements, parameters, transactions', async () => {
  await withServer(async (db) => {
    assert.match(db.url, /authToken=\*\*\*$/)
    assert.ok(db.server.version > 3_040_000)
    await db.run(['CREATE TABLE t (a INTEGER, b TEXT)', 'CREATE INDEX ix ON t (a); CREATE INDEX iy ON t (b)'])
    await db.begin()
    assert.deepEqual(await db.run(["INSERT INTO t VALUES (1, 'x'), (2, 'y')", 'DELETE FROM t WHERE a = 1']), [
      2,
      1,
    ])
    await db.rollback()
    assert.deepEqual(await rows(db, 'SELECT * FROM t'), [])
    await db.begin()
    await db.query('INSERT INTO t VALUES (?, ?)', [9007199254740993n, "it's"])
    await db.commit(["INSERT INTO t VALUES (3, 'z')"])
    assert.deepEqual(await rows(db, 'SELECT * FROM t'), [[9007199254740993n, "it's"], [3, 'z']])
    assert.deepEqual((await sqlite.introspect(db)).tables[0]!.indexes.map(({ name }) => name), ['ix', 'iy'])
  })
})

Deno.test('remote: statements of a transaction go in one round trip', async () => {
  await withServer(async (db, server) => {
    await db.begin()
    const before = server.requests()
    await db.run(['CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)', 'INSERT INTO t VALUES (2)'])
    assert.equal(server.requests() - before, 1)
    await db.commit()
    assert.equal(server.requests() - before <= 3, true)
  })
})

Deno.test('remote: the statement that failed is told', async () => {
  await withServer(async (db) => {
    await db.run(['CREATE TABLE t (a UNIQUE)'])
    await db.begin()
    const unique = await problemOf(
      db.run(['INSERT INTO t VALUES (1)', 'INSERT INTO t VALUES (1)', 'DELETE FROM t']),
    )
    assert.deepEqual([unique.code, unique.message, unique.sql?.index], [
      'sql-failed',
      'UNIQUE constraint failed: t.a',
      1,
    ])
    const syntax = await problemOf(db.run(['INSERT INTO t VALUES (2)', 'INSERT INTO t WRONG (1)']))
    assert.deepEqual([syntax.message, syntax.sql?.index, syntax.sql?.position], [
      'near "WRONG": syntax error',
      1,
      14,
    ])
    await db.rollback()
    assert.deepEqual(await rows(db, 'SELECT * FROM t'), [])
  })
})

Deno.test('remote: a rebuild keeps the rows that refer to the table, and a violation rolls back', async () => {
  await withServer(async (db) => {
    await db.run([
      `CREATE TABLE p (id INTEGER PRIMARY KEY);
       CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE);
       CREATE VIEW v AS SELECT id FROM p;
       INSERT INTO p VALUES (1); INSERT INTO c VALUES (7, 1);`,
    ])
    const column = { name: 'name', type: { kind: 'text' }, nullable: true } as const
    await rebuild(db, 'p', (table) => ({ ...table, columns: [column, ...table.columns] }))
    assert.deepEqual(await rows(db, 'SELECT c.id, p_id, v.id AS v FROM c, v'), [[7, 1, 1]])
    const key = { name: 'fk', columns: ['id'], references: { name: 'p', columns: ['id'] } }
    const problem = await problemOf(rebuild(db, 'c', (table) => ({ ...table, foreignKeys: [key] })))
    assert.deepEqual([problem.code, problem.notes], ['foreign-key-violation', [
      '"c" row 7: (id) is not in "p"',
    ]])
    assert.equal((await sqlite.introspect(db)).tables.find(({ name }) => name === 'c')!.foreignKeys.length, 1)
  })
})

Deno.test('remote: a transaction that is ended elsewhere is rolled back without a further error', async () => {
  await withServer(async (db) => {
    await db.run(['CREATE TABLE t (a UNIQUE)', 'INSERT INTO t VALUES (1)'])
    await db.begin()
    const problem = await problemOf(
      db.run(['INSERT INTO t VALUES (2)', 'INSERT OR ROLLBACK INTO t VALUES (1)']),
    )
    assert.deepEqual([problem.message, problem.sql?.index], ['UNIQUE constraint failed: t.a', 1])
    await db.rollback()
    assert.deepEqual(await rows(db, 'SELECT * FROM t'), [[1]])
  })
})

Deno.test('remote: a wrong token and a server that is not there, without the token in the message', async () => {
  await withServer(async (_db, server) => {
    const wrong = await problemOf(sqlite.connect(`${server.url}?authToken=wr%2Bong`, OPTIONS))
    assert.deepEqual([wrong.code, wrong.exit], ['unauthorized', EXIT.unreachable])
    const env = { LIBSQL_AUTH_TOKEN: 'secret-token' }
    await (await sqlite.connect(server.url, { ...OPTIONS, env })).close()
    const gone = await problemOf(sqlite.connect('libsql://127.0.0.1:9?tls=0&authToken=hidden', OPTIONS))
    assert.deepEqual([gone.code, gone.exit], ['unreachable', EXIT.unreachable])
    assert.doesNotMatch(JSON.stringify([wrong, gone]), /wr\+ong|wr%2Bong|hidden/)
  })
})
