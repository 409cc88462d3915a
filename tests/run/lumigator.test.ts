/**
 * The living example against what the real Alembic left behind after Lumigator's own nine revisions
 * (../shared/cases), compared by catalog.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sameModel } from '../../src/model/same.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import type { Connection } from '../../src/dialect/dialect.ts'
import { limbeck } from '../support/command-line.ts'
import { withPostgres } from '../support/postgres.ts'
import { withFolder } from '../support/folder.ts'
import { postgresCatalog } from '../support/catalog.ts'

const ROOT = path.resolve(import.meta.dirname!, '../..')
const CASES = path.resolve(ROOT, '../shared/cases')
const ignore = !existsSync(path.join(CASES, 'lumigator-sqlite.sql'))
if (ignore) console.warn("SKIPPED: Alembic's recorded schemas are not at hand (../shared/cases).")

const EXCEPT = [{ name: 'alembic_version' }, { name: 'limbeck_journal' }]
const HEAD = '76bbe19c945c'

async function command(url: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await limbeck(['-q', '--url', url, ...args], { cwd: ROOT })
  assert.equal(code, 0, `limbeck ${args.join(' ')}: ${stderr}`)
  return stdout
}

async function sqliteModel(url: string, sql?: string) {
  return await opened(await sqlite.connect(url, { env: {}, cwd: ROOT, create: true }), async (connection) => {
    if (sql !== undefined) await connection.run([sql])
    return await sqlite.introspect(connection, { except: EXCEPT })
  })
}

async function opened<T>(connection: Connection, work: (connection: Connection) => Promise<T>): Promise<T> {
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

const recorded = () => readFileSync(path.join(CASES, 'lumigator-sqlite.sql'), 'utf8')

Deno.test({
  name: "the example leads to Alembic's schema on SQLite, down to nothing, and up again",
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const url = `sqlite:///${folder}/ours.db`
      const theirs = await sqliteModel(`sqlite:///${folder}/theirs.db`, recorded())
      await command(url, 'upgrade', 'head')
      assert.deepEqual(sameModel(await sqliteModel(url), theirs, sqlite), [])
      await command(url, 'downgrade', 'base')
      assert.deepEqual((await sqliteModel(url)).tables, [])
      await command(url, 'upgrade', 'head')
      assert.deepEqual(sameModel(await sqliteModel(url), theirs, sqlite), [])
    }),
})

Deno.test({
  name: 'a SQLite database that Alembic upgraded is taken over, down to base and up again',
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const url = `sqlite:///${folder}/theirs.db`
      const theirs = await sqliteModel(url, `${recorded()}INSERT INTO alembic_version VALUES ('${HEAD}');`)
      assert.equal(await command(url, 'current'), `${HEAD} (head)\n`)
      await command(url, 'upgrade', 'head')
      await command(url, 'downgrade', 'base')
      assert.deepEqual((await sqliteModel(url)).tables, [])
      await command(url, 'upgrade', 'head')
      assert.deepEqual(sameModel(await sqliteModel(url), theirs, sqlite), [])
    }),
})

for (const version of [14, 18] as const) {
  Deno.test({
    name: `the example leads to Alembic's schema on PostgreSQL ${version}, down to nothing, and up again`,
    ignore,
    fn: () =>
      withPostgres(async (url) => {
        const theirs = JSON.parse(readFileSync(path.join(CASES, 'lumigator-postgres.json'), 'utf8'))
        // The original never added STOPPED to the enum: ours does, and experiments.status still uses it.
        theirs.enums[1].values.push('STOPPED')
        const connect = () => postgres.connect(url, { env: {}, cwd: ROOT, create: true })
        await command(url, 'upgrade', 'head')
        assert.deepEqual(await opened(await connect(), postgresCatalog), theirs)
        await command(url, 'downgrade', 'base')
        const left = await opened(await connect(), (one) => postgres.introspect(one, { except: EXCEPT }))
        assert.deepEqual([left.tables, left.enums], [[], []])
        await command(url, 'upgrade', 'head')
        assert.deepEqual(await opened(await connect(), postgresCatalog), theirs)
      }, version),
  })
}
