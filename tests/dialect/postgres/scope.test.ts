import assert from 'node:assert/strict'
import { postgres } from '../../../src/dialect/postgres/index.ts'
import type { IntrospectOptions } from '../../../src/dialect/dialect.ts'
import { withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

const SQL = `CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE t (a int); CREATE TABLE one.t (a serial);
  CREATE TABLE two.t (a int); CREATE TABLE alembic_version (version_num varchar(32)); CREATE TEMP TABLE x (a int);
  CREATE INDEX i ON alembic_version (version_num)`

async function tables(options: IntrospectOptions, searchPath = 'public'): Promise<readonly string[]> {
  let found: readonly string[] = []
  await withPostgres((url) =>
    withConnection(url, async (connection) => {
      await connection.run([SQL, `SET search_path = ${searchPath}`])
      const model = await postgres.introspect(connection, options)
      found = model.tables.map((table) => `${table.schema ?? ''}.${table.name}`)
    })
  )
  return found
}

Deno.test('all schemas are read, the current one without its name', async () => {
  assert.deepEqual(await tables({}), ['one.t', '.alembic_version', '.t', 'two.t'])
})

Deno.test('the current schema is the first of search_path', async () => {
  assert.deepEqual(await tables({}, 'two, public'), ['one.t', 'public.alembic_version', 'public.t', '.t'])
})

Deno.test('schemas and exceptions limit what is read', async () => {
  assert.deepEqual(await tables({ schemas: [], except: [{ name: 'alembic_version' }] }), ['.t'])
  assert.deepEqual(await tables({ schemas: ['two'], except: [{ schema: 'two', name: 't' }] }), [
    '.alembic_version',
    '.t',
  ])
})

Deno.test('hasTable follows search_path and never fails', () =>
  withPostgres((url) =>
    withConnection(url, async (connection) => {
      await connection.run([
        `${SQL}; CREATE TABLE one."Odd 'name'" (a int); CREATE VIEW v AS SELECT 1 AS one`,
      ])
      const has = (name: string, schema?: string) =>
        postgres.hasTable(connection, { name, ...(schema ? { schema } : {}) })
      assert.deepEqual(await Promise.all([has('t'), has('t', 'two'), has(`Odd 'name'`, 'one')]), [
        true,
        true,
        true,
      ])
      assert.deepEqual(await Promise.all([has('none'), has('t', 'none'), has('v'), has('i')]), [
        false,
        false,
        false,
        false,
      ])
    })
  ))

Deno.test('limits are set for the transaction, or for the session', () =>
  withPostgres((url) =>
    withConnection(url, async (connection) => {
      const limits = async () => {
        const [row] = await connection.query(
          `SELECT current_setting('lock_timeout') AS l, current_setting('statement_timeout') AS s`,
        )
        return `${String(row?.['l'])} ${String(row?.['s'])}`
      }
      await connection.begin()
      await connection.run(postgres.settings({ lockTimeout: 4000, statementTimeout: 1500 }, true))
      assert.equal(await limits(), '4s 1500ms')
      await connection.commit()
      assert.equal(await limits(), '0 0')
      await connection.run(postgres.settings({ lockTimeout: 1000 }, false))
      assert.equal(await limits(), '1s 0')
    })
  ))
