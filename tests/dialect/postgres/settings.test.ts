/** How a database or a role has values written says nothing of the schema that it holds. */
import assert from 'node:assert/strict'
import { diff } from '../../../src/diff/index.ts'
import type { Row } from '../../../src/dialect/dialect.ts'
import { postgres } from '../../../src/dialect/postgres/index.ts'
import { written } from '../../../src/dialect/postgres/written.ts'
import { compiled, modelAfter } from '../../support/compile.ts'
import { fromYaml } from '../../support/operation-yaml.ts'
import { withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

const SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['DateStyle', `'SQL, DMY'`],
  ['IntervalStyle', 'sql_standard'],
  ['TimeZone', `'Asia/Tokyo'`],
  ['bytea_output', 'escape'],
  ['extra_float_digits', '-3'],
  ['quote_all_identifiers', 'on'],
  ['standard_conforming_strings', 'off'],
]

const OPERATIONS = [
  {
    create_table: {
      name: 't',
      columns: [
        { name: 'id', type: 'integer', primary_key: true, autoincrement: true },
        { name: 'day', type: 'date', default: '2024-02-03' },
        { name: 'at', type: 'timestamptz', default: '2024-02-03 04:05:06+00' },
        { name: 'times', type: 'timestamp[]', default: '{2024-02-03 04:05:06}' },
        { name: 'span', type: 'interval', default: '1 day 02:00:00' },
        { name: 'bytes', type: 'bytes', default: '\\xdead' },
        { name: 'ratio', type: 'real', default: '0.123456' },
        { name: 'path', type: 'text', default: 'C:\\' },
      ],
      checks: [{ name: 'c', condition: `day > '2024-02-03'::date AND path ~ '^\\d'::text` }],
    },
  },
  { create_view: { name: 'v', query: `SELECT id FROM t WHERE day = '2024-02-03'::date` } },
].map(fromYaml)

Deno.test('a schema reads the same under all settings of the database, and they stay', () =>
  withPostgres(async (url) => {
    const { statements } = compiled(OPERATIONS, modelAfter([], postgres), postgres)
    let plain: unknown
    await withConnection(url, async (connection) => {
      await connection.run(statements.map((one) => one.sql))
      plain = await postgres.introspect(connection)
      const database = new URL(url).pathname.slice(1)
      await connection.run(
        SETTINGS.map(([name, value]) => `ALTER DATABASE ${database} SET ${name} = ${value}`),
      )
    })
    await withConnection(url, async (connection) => {
      const shown = async () => {
        const [row] = await connection.query(
          `SELECT current_setting('DateStyle') || ', ' || current_setting('TimeZone') AS all`,
        )
        return row?.['all']
      }
      const current = await postgres.introspect(connection)
      assert.deepEqual(current, plain)
      assert.equal(await shown(), 'SQL, DMY, Asia/Tokyo')
      const asked = await postgres.normalise!(connection, modelAfter(OPERATIONS, postgres), current)
      assert.deepEqual(diff(current, asked, postgres).operations, [])
      assert.equal(await shown(), 'SQL, DMY, Asia/Tokyo')
    })
  }))

const LOOKED = `SELECT current_setting('TimeZone') AS zone`

const zones = (rows: readonly Row[]) => rows.map(({ zone }) => zone)

Deno.test('each query is by itself: a pooler may give the next one to another process, or to another client', () =>
  withPostgres((url) =>
    withConnection(url, (one) =>
      withConnection(url, async (other) => {
        for (const connection of [one, other]) await connection.run([`SET TimeZone = 'Asia/Tokyo'`])
        let turn = 0
        const query = (text: string) => (turn++ % 2 === 0 ? one : other).query(text)
        const answers = await written({ query }, [LOOKED, `${LOOKED} WHERE false`, LOOKED, LOOKED])
        assert.deepEqual(answers.map(zones), [['UTC'], [], ['UTC'], ['UTC']])
        for (const connection of [one, other]) {
          assert.deepEqual(zones(await connection.query(LOOKED)), ['Asia/Tokyo'])
        }
      }))
  ))

Deno.test('what is set in a transaction holds on there, and no longer', () =>
  withPostgres((url) =>
    withConnection(url, async (connection) => {
      const before = zones(await connection.query(LOOKED))
      await connection.begin()
      await connection.run([`SET LOCAL TimeZone = 'Asia/Tokyo'`])
      assert.deepEqual((await written(connection, [LOOKED])).map(zones), [['UTC']])
      assert.deepEqual(zones(await connection.query(LOOKED)), ['Asia/Tokyo'])
      await connection.commit()
      assert.deepEqual(zones(await connection.query(LOOKED)), before)
    })
  ))

Deno.test('queries of the catalog are not compiled to machine code, others are', () =>
  withPostgres((url) =>
    withConnection(url, async (connection) => {
      await connection.run(['SET jit = on'])
      const asked = `SELECT current_setting('jit') AS zone`
      assert.deepEqual((await written(connection, [asked])).map(zones), [['off']])
      assert.deepEqual(zones(await connection.query(asked)), ['on'])
    })
  ))
