/** What a server is too old for is said when its SQL is written, at the field, and not by the server in the middle of a run. */
import assert from 'node:assert/strict'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { EMPTY } from '../../src/model/model.ts'
import { ProblemError } from '../../src/problem.ts'
import { compiled, modelAfter } from '../support/compile.ts'
import { fromYaml } from '../support/operation-yaml.ts'

interface Case {
  readonly name: string
  readonly given?: readonly object[]
  readonly operation: object
  /** The first version that has it. */
  readonly since: number
  readonly message: string
  readonly path: string
}

const COLUMNS = [{ name: 'id', type: 'integer', primary_key: true }, { name: 'email', type: 'text' }]
const USERS = { create_table: { name: 'users', columns: COLUMNS } }
const NULLS = { columns: ['email'], nulls_not_distinct: true }
const RETURN = { arguments: [], returns: 'integer', language: 'sql', body: 'RETURN 1' }
const COMPUTED = {
  create_table: {
    name: 'totals',
    columns: [...COLUMNS, { name: 'twice', type: 'integer', generated: { sql: 'id * 2' } }],
  },
}

const CASES: readonly Case[] = [
  {
    name: 'a unique index with NULLS NOT DISTINCT',
    given: [USERS],
    operation: { create_index: { name: 'ix', table: 'users', unique: true, ...NULLS } },
    since: 15,
    message: 'PostgreSQL 14 has no NULLS NOT DISTINCT',
    path: 'nulls_not_distinct',
  },
  {
    name: 'a constraint with NULLS NOT DISTINCT',
    given: [USERS],
    operation: { create_unique_constraint: { name: 'uq', table: 'users', ...NULLS } },
    since: 15,
    message: 'PostgreSQL 14 has no NULLS NOT DISTINCT',
    path: 'nulls_not_distinct',
  },
  {
    name: 'a constraint of a new table',
    operation: { create_table: { name: 'users', columns: COLUMNS, unique: [{ name: 'uq', ...NULLS }] } },
    since: 15,
    message: 'PostgreSQL 14 has no NULLS NOT DISTINCT',
    path: 'unique.0.nulls_not_distinct',
  },
  {
    name: 'an index of a new table',
    operation: {
      create_table: { name: 'users', columns: COLUMNS, indexes: [{ name: 'ix', unique: true, ...NULLS }] },
    },
    since: 15,
    message: 'PostgreSQL 14 has no NULLS NOT DISTINCT',
    path: 'indexes.0.nulls_not_distinct',
  },
  {
    name: 'an index of a new materialized view',
    given: [USERS],
    operation: {
      create_materialized_view: {
        name: 'emails',
        query: 'SELECT email FROM users',
        indexes: [{ name: 'ix', unique: true, ...NULLS }],
      },
    },
    since: 15,
    message: 'PostgreSQL 14 has no NULLS NOT DISTINCT',
    path: 'indexes.0.nulls_not_distinct',
  },
  {
    name: 'a view with the rights of who asks',
    operation: { create_view: { name: 'v', query: 'SELECT 1 AS a', security_invoker: true } },
    since: 15,
    message: 'PostgreSQL 14 has no views with security_invoker',
    path: 'security_invoker',
  },
  {
    name: 'MAINTAIN granted',
    given: [USERS],
    operation: {
      grant: { privileges: ['select', 'maintain'], object: 'table', name: 'users', to: ['public'] },
    },
    since: 17,
    message: 'PostgreSQL 16 has no privilege MAINTAIN',
    path: 'privileges.1',
  },
  {
    name: 'MAINTAIN revoked',
    given: [USERS],
    operation: { revoke: { privileges: ['maintain'], object: 'table', name: 'users', from: ['public'] } },
    since: 17,
    message: 'PostgreSQL 16 has no privilege MAINTAIN',
    path: 'privileges.0',
  },
  {
    name: 'a procedure with a parameter out',
    operation: {
      create_procedure: {
        name: 'p',
        arguments: [{ name: 'n', type: 'integer' }, { name: 'x', mode: 'out', type: 'integer' }],
        language: 'plpgsql',
        body: 'BEGIN x := n; END',
      },
    },
    since: 14,
    message: 'PostgreSQL 13 has no procedures with parameters out',
    path: 'arguments.1.mode',
  },
  {
    name: 'a standard body',
    operation: { create_function: { name: 'one', ...RETURN } },
    since: 14,
    message: 'PostgreSQL has standard bodies (RETURN, BEGIN ATOMIC) from version 14',
    path: 'body',
  },
  {
    name: 'another expression of a generated column',
    given: [COMPUTED],
    operation: { alter_column: { table: 'totals', column: 'twice', generated: { sql: 'id + id' } } },
    since: 17,
    message: 'PostgreSQL before 17 cannot change what a column is computed from ("twice")',
    path: 'generated',
  },
  {
    name: 'a virtual column',
    given: [USERS],
    operation: {
      add_column: {
        table: 'users',
        column: { name: 'twice', type: 'integer', generated: { sql: 'id * 2', stored: false } },
      },
    },
    since: 18,
    message: 'PostgreSQL 17 has no virtual generated columns ("twice")',
    path: 'column.generated.stored',
  },
]

for (const { name, given = [], operation, since, message, path } of CASES) {
  Deno.test(`${name}: from PostgreSQL ${since}`, () => {
    const operations = [...given, operation].map((one) => fromYaml(one as never))
    const compile = (major: number) => compiled(operations, EMPTY, postgres, major * 10_000).statements
    assert(compile(since).length > 0)
    assert.throws(() => compile(since - 1), (error) => {
      assert(error instanceof ProblemError)
      const told = error.problems.map((one) => [one.code, one.message, one.path?.join('.')])
      assert.deepEqual(told, [['unsupported', message, path]])
      return true
    })
  })
}

Deno.test('before 18 heirs that refuse NULLs themselves go on doing so when their parent takes them', () => {
  const note = { name: 'note', type: 'text', nullable: false }
  const given = [
    { create_table: { name: 'p', columns: [note] } },
    { create_table: { name: 'c', columns: [note], inherits: ['p'] } },
    { create_table: { name: 'd', columns: [], inherits: ['p'] } },
  ]
  const before = modelAfter(given.map(fromYaml), postgres)
  const operation = fromYaml({ alter_column: { table: 'p', column: 'note', nullable: true } })
  const texts = (version: number) =>
    compiled([operation], before, postgres, version).statements.map(({ sql }) => sql)
  const [drop, ...more] = texts(170_000)
  assert.deepEqual(more, ['ALTER TABLE c ALTER COLUMN note SET NOT NULL'])
  assert.deepEqual(texts(180_000), [drop])
})
