import assert from 'node:assert/strict'
import { postgres } from '../../src/dialect/postgres/index.ts'
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
