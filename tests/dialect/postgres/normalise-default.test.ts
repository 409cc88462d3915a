/** Defaults that the server keeps in words of its own are the ones that were asked for; others are not. */
import assert from 'node:assert/strict'
import { diff } from '../../../src/diff/index.ts'
import { postgres } from '../../../src/dialect/postgres/index.ts'
import { compiled, modelAfter } from '../../support/compile.ts'
import { connect } from '../../support/database.ts'
import { fromYaml } from '../../support/operation-yaml.ts'
import { withPostgres } from '../../support/postgres.ts'

/** Types, and their defaults as people write them. */
const WRITTEN: readonly (readonly [type: string | object, value: unknown])[] = [
  ['interval', { sql: `interval '1 hour'` }],
  ['interval', { sql: `'01:00'::interval` }],
  ['interval', { sql: `interval '1' day` }],
  ['interval', '90 minutes'],
  ['date', { sql: `date '2020-01-01'` }],
  ['date', '2020-1-1'],
  ['time', '10:00'],
  ['time', { sql: `time '10:00'` }],
  ['timestamp', { sql: `now() AT TIME ZONE 'utc'` }],
  ['timestamptz', { sql: `timestamptz '2020-01-01 00:00+00'` }],
  ['uuid', { sql: `uuid '00000000-0000-0000-0000-000000000000'` }],
  ['json', { sql: `json '{"a": 1}'` }],
  ['integer', { sql: `cast('5' as integer)` }],
  ['text[]', `{"a", b}`],
  ['bytes', `\\xFF`],
  [{ native: 'bit(3)' }, { sql: `b'101'::bit(3)` }],
  ['boolean', { sql: '1 IS NULL' }],
  ['boolean', { sql: 'NOT true' }],
  ['boolean', { sql: `(1 = 1) AND ('a' LIKE 'b')` }],
  ['text', { sql: `'a' COLLATE "C"` }],
  ['text', { sql: `'a' -- the first` }],
]

const table = (values: readonly unknown[]) => [
  fromYaml({
    create_table: {
      name: 't',
      columns: WRITTEN.map(([type], i) => ({ name: `c${i}`, type, default: values[i] })),
    },
  }),
]

Deno.test('what the server makes of a default is that default', () =>
  withPostgres(async (url) => {
    const connection = await connect(postgres, url)
    try {
      const declared = table(WRITTEN.map(([, value]) => value))
      for (const { sql } of compiled(declared, modelAfter([], postgres), postgres).statements) {
        await connection.run([sql])
      }
      const current = await postgres.introspect(connection)
      const found = async (desired: typeof declared) => {
        const asked = await postgres.normalise!(connection, modelAfter(desired, postgres), current)
        return diff(current, asked, postgres).operations.map((one) => 'column' in one ? one.column : one.op)
      }
      assert.deepEqual(await found(declared), [])
      const others = WRITTEN.map(([, value], i) =>
        i === 0 ? { sql: `interval '2 hours'` } : i === 6 ? '11:00' : value
      )
      assert.deepEqual(await found(table(others)), ['c0', 'c6'])
    } finally {
      await connection.close()
    }
  }))
