import assert from 'node:assert/strict'
import { diff } from '../../src/diff/index.ts'
import { filtered } from '../../src/diff/filter.ts'
import type { Filter } from '../../src/diff/filter.ts'
import { loadDialect } from '../../src/dialect/index.ts'
import { definitionOf } from '../../src/ops/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import { modelAfter } from '../support/compile.ts'
import { fromYaml } from '../support/operation-yaml.ts'

const dialect = await loadDialect('postgres')

const USERS = fromYaml({ create_table: { name: 'users', columns: [{ name: 'id', type: 'integer' }] } })

/** Something of every kind that a table needs, and that nothing else does. */
const LEGACY = [
  { create_enum: { name: 'mood', values: ['sad', 'ok'] } },
  { create_domain: { name: 'moods', type: { enum: ['sad', 'ok'], name: 'mood' } } },
  { create_sequence: { name: 'numbers' } },
  { create_function: { name: 'one', returns: 'integer', language: 'sql', body: 'SELECT 1' } },
  {
    create_function: {
      name: 'touched',
      returns: 'trigger',
      language: 'plpgsql',
      body: 'BEGIN PERFORM one(); RETURN new; END',
    },
  },
  {
    create_table: {
      name: 'legacy',
      columns: [
        { name: 'mood', type: { native: 'moods' } },
        { name: 'no', type: 'bigint', default: { sql: "nextval('numbers')" } },
      ],
    },
  },
  { create_sequence: { name: 'owned', owned_by: { table: 'legacy', column: 'no' } } },
  { create_view: { name: 'legacy_moods', query: 'SELECT mood FROM legacy' } },
  {
    create_trigger: { name: 't', table: 'legacy', timing: 'before', events: ['insert'], function: 'touched' },
  },
  {
    create_trigger: {
      name: 'v',
      table: 'legacy_moods',
      timing: 'instead_of',
      events: ['insert'],
      function: 'touched',
    },
  },
  { grant: { privileges: ['select'], object: 'table', name: 'legacy', to: ['public'] } },
  { grant: { privileges: ['usage'], object: 'sequence', name: 'numbers', to: ['public'] } },
].map(fromYaml)

/** What is left to do where there is more than the table of the models, in words. */
function left(more: readonly Operation[], filter: Filter): string[] {
  const [from, to] = [modelAfter([USERS, ...more], dialect), modelAfter([USERS], dialect)]
  return diff(from, filtered(to, from, filter), dialect).operations.map((one) =>
    definitionOf(one).describe(one)
  )
}

Deno.test('filter: what goes with an excluded table stays with it', () => {
  assert.deepEqual(left(LEGACY, { exclude: ['legacy*'] }), [])
  assert.deepEqual(left(LEGACY, { include: ['users'] }), [])
})

Deno.test('filter: what nothing needs that is excluded goes', () => {
  const others = [
    { create_enum: { name: 'other', values: ['a'] } },
    { create_sequence: { name: 'others' } },
  ].map(fromYaml)
  assert.deepEqual(left([...LEGACY, ...others], { exclude: ['legacy*'] }), [
    'drop sequence others',
    'drop enum other',
  ])
})

Deno.test('filter: what an excluded column is of stays', () => {
  const column = { name: 'mood', type: { enum: ['sad', 'ok'], name: 'mood' } }
  const added = fromYaml({ add_column: { table: 'users', column } })
  assert.deepEqual(left([added], { exclude: ['users.m*'] }), [])
  assert.deepEqual(left([added], {}), ['drop column users.mood', 'drop enum mood'])
})
