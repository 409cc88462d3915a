import assert from 'node:assert/strict'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { diff } from '../../src/diff/index.ts'
import { EMPTY } from '../../src/model/model.ts'
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

Deno.test('normalise: where nothing can be made, a value is asked for by itself', () =>
  withPostgres(async (url) => {
    const connection = await connect(postgres, url)
    try {
      const table = (one: string, other: string) =>
        [{
          create_table: {
            name: 't',
            columns: [
              { name: 'a', type: 'interval', default: one },
              { name: 'b', type: 'varchar(3)', default: other },
            ],
          },
        }].map(fromYaml)
      await connection.run(
        compiled(table('90 minutes', 'abc'), EMPTY, postgres).statements.map(({ sql }) => sql),
      )
      const current = await postgres.introspect(connection)
      const found = async (one: string, other: string) => {
        const asked = await postgres.normalise!(connection, modelAfter(table(one, other), postgres), current)
        return diff(current, asked, postgres).operations.length
      }
      // As a standby is.
      await connection.run(['SET default_transaction_read_only = on'])
      assert.equal(await found('1 hour 30 minutes', 'abc'), 0)
      assert.equal(await found('2 hours', 'abc'), 1)
      assert.equal(await found('90 minutes', 'abcd'), 1)
      assert.equal(await found('no interval', 'abc'), 1)
    } finally {
      await connection.close()
    }
  }))

Deno.test('normalise: a view keeps to the columns that it had, and to their names', async () => {
  await withPostgres(async (url) => {
    const connection = await connect(postgres, url)
    try {
      const declared = [
        {
          create_table: {
            name: 'users',
            columns: [{ name: 'id', type: 'integer' }, { name: 'email', type: 'text' }],
          },
        },
        { create_view: { name: 'everything', query: 'SELECT * FROM users' } },
        { create_view: { name: 'joined', query: 'SELECT u.*, n.id AS n FROM users u CROSS JOIN users n' } },
        {
          create_view: {
            name: 'above',
            query: 'SELECT email FROM everything WHERE email > (SELECT min(email) FROM users)',
          },
        },
        {
          create_materialized_view: {
            name: 'kept',
            query: 'SELECT email, count(*) AS n FROM users GROUP BY email',
          },
        },
        { add_column: { table: 'users', column: { name: 'age', type: 'integer' } } },
        { rename_column: { table: 'users', column: 'email', new_name: 'mail' } },
        { add_column: { table: 'users', column: { name: 'email', type: 'text' } } },
      ].map(fromYaml)
      for (const { sql } of compiled(declared, modelAfter([], postgres), postgres).statements) {
        await connection.run([sql])
      }
      const current = await postgres.introspect(connection)
      const asked = await postgres.normalise!(connection, modelAfter(declared, postgres), current)
      assert.deepEqual(diff(current, asked, postgres).operations, [])
    } finally {
      await connection.close()
    }
  })
})
