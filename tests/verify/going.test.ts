/** Under which names the rows of a table go on. */
import assert from 'node:assert/strict'
import { find } from '../../src/model/edit.ts'
import { definitionOf } from '../../src/ops/index.ts'
import { turnsOf } from '../../src/verify/consequences.ts'
import { goingOf } from '../../src/verify/going.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { modelAfter } from '../support/compile.ts'
import { fromYaml } from '../support/operation-yaml.ts'

const columns = [{ name: 'x', type: 'text' }, { name: 'y', type: 'text' }]
const given = fromYaml({ create_table: { name: 'a', columns } })

/** Where the rows of "a" are after operations: `b(x, z)`; a column under another name is `x:z`. */
function goes(what: string, operations: readonly object[], expected: string | undefined) {
  Deno.test(what, () => {
    let model = modelAfter([given], postgres)
    const table = find(model, 'tables', { name: 'a' })!
    const turns = operations.map((one) => fromYaml(one as never)).flatMap((operation) => {
      const definition = definitionOf(operation)
      const found = turnsOf(definition.effects(operation, model), definition.renames?.(operation) ?? [])
      model = definition.apply(operation, model)
      return found
    })
    const going = goingOf(table, turns)
    const shown = [...going?.columns ?? []].map(([was, name]) => was === name ? was : `${was}:${name}`)
    assert.equal(going && `${going.table.name}(${shown.join(', ')})`, expected)
  })
}

const rename = (name: string, new_name: string) => ({ rename_table: { name, new_name } })
const another = (name: string) => ({ create_table: { name, columns } })

goes('nothing happens', [], 'a(x, y)')
goes('the table is renamed', [rename('a', 'b')], 'b(x, y)')
goes('another takes its name', [rename('a', 'b'), another('a')], 'b(x, y)')
goes('it is renamed, and renamed back', [rename('a', 'b'), rename('b', 'a')], 'a(x, y)')
goes('it is dropped', [{ drop_table: { name: 'a' } }], undefined)
goes('it is dropped, and another has its name', [{ drop_table: { name: 'a' } }, another('a')], undefined)
goes('another is dropped', [another('c'), { drop_table: { name: 'c' } }], 'a(x, y)')
goes('it is renamed and dropped', [rename('a', 'b'), { drop_table: { name: 'b' } }], undefined)
goes('a column is dropped', [{ drop_column: { table: 'a', column: 'x' } }], 'a(y)')
goes('a column is renamed', [{ rename_column: { table: 'a', column: 'x', new_name: 'z' } }], 'a(x:z, y)')
goes('a column is altered and renamed', [
  { alter_column: { table: 'a', column: 'x', nullable: false, new_name: 'z' } },
], 'a(x:z, y)')
goes('columns take each other’s names', [
  { rename_column: { table: 'a', column: 'x', new_name: 'z' } },
  { rename_column: { table: 'a', column: 'y', new_name: 'x' } },
  { rename_column: { table: 'a', column: 'z', new_name: 'y' } },
], 'a(x:y, y:x)')
goes('SQL says that it renames', [
  { execute: { sql: 'ALTER TABLE a RENAME TO b', effects: [rename('a', 'b')] } },
], 'b(x, y)')
