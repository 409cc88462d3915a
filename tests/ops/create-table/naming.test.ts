import assert from 'node:assert/strict'
import { EMPTY } from '../../../src/model/model.ts'
import type { Model } from '../../../src/model/model.ts'
import { constraints, get } from '../../../src/model/edit.ts'
import { createTable } from '../../../src/ops/create-table.ts'
import type { CreateTable } from '../../../src/ops/create-table.ts'
import { fromTable } from '../../../src/ops/parts/from-table.ts'

const CONVENTIONS: Model = {
  ...EMPTY,
  naming: {
    primary_key: 'pk_%(table_name)s',
    unique: 'uq_%(table_name)s_%(column_0_name)s',
    foreign_key: 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s',
    index: 'idx_%(table_name)s_%(column_0_name)s',
  },
}

const NODES: CreateTable = {
  op: 'create_table',
  name: 'nodes',
  columns: [
    { name: 'id', type: 'integer', primary_key: true },
    { name: 'code', type: 'text', unique: true, check: "code <> ''" },
    { name: 'parent', type: 'integer', index: true, references: { table: 'nodes', column: 'id' } },
  ],
}

Deno.test('naming conventions name what has no name; PostgreSQL the rest', () => {
  const table = get(createTable.apply(NODES, CONVENTIONS), 'tables', NODES)
  assert.deepEqual(constraints(table).map(({ constraint }) => [constraint.name, constraint.implicit]), [
    ['pk_nodes', undefined],
    ['uq_nodes_code', undefined],
    ['fk_nodes_parent_nodes', undefined],
    ['nodes_code_check', true],
  ])
  assert.deepEqual(table.indexes.map((one) => one.name), ['idx_nodes_parent'])
})

Deno.test('a table made before there were conventions keeps its names when it is written', () => {
  const model = createTable.apply(NODES, EMPTY)
  const spec = fromTable(get(model, 'tables', NODES), { ...model, naming: CONVENTIONS.naming })
  assert.deepEqual(spec.primary_key, { name: 'nodes_pkey', columns: ['id'] })
  assert.equal(spec.unique?.[0]?.name, 'nodes_code_key')
  assert.equal(spec.checks?.[0]?.name, undefined)
})
