import assert from 'node:assert/strict'
import process from 'node:process'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { tableOf } from '../../src/model/edit.ts'
import { renameColumn, renameTable } from '../../src/model/rename.ts'
import { modelAfter } from '../support/compile.ts'
import { fromYaml } from '../support/operation-yaml.ts'

const model = modelAfter(
  [
    { create_table: { name: 't', columns: [{ name: 'a', type: 'integer' }] } },
    { create_table: { name: 'u', columns: [{ name: 'b', type: 'integer' }] } },
    { create_policy: { name: 'p', table: 'u', using: 'b > 0' } },
    {
      create_function: {
        name: 'f',
        returns: 'bigint',
        language: 'sql',
        body: 'RETURN (SELECT count(*) FROM u)',
      },
    },
  ].map(fromYaml),
  postgres,
)
const table = tableOf(model, { table: 't' })

for (
  const [what, after] of [
    ['a column', renameColumn(model, table, 'a', 'c')],
    ['a table', renameTable(model, table, 'w')],
  ] as const
) {
  Deno.test(`what does not read ${what} that is renamed is not made anew`, () => {
    assert.equal(tableOf(after, { table: 'u' }), tableOf(model, { table: 'u' }))
    assert.equal(after.functions[0], model.functions[0])
  })
}

const COUNT = 1500
const RENAMES = 200
/** Of the processor, in milliseconds: far above what is needed, far below what reading all texts each time takes. */
const PATIENCE = 4_000

Deno.test('of thousands of views and triggers a rename reads those that name what is renamed', () => {
  const places = Array.from({ length: COUNT }, (_, i) => i)
  const columns = [{ name: 'id', type: 'integer' }, { name: 'a', type: 'integer' }]
  const many = modelAfter(
    [
      { create_table: { name: 'u', columns } },
      ...places.map((i) => ({ create_table: { name: `t${i}_`, columns } })),
      ...places.map((i) => ({
        create_view: { name: `v${i}`, query: `SELECT t${i}_.a FROM t${i}_ JOIN u ON u.id = t${i}_.id` },
      })),
      ...places.map((i) => ({
        only: 'sqlite',
        create_trigger: {
          name: `g${i}`,
          table: `t${i}_`,
          timing: 'after',
          events: ['insert'],
          body: `UPDATE t${i}_ SET a = 1 WHERE id = NEW.id`,
        },
      })),
    ].map(fromYaml),
    sqlite,
  )
  const begin = process.cpuUsage()
  const renamed = places.slice(0, RENAMES).reduce(
    (sofar, i) => renameColumn(sofar, tableOf(sofar, { table: `t${i}_` }), 'a', 'b'),
    many,
  )
  const { user, system } = process.cpuUsage(begin)
  assert.match(JSON.stringify(renamed.triggers[3]), /UPDATE t3_ SET b = 1 WHERE id = NEW\.id/)
  assert.equal(renamed.views[RENAMES], many.views[RENAMES])
  assert((user + system) / 1000 < PATIENCE, `${(user + system) / 1000} ms`)
})
