import assert from 'node:assert/strict'
import { mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@libsql/client'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import { EXIT, ProblemError } from '../../../src/problem.ts'
import { OPTIONS, rows, withDatabase, withFolder } from './memory.ts'

async function problemOf(work: Promise<unknown>) {
  const error = await work.then(() => undefined, (error: unknown) => error)
  assert.ok(error instanceof ProblemError, String(error))
  return { ...error.problems[0]!, exit: error.exit }
}

Deno.test('a file that cannot be opened is told in one line, with exit code 5', async () => {
  await withFolder(async (folder) => {
    await mkdir(join(folder, 'dir.db'))
    await writeFile(
      join(folder, 'text.db'),
      'this is no database, but long enough to be read as one '.repeat(20),
    )
    const cases: Readonly<Record<string, string>> = {
      'sqlite:///none/x.db': `there is no folder "${folder}/none" for the database`,
      'sqlite:///dir.db': `"${folder}/dir.db" is a folder, not a database`,
      'sqlite:///text.db': `the database "${folder}/text.db" is not a SQLite database`,
      'sqlite:///text.db/x.db': `there is no folder "${folder}/text.db" for the database`,
      'sqlite:///gone.db?mode=rw': `there is no database "${folder}/gone.db"`,
      'sqlite:///absent.db?mode=ro': `there is no database "${folder}/absent.db"`,
    }
    for (const [url, message] of Object.entries(cases)) {
      const problem = await problemOf(sqlite.connect(url, { ...OPTIONS, cwd: folder }))
      assert.deepEqual([problem.message, problem.exit], [message, EXIT.unreachable])
    }
  })
})

Deno.test('what the system does not let be opened comes with a hint', async () => {
  await withFolder(async (folder) => {
    // A link into a folder that is not there: SQLite is refused as by permissions, whoever runs it.
    await symlink(join(folder, 'none', 'x.db'), join(folder, 'link.db'))
    const problem = await problemOf(sqlite.connect('sqlite:///link.db', { ...OPTIONS, cwd: folder }))
    assert.deepEqual([problem.code, problem.exit], ['cannot-open', EXIT.unreachable])
    assert.equal(problem.hint, 'look at the permissions of the file and its folder')
  })
})

Deno.test('a missing file is created only when it may be', async () => {
  await withFolder(async (folder) => {
    const options = { ...OPTIONS, cwd: folder }
    const problem = await problemOf(sqlite.connect('sqlite:///a%20b.db', { ...options, create: false }))
    assert.equal(problem.code, 'no-such-database')
    await assert.rejects(stat(join(folder, 'a b.db')))
    const db = await sqlite.connect('sqlite:///a%20b.db', options)
    await db.run(['CREATE TABLE t (a)'])
    await db.close()
    const again = await sqlite.connect('file:a%20b.db?mode=ro', { ...options, create: false })
    assert.deepEqual(await rows(again, 'SELECT name FROM sqlite_schema'), [['t']])
    const refused = await problemOf(again.run(['DROP TABLE t']))
    assert.deepEqual([refused.code, refused.exit], ['read-only', EXIT.failed])
    await again.close()
  })
})

Deno.test('another writer is waited for, and is told when it takes too long', async () => {
  await withFolder(async (folder) => {
    const options = { ...OPTIONS, cwd: folder }
    const one = await sqlite.connect('sqlite:///x.db', options)
    const other = await sqlite.connect('sqlite:///x.db?timeout=0.1', options)
    await one.begin()
    await one.run(['CREATE TABLE t (a)'])
    const locked = await problemOf(other.begin())
    assert.deepEqual([locked.code, locked.exit], ['busy', EXIT.locked])
    assert.match(locked.message, /x\.db" is locked by another connection$/)
    await other.run(['PRAGMA busy_timeout = 20000'])
    const waiting = other.begin()
    setTimeout(() => one.commit(), 50)
    await waiting
    assert.deepEqual(await rows(other, 'SELECT * FROM t'), [])
    await other.rollback()
    await one.close()
    await other.close()
  })
})

Deno.test('what waited for another writer outside a transaction is committed, and all that comes behind it', async () => {
  await withFolder(async (folder) => {
    const options = { ...OPTIONS, cwd: folder }
    const one = await sqlite.connect('sqlite:///x.db', options)
    const other = await sqlite.connect('sqlite:///x.db', options)
    await one.run(['CREATE TABLE t (a)'])
    await one.begin()
    const writing = other.run(['INSERT INTO t VALUES (1), (2)', 'UPDATE t SET a = a + 1 WHERE a > 0'])
    // Longer than SQLite itself waits: the statement is refused, and run again.
    await sleep(600)
    await one.commit()
    assert.deepEqual(await writing, [2, 2])
    assert.deepEqual(await rows(one, 'SELECT a FROM t ORDER BY a'), [[2], [3]])
    await other.run(['DELETE FROM t WHERE a = 2'])
    await other.begin()
    await other.commit()
    await other.close()
    assert.deepEqual(await rows(one, 'SELECT a FROM t'), [[3]])
    await one.close()
  })
})

Deno.test('a reader makes the commit wait, and the transaction is kept meanwhile', async () => {
  await withFolder(async (folder) => {
    const db = await sqlite.connect('sqlite:///x.db', { ...OPTIONS, cwd: folder })
    await db.run(['CREATE TABLE t (a)'])
    const reader = createClient({ url: `file:${folder}/x.db` })
    const reading = await reader.transaction('deferred')
    await reading.execute('SELECT * FROM t')
    await db.begin()
    await db.run(['INSERT INTO t VALUES (1)'])
    setTimeout(() => reading.rollback(), 300)
    await db.commit()
    assert.deepEqual(await rows(db, 'SELECT * FROM t'), [[1]])
    reader.close()
    await db.close()
  })
})

Deno.test('a full disk is told', async () => {
  await withDatabase('CREATE TABLE t (a); PRAGMA max_page_count = 2;', async (db) => {
    const problem = await problemOf(db.run(['INSERT INTO t VALUES (zeroblob(100000))']))
    assert.deepEqual([problem.code, problem.message], [
      'disk-full',
      'the database in memory cannot be written: the disk is full',
    ])
    assert.equal(problem.sql?.index, 0)
  })
})

Deno.test('a text of several statements runs whole, and the one that fails is told', async () => {
  await withDatabase('', async (db) => {
    const changed = await db.run([
      `CREATE TABLE t (a UNIQUE); -- a; comment
       CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT ';'; SELECT CASE WHEN 1 THEN 2 END; END;
       INSERT INTO t VALUES (1), (2); ;`,
      'CREATE INDEX ix ON t (a)',
      'UPDATE t SET a = a + 10 RETURNING a',
      '-- nothing',
    ])
    assert.deepEqual(changed, [2, 0, 2, 0])
    const problem = await problemOf(db.run(['SELECT 1', 'SELECT absent FROM t; SELECT 2']))
    assert.deepEqual(problem.sql, {
      text: 'SELECT absent FROM t',
      index: 1,
      position: 7,
      code: 'SQLITE_ERROR',
    })
    assert.deepEqual([problem.code, problem.message], ['sql-failed', 'no such column: absent'])
    const unique = await problemOf(db.run(['INSERT INTO t VALUES (11)']))
    assert.equal(unique.sql?.code, 'SQLITE_CONSTRAINT_UNIQUE')
    const syntax = await problemOf(db.query('SELEC 1'))
    assert.deepEqual([syntax.message, syntax.sql?.position], ['near "SELEC": syntax error', 0])
  })
})

Deno.test('a transaction that SQLite has ended is rolled back without a further error', async () => {
  await withDatabase('CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)', async (db) => {
    await db.begin({ rebuild: true })
    const problem = await problemOf(
      db.run(['INSERT INTO t VALUES (2)', 'INSERT OR ROLLBACK INTO t VALUES (1)']),
    )
    assert.equal(problem.message, 'UNIQUE constraint failed: t.a')
    await db.rollback()
    assert.deepEqual(await rows(db, 'SELECT * FROM t'), [[1]])
    assert.deepEqual(await rows(db, 'PRAGMA foreign_keys'), [[1]])
  })
})

Deno.test('values are bound and read without loss', async () => {
  await withDatabase('CREATE TABLE t (a)', async (db) => {
    const values = [1, 2.5, 9007199254740993n, true, null, "it's"]
    for (const value of values) await db.query('INSERT INTO t VALUES (?)', [value])
    assert.deepEqual(await rows(db, 'SELECT a, typeof(a) AS type FROM t'), [
      [1, 'integer'],
      [2.5, 'real'],
      [9007199254740993n, 'integer'],
      [1, 'integer'],
      [null, 'null'],
      ["it's", 'text'],
    ])
  })
})

Deno.test('a transaction takes everything with it, DDL too; what is left open is rolled back', async () => {
  await withFolder(async (folder) => {
    const options = { ...OPTIONS, cwd: folder }
    const db = await sqlite.connect('sqlite:///x.db', options)
    await db.begin()
    await db.run(['CREATE TABLE gone (a)'])
    await db.rollback()
    await db.begin()
    await db.run(['CREATE TABLE kept (a)'])
    await db.commit(['INSERT INTO kept VALUES (1)'])
    assert.deepEqual(await rows(db, 'SELECT name FROM sqlite_schema'), [['kept']])
    await db.begin({ rebuild: true })
    assert.deepEqual(await rows(db, 'PRAGMA foreign_keys'), [[0]])
    await db.run(['DELETE FROM kept'])
    await db.close()
    const again = await sqlite.connect('sqlite:///x.db', options)
    assert.deepEqual(await rows(again, 'SELECT * FROM kept'), [[1]])
    assert.deepEqual(await rows(again, 'PRAGMA foreign_keys'), [[1]])
    await again.close()
  })
})
