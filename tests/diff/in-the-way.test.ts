/** What operations would take away of things that are left alone. */
import assert from 'node:assert/strict'
import { leftAlone } from '../../src/diff/filter.ts'
import { withoutTaken } from '../../src/diff/in-the-way.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { EMPTY } from '../../src/model/model.ts'
import { modelAfter } from '../support/compile.ts'
import { fromYaml } from '../support/operation-yaml.ts'

const COLUMNS = [{ name: 'id', type: 'integer', primary_key: true }, { name: 'n', type: 'integer' }]
const current = modelAfter(
  [
    { create_table: { name: 't', columns: COLUMNS } },
    {
      create_table: {
        name: 'legacy',
        columns: [{ name: 't', type: 'integer', references: { table: 't', column: 'id' } }],
      },
    },
    { create_view: { name: 'bi', query: 'SELECT n FROM t' } },
    {
      create_function: { name: 'f', returns: 'trigger', language: 'plpgsql', body: 'BEGIN RETURN new; END' },
    },
    { create_trigger: { name: 'audit', table: 't', timing: 'before', events: ['insert'], function: 'f' } },
    { grant: { privileges: ['select'], object: 'table', name: 'bi', to: ['reader'] } },
  ].map(fromYaml),
  postgres,
)
const left = leftAlone(current, { exclude: ['legacy', 'view:bi', 'trigger:audit', 'function:f', 'grant:*'] })!

function taken(...operations: Readonly<Record<string, unknown>>[]) {
  const both = withoutTaken([current, current], operations.map(fromYaml), left)
  return both === undefined ? undefined : both[0]
}

Deno.test('a view that is dropped is in the way, were it created again, and what is granted on it', () => {
  const query = 'SELECT n FROM t'
  const found = taken({ drop_view: { name: 'bi' } }, { create_view: { name: 'bi', query } })
  assert.deepEqual([found?.views, found?.grants], [[], []])
  assert.deepEqual(found?.tables, current.tables)
})

Deno.test('so are a foreign key, a trigger of a table that was renamed, and its function', () => {
  const found = taken(
    { drop_constraint: { name: 'legacy_t_fkey', table: 'legacy', type: 'foreign_key' } },
    { rename_table: { name: 't', new_name: 'u' } },
    { drop_trigger: { name: 'audit', table: 'u' } },
    { drop_function: { name: 'f', arguments: [] } },
  )
  assert.deepEqual(found?.tables.map((one) => [one.name, one.foreignKeys.length]), [['t', 0], ['legacy', 0]])
  assert.deepEqual([found?.triggers, found?.functions], [[], []])
  assert.deepEqual(found?.views, current.views)
})

Deno.test('what follows something that is renamed is not', () => {
  const rename = { rename_column: { table: 't', column: 'n', new_name: 'm' } }
  assert.equal(taken(rename, { add_column: { table: 't', column: { name: 'x', type: 'text' } } }), undefined)
})

Deno.test('where all is compared nothing is left alone', () => {
  assert.equal(leftAlone(EMPTY, { exclude: [] }), undefined)
})
