import assert from 'node:assert/strict'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { EMPTY } from '../../src/model/model.ts'
import { diff } from '../../src/diff/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import { compiled, modelAfter } from '../support/compile.ts'
import { connect } from '../support/database.ts'
import { fromYaml } from '../support/operation-yaml.ts'
import { versionNumber, withPostgres } from '../support/postgres.ts'

const column = (name: string, type: unknown) => ({ name, type })
const table = (more: Readonly<Record<string, unknown>> = {}, columns: readonly unknown[] = []) => ({
  create_table: {
    name: 'users',
    columns: [column('id', 'integer'), column('span', { native: 'int4range' }), ...columns],
    ...more,
  },
})

/** The operations that are found when what was created is given as models. */
async function found(created: readonly object[], models: readonly object[] = created): Promise<string[]> {
  const [given, wanted] = [created, models].map((all) => all.map((one): Operation => fromYaml(one as never)))
  let operations: string[] = []
  await withPostgres(async (url) => {
    const connection = await connect(postgres, url)
    try {
      for (const { sql } of compiled(given!, EMPTY, postgres).statements) await connection.run([sql])
      const current = await postgres.introspect(connection)
      const desired = await postgres.normalise!(connection, modelAfter(wanted!, postgres), current)
      operations = diff(current, desired, postgres, { noRenames: true }).operations.map((one) => one.op)
    } finally {
      await connection.close()
    }
  })
  return operations
}

Deno.test('normalise: the checks of a domain', async () => {
  const domain = (condition: string) => ({
    create_domain: { name: 'percent', type: 'numeric', checks: [{ name: 'c', condition }] },
  })
  const text = `VALUE BETWEEN 0 AND '100' AND VALUE::text NOT SIMILAR TO 'x'`
  assert.deepEqual(await found([domain(text)]), [])
  assert.notDeepEqual(await found([domain(text)], [domain('VALUE > 0')]), [])
})

Deno.test('normalise: exclusion constraints', async () => {
  const exclude = (sql: string, where: string) => [table({
    exclude: [{ name: 'x', elements: [{ expression: sql, with: '&&' }], where }],
  })]
  const first = exclude(`int4range(id, coalesce(id, '0') + '1')`, `upper(span) BETWEEN 1 AND '5'`)
  assert.deepEqual(await found(first), [])
  assert.deepEqual(await found(first, exclude('int4range(id, id + 1)', 'id > 0')), [
    'drop_constraint',
    'create_exclude_constraint',
  ])
})

Deno.test('normalise: the condition of a trigger', async () => {
  const touched = {
    create_function: { name: 'f', returns: 'trigger', language: 'plpgsql', body: 'BEGIN RETURN NEW; END' },
  }
  const trigger = (when: string) => ({
    create_trigger: { name: 't', table: 'users', timing: 'before', events: ['update'], function: 'f', when },
  })
  const when = `NEW.id BETWEEN OLD.id AND '7' OR extract(year FROM now()) NOT IN (1, 2)`
  assert.deepEqual(await found([table(), touched, trigger(when)]), [])
  assert.deepEqual(
    await found([table(), touched, trigger(when)], [table(), touched, trigger('NEW.id > 1')]),
    [
      'drop_trigger',
      'create_trigger',
    ],
  )
})

const STANDARD = 'normalise: standard bodies, which PostgreSQL has since 14'
Deno.test({ name: STANDARD, ignore: versionNumber(18) < 140_000 }, async () => {
  const twice = {
    create_function: {
      name: 'twice',
      arguments: [{ name: 'n', type: 'integer' }],
      returns: 'integer',
      language: 'sql',
      body: `RETURN $1 * '2'`,
    },
  }
  assert.deepEqual(await found([twice]), [])
})

Deno.test('normalise: the columns of a view', async () => {
  const view = (columns: readonly string[]) => ({
    create_view: { name: 'v', columns, query: 'SELECT * FROM users' },
  })
  assert.deepEqual(await found([table(), view(['a', 'b'])]), [])
  assert.deepEqual(await found([table(), view(['a', 'b'])], [table(), view(['a', 'c'])]), [
    'drop_view',
    'create_view',
  ])
})

Deno.test('normalise: a view of all columns is another one when there are more', async () => {
  const views = [
    { create_view: { name: 'v', query: 'SELECT * FROM users' } },
    { create_view: { name: 'w', query: 'SELECT v.* FROM v' } },
  ]
  assert.deepEqual(await found([table(), ...views]), [])
  assert.deepEqual(
    await found([table(), ...views], [table({}, [column('more', 'text')]), ...views]),
    ['drop_view', 'drop_view', 'add_column', 'create_view', 'create_view'],
  )
})

/** Objects of all kinds, and everything of them granted to a role and to another. */
function grantedTo(me: string): readonly Operation[] {
  const column = { name: 'id', type: 'integer' }
  const made = [
    { create_schema: { name: 'App 1' } },
    { create_table: { name: 'users', schema: 'App 1', columns: [column] } },
    { create_sequence: { name: 'n' } },
    { create_enum: { name: 'mood', values: ['sad'] } },
    { create_domain: { name: 'percent', type: 'integer' } },
    {
      create_function: {
        name: 'f',
        language: 'sql',
        arguments: [{ type: 'integer' }],
        returns: 'integer',
        body: 'SELECT 1',
      },
    },
  ]
  const to = { to: [me, 'pg_monitor'], privileges: 'all' }
  const grants = [
    { grant: { object: 'schema', name: 'App 1', ...to } },
    { grant: { object: 'table', name: 'users', schema: 'App 1', ...to } },
    {
      grant: {
        object: 'table',
        name: 'users',
        schema: 'App 1',
        columns: ['id'],
        ...to,
        privileges: ['select'],
      },
    },
    { grant: { object: 'sequence', name: 'n', ...to } },
    { grant: { object: 'type', name: 'mood', ...to } },
    { grant: { object: 'type', name: 'percent', ...to } },
    { grant: { object: 'function', name: 'f', ...to } },
  ]
  return [...made, ...grants].map((one): Operation => fromYaml(one as never))
}

Deno.test('normalise: what is granted to the owner, who has it anyway', async () => {
  await withPostgres(async (url) => {
    const all = grantedTo(new URL(url).username)
    const connection = await connect(postgres, url)
    try {
      for (const { sql } of compiled(all, EMPTY, postgres).statements) await connection.run([sql])
      const current = await postgres.introspect(connection)
      const wanted = modelAfter(all, postgres)
      assert.equal(wanted.grants.length, 2 * current.grants.length)
      const desired = await postgres.normalise!(connection, wanted, current)
      assert.deepEqual(diff(current, desired, postgres, { noRenames: true }).operations, [])
      const empty = await postgres.normalise!(connection, wanted, EMPTY)
      assert.ok(empty.grants.every((one) => one.grantee === 'pg_monitor'), 'others are still to be granted')
      assert.equal(empty.grants.length, current.grants.length)
    } finally {
      await connection.close()
    }
  })
})
