import assert from 'node:assert/strict'
import { EXIT, ProblemError } from '../../../src/problem.ts'
import type { Problem } from '../../../src/problem.ts'
import type { PostgresConnection } from '../../../src/dialect/postgres/session.ts'
import { withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

function withSession(work: (connection: PostgresConnection, url: string) => Promise<void>): Promise<void> {
  return withPostgres((url) => withConnection(url, (connection) => work(connection, url)))
}

async function failure(work: Promise<unknown>, exit: number = EXIT.failed): Promise<Problem> {
  const error = await work.then(() => assert.fail('it did not fail'), (error: unknown) => error)
  assert(error instanceof ProblemError, String(error))
  assert.equal(error.exit, exit)
  const [problem] = error.problems
  assert(problem !== undefined)
  return problem
}

Deno.test('run counts the rows that each statement changed', () =>
  withSession(async (connection) => {
    await connection.begin()
    const counts = await connection.run([
      'CREATE TABLE t (a int)',
      'INSERT INTO t VALUES (1), (2), (3)',
      'UPDATE t SET a = 0 WHERE a > 1',
      'SELECT * FROM t',
      'DELETE FROM t WHERE a = 5',
    ])
    await connection.commit(['INSERT INTO t VALUES (9)'])
    assert.deepEqual(counts, [0, 3, 2, 0, 0])
    assert.equal((await connection.query('SELECT * FROM t')).length, 4)
  }))

Deno.test('a statement may hold several commands', () =>
  withSession(async (connection) => {
    const rows = await connection.query(
      'CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); SELECT a FROM t',
    )
    assert.deepEqual(rows.map((row) => row['a']), [1, 2])
    await connection.run(['CREATE TABLE u (a int); CREATE INDEX ON u (a)', 'INSERT INTO u VALUES (1)'])
  }))

Deno.test('a failing statement is named with its place, and what was before it is rolled back', () =>
  withSession(async (connection) => {
    await connection.begin()
    const texts = ['CREATE TABLE t (a int)', `SELECT '€😀', nope FROM t`, 'SELECT 1']
    const problem = await failure(connection.run(texts))
    await connection.rollback()
    assert.equal(problem.code, 'sql-failed')
    assert.equal(problem.message, 'column "nope" does not exist')
    assert.deepEqual(problem.sql, {
      text: texts[1],
      index: 1,
      code: '42703',
      position: texts[1]!.indexOf('nope'),
    })
    assert.equal((await connection.query(`SELECT to_regclass('t') AS t`))[0]?.['t'], null)
  }))

Deno.test('outside a transaction nothing runs after a failure', () =>
  withSession(async (connection) => {
    const problem = await failure(connection.run(['CREATE TABLE t (a int)', 'SELECT nope', 'DROP TABLE t']))
    assert.equal(problem.sql?.index, 1)
    assert.deepEqual([...await connection.query('SELECT * FROM t')], [])
  }))

Deno.test('nor after a statement that may end the transaction', () =>
  withSession(async (connection) => {
    await connection.begin()
    await failure(connection.run(['SELECT nope', 'ROLLBACK', 'CREATE TABLE t (a int)']))
    await connection.rollback()
    assert.equal((await connection.query(`SELECT to_regclass('t') AS t`))[0]?.['t'], null)
  }))

Deno.test('the server adds the constraint and the detail', () =>
  withSession(async (connection) => {
    const texts = ['CREATE TABLE t (a int CONSTRAINT one PRIMARY KEY)', 'INSERT INTO t VALUES (1), (1)']
    const { notes = [], sql } = await failure(connection.run(texts))
    assert.equal(sql?.code, '23505')
    assert.deepEqual(notes, ['detail: Key (a)=(1) already exists.', 'table: public.t', 'constraint: one'])
  }))

Deno.test('COMMIT of a failed transaction is no success', () =>
  withSession(async (connection) => {
    await connection.begin()
    await failure(connection.query('SELECT nope'))
    assert.match((await failure(connection.commit())).message, /rolled it back/)
  }))

Deno.test('COMMIT that a deferred constraint refuses', () =>
  withSession(async (connection) => {
    await connection.run(['CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)'])
    await connection.begin()
    await connection.run(['INSERT INTO t VALUES (1), (1)'])
    assert.equal((await failure(connection.commit())).sql?.text, 'COMMIT')
    assert.equal((await connection.query('SELECT * FROM t')).length, 0)
  }))

Deno.test('parameters arrive as they are', () =>
  withSession(async (connection) => {
    const [row] = await connection.query(
      `SELECT $1::text AS a, $2::boolean AS b, $3::jsonb AS c, $4::bigint AS d, $5::timestamptz::text AS e, $6::text AS f`,
      [`it's \\`, 'true', '{"x":[1]}', 9007199254740993n, '2020-01-01T00:00:00.123456Z', null],
    )
    assert.deepEqual({ ...row }, {
      ...{ a: `it's \\`, b: true, c: { x: [1] }, d: 9007199254740993n },
      ...{ e: '2020-01-01 00:00:00.123456+00', f: null },
    })
  }))

Deno.test('COPY is refused rather than waited for', () =>
  withSession(async (connection) => {
    await connection.run(['CREATE TABLE t (a int)'])
    assert.match((await failure(connection.run(['COPY t FROM STDIN']))).message, /COPY/)
    assert.equal((await connection.query('SELECT 1 AS one'))[0]?.['one'], 1)
  }))

Deno.test('many statements in one transaction', () =>
  withSession(async (connection) => {
    await connection.run(['CREATE TABLE t (a int, b text)'])
    await connection.begin()
    const counts = await connection.run(
      Array.from({ length: 500 }, (_, i) => `INSERT INTO t VALUES (${i}, '${'x'.repeat(200)}')`),
    )
    await connection.commit()
    assert.equal(counts.reduce((sum, one) => sum + one, 0), 500)
    assert.equal((await connection.query('SELECT count(*) AS n FROM t'))[0]?.['n'], 500)
  }))

// The socket closes only after the last answer: behind one statement nothing else tells that the connection is gone.
for (const texts of [['SELECT pg_sleep(20)'], ['SELECT 1', 'SELECT pg_sleep(20)', 'SELECT 2']]) {
  Deno.test(`a connection lost in ${texts.length} statements is said, and nothing hangs on it`, () =>
    withSession((other, url) =>
      withConnection(url, async (connection) => {
        const [row] = await connection.query('SELECT pg_backend_pid() AS pid')
        await connection.begin()
        const waiting = failure(connection.run(texts), EXIT.unreachable)
        await other.query(`SELECT pg_terminate_backend(${String(row?.['pid'])})`)
        assert.equal((await waiting).code, 'connection-lost')
        assert.equal(connection.lost, true)
        assert.equal((await failure(connection.query('SELECT 1'), EXIT.unreachable)).code, 'connection-lost')
        await connection.rollback()
      })
    ))
}

Deno.test('a server that lost a connection of its own is still there', () =>
  withSession(async (connection) => {
    const text =
      `DO $$ BEGIN RAISE EXCEPTION 'could not reach the other server' USING ERRCODE = '08006'; END $$`
    assert.equal((await failure(connection.run([text]))).code, 'sql-failed')
    assert.equal(connection.lost, false)
    assert.equal((await connection.query('SELECT 1 AS one'))[0]?.['one'], 1)
  }))

/** What a transaction of these fails with, and that nothing of it is done. */
async function wholeFailure(connection: PostgresConnection, texts: readonly string[]): Promise<Problem> {
  const statements = texts.map((sql) => ({ sql }))
  const problem = await failure(
    connection.transact({ first: ['SET LOCAL lock_timeout = 4000'], provided: 'SELECT 1', statements }),
  )
  await connection.rollback()
  assert.equal((await connection.query(`SELECT to_regclass('t') AS t`))[0]?.['t'], null)
  return problem
}

const TABLE = `CREATE TABLE t (a text DEFAULT '€😀' UNIQUE)`
const OTHERS_TEXT = [
  'CREATE TABLE t (a int)',
  'CREATE INDEX i ON t (a) WHERE a > 0',
  'ALTER TABLE t ALTER COLUMN a TYPE text',
]
const FAILING: readonly (readonly [what: string, texts: readonly string[], index: number, at?: string])[] = [
  ['that cannot be parsed', [TABLE, 'SELECT a FORM t', 'SELECT 2'], 1, 't'],
  ['that names what is not there', [TABLE, 'SELECT 1', `SELECT '😀', nope FROM t`], 2, 'nope'],
  ['that cannot be done', [TABLE, 'SELECT 1 AS limbeck', 'SELECT 1 / 0 FROM pg_class', 'SELECT 2'], 2],
  ['that fails in a text of its own', OTHERS_TEXT, 2],
  ['that is the first', ['SELECT 1 / 0', TABLE], 0],
]

for (const [what, texts, index, at] of FAILING) {
  Deno.test(`a statement of a whole transaction ${what} is named with its place`, () =>
    withSession(async (connection) => {
      const { code, sql } = await wholeFailure(connection, texts)
      assert.deepEqual([code, sql?.index, sql?.text], ['sql-failed', index, texts[index]])
      assert.equal(sql?.position, at === undefined ? undefined : texts[index]!.lastIndexOf(at))
    }))
}

Deno.test('what a whole transaction fails with at its COMMIT is told as that', () =>
  withSession(async (connection) => {
    await connection.run(['CREATE TABLE p (a int PRIMARY KEY)'])
    const problem = await wholeFailure(connection, [
      'CREATE TABLE t (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED)',
      'INSERT INTO t VALUES (7)',
    ])
    assert.deepEqual([problem.sql?.text, problem.sql?.index], ['COMMIT', 2])
  }))

Deno.test('a whole transaction in which other rows change than must is not done, nor what is behind it', () =>
  withSession(async (connection) => {
    await connection.run(['CREATE TABLE p (a int)', 'INSERT INTO p VALUES (1), (1)'])
    const sent = [['t', 1], ['u', 3]].map(([table, a]) =>
      connection.transact({
        first: [],
        provided: 'SELECT 1',
        statements: [{ sql: `CREATE TABLE ${table} ()` }, {
          sql: `UPDATE p SET a = 3 WHERE a = ${a}`,
          rows: 1,
        }],
      })
    )
    assert.equal(await sent[0], false)
    await assert.rejects(sent[1]!, /current transaction is aborted/)
    await connection.rollback()
    const [row] = await connection.query(
      `SELECT to_regclass('t') AS t, to_regclass('u') AS u, sum(a) AS a FROM p`,
    )
    assert.deepEqual(row, { t: null, u: null, a: 2 })
    const statements = [{ sql: 'UPDATE p SET a = 5', rows: 2 }]
    assert.equal(await connection.transact({ first: [], provided: 'SELECT 1', statements }), true)
    assert.equal((await connection.query('SELECT sum(a) AS a FROM p'))[0]?.['a'], 10)
  }))

Deno.test('what stands before the first statement of a whole transaction is told as BEGIN', () =>
  withSession(async (connection) => {
    const transaction = {
      first: ['SET LOCAL lock_timeout = -7'],
      provided: 'SELECT 1',
      statements: [{ sql: TABLE }],
    }
    const problem = await failure(connection.transact(transaction))
    await connection.rollback()
    assert.deepEqual([problem.sql?.text, problem.sql?.index], ['BEGIN', -1])
  }))

Deno.test('a whole transaction is done only where it is provided for', () =>
  withSession(async (connection) => {
    const statements = [{ sql: TABLE }]
    for (const provided of ['SELECT 0', 'SELECT 2', 'SELECT count(*) FROM pg_class WHERE false']) {
      assert.equal(await connection.transact({ first: [], provided, statements }), false)
      await connection.rollback()
    }
    assert.equal((await connection.query(`SELECT to_regclass('t') AS t`))[0]?.['t'], null)
  }))

Deno.test('a version table with rules is left to be run statement by statement', () =>
  withSession(async (connection) => {
    await connection.run([
      'CREATE TABLE p (a int)',
      'CREATE TABLE log (a int)',
      'INSERT INTO p VALUES (1)',
      'CREATE RULE r AS ON UPDATE TO p DO ALSO INSERT INTO log VALUES (1)',
    ])
    const statements = [{ sql: TABLE }, { sql: 'UPDATE p SET a = 2', rows: 1 }]
    assert.equal(await connection.transact({ first: [], provided: 'SELECT 1', statements }), false)
    await connection.rollback()
  }))

Deno.test('a whole transaction on a connection that is gone', () =>
  withSession(async (connection, url) => {
    await withConnection(url, async (other) => {
      await other.query('SELECT pg_terminate_backend($1)', [connection.backend.pid])
    })
    await assert.rejects(connection.query('SELECT 1'))
    const transaction = { first: [], provided: 'SELECT 1', statements: [{ sql: TABLE }] }
    const problem = await failure(connection.transact(transaction), EXIT.unreachable)
    assert.equal(problem.code, 'connection-lost')
  }))
