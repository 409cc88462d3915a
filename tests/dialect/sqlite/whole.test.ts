/** Whole transactions, one after the other. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import { OPTIONS, withDatabase, withFolder } from './memory.ts'

const insert = (values: string) => ({
  first: [],
  provided: 'SELECT 1',
  statements: [{ sql: `INSERT INTO t VALUES ${values}` }],
})

Deno.test('it is done as a whole or not at all', () =>
  withDatabase('CREATE TABLE t (a INTEGER UNIQUE)', async (db) => {
    assert.equal(await db.transact(insert('(1), (2)')), true)
    assert.equal(
      await db.transact({
        first: [],
        provided: 'SELECT 1',
        statements: [{ sql: 'CREATE TABLE u (x)' }, ...insert('(1)').statements],
      }),
      false,
    )
    assert.deepEqual(await db.query("SELECT name FROM sqlite_schema WHERE name IN ('t', 'u')"), [{
      name: 't',
    }])
    for (const rows of [0, 1, 3]) {
      const statements = [{ sql: 'UPDATE t SET a = a + 10', rows }, ...insert('(5)').statements]
      assert.equal(await db.transact({ first: [], provided: 'SELECT 1', statements }), false, `${rows} rows`)
    }
    assert.equal(
      await db.transact({
        first: [],
        provided: 'SELECT 1',
        statements: [{ sql: 'UPDATE t SET a = a + 10', rows: 2 }],
      }),
      true,
    )
    assert.deepEqual(await db.query('SELECT a FROM t'), [{ a: 11 }, { a: 12 }])
  }))

Deno.test('it is done only where it is provided for, and never up to a NUL', () =>
  withDatabase('CREATE TABLE t (a)', async (db) => {
    assert.equal(await db.transact({ ...insert('(1)'), provided: 'SELECT count(*) FROM t' }), false)
    assert.equal(await db.transact(insert("(1), ('\0')")), false)
    assert.deepEqual(await db.query('SELECT a FROM t'), [])
    assert.equal(await db.transact({ ...insert('(1)'), provided: 'SELECT count(*) = 0 FROM t' }), true)
  }))

Deno.test('the journal is kept between several, and gone in the end', () =>
  withFolder(async (folder) => {
    const journal = join(folder, 'a.db-journal')
    const db = await sqlite.connect('sqlite:///a.db', { ...OPTIONS, cwd: folder })
    await db.run(['CREATE TABLE t (a)'])
    const kept: boolean[] = []
    for (const value of [1, 2, 3]) {
      assert.equal(await db.transact(insert(`(${value})`)), true)
      kept.push(existsSync(journal))
    }
    await db.close()
    assert.deepEqual([...kept, existsSync(journal)], [false, true, true, false])
  }))

Deno.test('a database with a write-ahead log keeps it', () =>
  withFolder(async (folder) => {
    const db = await sqlite.connect('sqlite:///a.db', { ...OPTIONS, cwd: folder })
    await db.run(['CREATE TABLE t (a)'])
    await db.query('PRAGMA journal_mode = WAL')
    for (const value of [1, 2, 3]) assert.equal(await db.transact(insert(`(${value})`)), true)
    assert.deepEqual(await db.query('PRAGMA journal_mode'), [{ journal_mode: 'wal' }])
    await db.close()
  }))
