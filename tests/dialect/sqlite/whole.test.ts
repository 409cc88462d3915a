/** Whole transactions, one after the other. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import { keeping, LONGEST_HOLD } from '../../../src/dialect/sqlite/whole.ts'
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

/** How many rows another process sees. In this one, SQLite's locks would not hold against another library of it. */
function reads(folder: string): string {
  const code = `import { DatabaseSync } from 'node:sqlite'
try {
  const db = new DatabaseSync('a.db', { timeout: 0 })
  console.log(db.prepare('SELECT count(*) AS rows FROM t').get().rows)
} catch (error) { console.log(error.message) }`
  const { stdout, stderr } = spawnSync(process.execPath, ['eval', code], { cwd: folder, encoding: 'utf8' })
  return stdout.trim() || stderr
}

Deno.test('another connection of the process, which could not wait, need not', () =>
  withFolder(async (folder) => {
    const options = { ...OPTIONS, cwd: folder }
    const db = await sqlite.connect('sqlite:///a.db', options)
    await db.run(['CREATE TABLE t (a)'])
    const other = await sqlite.connect('sqlite:///a.db?timeout=0', options)
    for (const value of [1, 2, 3]) {
      assert.equal(await db.transact(insert(`(${value})`)), true)
      await other.run([`INSERT INTO t VALUES (${-value})`])
    }
    assert.deepEqual(await other.query('SELECT count(*) AS n FROM t'), [{ n: 6 }])
    await other.close()
    await db.close()
  }))

Deno.test('the lock is kept between several, and goes before anything else', () =>
  withFolder(async (folder) => {
    const options = { ...OPTIONS, cwd: folder, alone: true as const }
    const db = await sqlite.connect('sqlite:///a.db', options)
    await db.run(['CREATE TABLE t (a)'])
    const seen: unknown[] = []
    for (const value of [1, 2, 3]) {
      assert.equal(await db.transact(insert(`(${value})`)), true)
      seen.push(reads(folder))
    }
    assert.deepEqual(seen, ['1', 'database is locked', 'database is locked'])
    await db.run(['INSERT INTO t VALUES (4)'])
    assert.equal(reads(folder), '4')
    assert.equal(await db.transact(insert('(5)')), true)
    await db.begin()
    await db.run(['INSERT INTO t VALUES (6)'])
    assert.equal(reads(folder), '5')
    await db.commit()
    await db.close()
    assert.equal(reads(folder), '6')
  }))

/** What is asked of a database for transactions in a row. */
async function asked(
  transactions: readonly (readonly string[])[],
  longest = LONGEST_HOLD,
): Promise<string[]> {
  const all: string[] = []
  let mode = 'delete'
  const kept = keeping((sql) => {
    all.push(sql)
    mode = /^PRAGMA journal_mode = (\w+)$/.exec(sql)?.[1]?.toLowerCase() ?? mode
    return Promise.resolve([{ journal_mode: mode }])
  }, longest)
  for (const one of transactions) {
    all.push('…')
    await kept.next(one)
  }
  await kept.end()
  return all
}

const JOURNAL = ['PRAGMA journal_mode', 'PRAGMA journal_mode = PERSIST']
const HELD = ['PRAGMA journal_mode', 'PRAGMA locking_mode = EXCLUSIVE']
const LET_GO = ['PRAGMA locking_mode = NORMAL', 'SELECT 1 FROM sqlite_schema LIMIT 1']
const END = ['PRAGMA journal_mode', 'PRAGMA journal_mode = DELETE']
const TABLE = [
  'CREATE TABLE t (\n a INTEGER)',
  'CREATE INDEX ix ON t (a)',
  "INSERT INTO journal VALUES ('x')",
]

Deno.test('the lock is not kept for long', async () => {
  assert.deepEqual(await asked([TABLE, TABLE, TABLE, TABLE]), [
    '…',
    '…',
    ...JOURNAL,
    ...HELD,
    '…',
    '…',
    ...LET_GO,
    ...END,
  ])
  assert.deepEqual(await asked([TABLE, TABLE, TABLE, TABLE], 0), ['…', '…', ...JOURNAL, '…', '…', ...END])
})

for (
  const slow of [
    'CREATE INDEX ix ON other (a)',
    'CREATE TABLE u AS SELECT * FROM t',
    'ALTER TABLE t ADD COLUMN b INTEGER',
    'DROP TABLE t',
  ]
) {
  Deno.test(`the lock is not kept while this runs: ${slow}`, async () => {
    assert.deepEqual(
      await asked([TABLE, TABLE, [...TABLE, slow], TABLE]),
      ['…', '…', ...JOURNAL, ...HELD, '…', ...LET_GO, '…', ...HELD, ...LET_GO, ...END],
    )
  })
}
