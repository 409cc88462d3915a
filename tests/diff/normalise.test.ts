import assert from 'node:assert/strict'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { diff } from '../../src/diff/index.ts'
import { compiled, modelAfter } from '../support/compile.ts'
import { connect } from '../support/database.ts'
import { fromYaml } from '../support/operation-yaml.ts'
import { withPostgres } from '../support/postgres.ts'

const CHECK = "name ~~ 'a%' OR extract(year FROM seen) BETWEEN 2000 AND 2100 OR name NOT SIMILAR TO 'b'"
const schema = (check: string, query: string) =>
  [
    {
      create_table: {
        name: 'users',
        columns: [
          {
            name: 'name',
            type: 'varchar(30)',
            default: { sql: "concat('a', current_date - interval '1 day')" },
          },
          {
            name: 'seen',
            type: 'timestamptz',
            default: { sql: "(now() at time zone 'utc' + interval '36 hours')" },
          },
          { name: 'twice', type: 'text', generated: { sql: "name || ' ' || coalesce(name, '')" } },
        ],
        checks: [{ name: 'c', condition: check }],
        indexes: [{
          name: 'ix',
          columns: [{ expression: "coalesce(name, 'x') || 'y'" }],
          where: "seen > '2020-01-01' AND name = ANY ('{a,b}')",
        }],
      },
    },
    { create_view: { name: 'all_users', query } },
  ].map(fromYaml)

Deno.test('normalise: what PostgreSQL writes anew is the same, what says something else is not', async () => {
  await withPostgres(async (url) => {
    const connection = await connect(postgres, url)
    try {
      const query = 'SELECT *, (SELECT count(*) FROM users u) AS n FROM users WHERE name LIKE $$a%$$'
      const declared = schema(CHECK, query)
      for (const { sql } of compiled(declared, modelAfter([], postgres), postgres).statements) {
        await connection.run([sql])
      }
      const current = await postgres.introspect(connection)
      const found = async (desired: typeof declared) => {
        const asked = await postgres.normalise!(connection, modelAfter(desired, postgres), current)
        return diff(current, asked, postgres).operations.map((one) => one.op)
      }
      assert.deepEqual(await found(declared), [])
      assert.deepEqual(await found(schema("name LIKE 'b%'", query)), [
        'drop_constraint',
        'create_check_constraint',
      ])
      assert.deepEqual(await found(schema(CHECK, 'SELECT name FROM users')), ['drop_view', 'create_view'])
      assert.deepEqual(await postgres.introspect(connection), current, 'nothing is changed by asking')
    } finally {
      await connection.close()
    }
  })
})
