/** How a database or a role has values written says nothing of the schema that it holds. */
import assert from 'node:assert/strict'
import { diff } from '../../../src/diff/index.ts'
import { postgres } from '../../../src/dialect/postgres/index.ts'
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
