/** Which tables are given rows and read again. */
import assert from 'node:assert/strict'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { EMPTY } from '../../src/model/model.ts'
import { definitionOf } from '../../src/ops/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import type { Placed } from '../../src/plan/placed.ts'
import { reachOf } from '../../src/verify/reach.ts'

const column = (name: string) => ({ name, type: 'integer' })
const GIVEN: readonly Operation[] = [
  { op: 'create_table', name: 'a', columns: [{ ...column('id'), primary_key: true }] },
  { op: 'create_table', name: 'b', columns: [{ ...column('a'), references: { table: 'a', column: 'id' } }] },
  { op: 'create_table', name: 'c', columns: [column('n')] },
]
const BEFORE = GIVEN.reduce((model, one) => definitionOf(one).apply(one, model), EMPTY)

const CASES: readonly (readonly [reached: string, ...operations: Operation[]])[] = [
  ['', { op: 'create_table', name: 'd', columns: [column('n')] }],
  ['c', { op: 'add_column', table: 'c', column: column('m') }],
  ['a b', { op: 'add_column', table: 'a', column: column('m') }],
  ['a b', { op: 'rename_column', table: 'b', column: 'a', new_name: 'x' }],
  ['a c', {
    op: 'add_column',
    table: 'c',
    column: { ...column('a'), references: { table: 'a', column: 'id' } },
  }],
  ['c', { op: 'rename_table', name: 'c', new_name: 'd' }],
  ['c', { op: 'drop_table', name: 'c' }, { op: 'create_table', name: 'd', columns: [column('n')] }],
  ['a b c', { op: 'rename_table', name: 'a', new_name: 'd' }, { op: 'drop_table', name: 'c' }],
  ['a b c', { op: 'execute', sql: 'SELECT 1', effects: 'none' }],
  ['a b c', { op: 'delete_rows', table: 'c' }],
]

for (const [reached, ...operations] of CASES) {
  const described = operations.map((one) => definitionOf(one).describe(one)).join(', ')
  Deno.test(`${described} reaches ${reached || 'none'}`, () => {
    const placed = operations.map((operation): Placed => ({ operation, locate: (problem) => problem }))
    const found = reachOf([placed], BEFORE, { dialect: sqlite, server: sqlite.newest })(BEFORE)
    assert.equal(found.map((one) => one.name).join(' '), reached)
  })
}
