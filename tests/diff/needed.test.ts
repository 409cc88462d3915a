import assert from 'node:assert/strict'
import { diff } from '../../src/diff/index.ts'
import { loadDialect } from '../../src/dialect/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import { modelAfter } from '../support/compile.ts'

const dialect = await loadDialect('postgres')

/** Extensions and a function, and a table that needs some of it. */
const THERE: readonly Operation[] = [
  { op: 'create_extension', name: 'pg_trgm' },
  { op: 'create_extension', name: 'citext' },
  {
    op: 'create_function',
    name: 'fits',
    arguments: ['integer'],
    returns: 'boolean',
    language: 'sql',
    body: 'SELECT true',
  },
]

function table(type: string): Operation {
  return {
    op: 'create_table',
    name: 't',
    columns: [
      { name: 's', type: 'text' },
      { name: 'c', type: { postgres: type } },
      { name: 'n', type: 'integer' },
    ],
    indexes: [{ name: 'ix', using: 'gin', columns: [{ column: 's', opclass: 'gin_trgm_ops' }] }],
    checks: [{ name: 'c', condition: 'fits(n)' }],
  }
}

Deno.test('what the models need and do not name is not dropped, which would fail, but told', () => {
  const from = modelAfter([...THERE, table('citext')], dialect)
  const { operations, notes } = diff(from, modelAfter([table('xml')], dialect), dialect)
  assert.deepEqual(operations, [
    { op: 'alter_column', table: 't', column: 'c', type: { postgres: 'xml' } },
    { op: 'drop_extension', name: 'citext' },
  ])
  assert.deepEqual(notes.map((one) => one.message), [
    'function "fits(integer)" is not wanted, but used by the check "c" of "t"',
    'extension "pg_trgm" is not wanted, but used by the index "ix"',
  ])
})

Deno.test('the function of a trigger that stays is told, too: the history may know the trigger alone', () => {
  const [t, f, trigger]: Operation[] = [
    { op: 'create_table', name: 't', columns: [{ name: 'a', type: 'integer' }] },
    {
      op: 'create_function',
      name: 'f',
      returns: 'trigger',
      language: 'plpgsql',
      body: 'BEGIN RETURN NEW; END',
    },
    { op: 'execute', sql: 'CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()' },
  ] as const
  const from = modelAfter([t!, f!, trigger!], dialect)
  const { operations, notes } = diff(from, modelAfter([t!, trigger!], dialect), dialect)
  assert.deepEqual(operations, [])
  assert.deepEqual(notes.map((one) => one.message), [
    'function "f()" is not wanted, but used by the trigger "g" on "t"',
  ])
})

Deno.test('a sequence that a column counts by is told, too', () => {
  const table = (...more: readonly { readonly name: string; readonly type: string }[]): Operation => ({
    op: 'create_table',
    name: 't',
    columns: [{ name: 'id', type: 'integer', default: { sql: "nextval('numbers')" } }, ...more],
  })
  const from = modelAfter([{ op: 'create_sequence', name: 'numbers' }, table()], dialect)
  const { operations, notes } = diff(from, modelAfter([table({ name: 'x', type: 'text' })], dialect), dialect)
  assert.deepEqual(operations.map((one) => one.op), ['add_column'])
  assert.deepEqual(notes.map((one) => one.message), ['sequence "numbers" is not wanted, but used by "t.id"'])
})
