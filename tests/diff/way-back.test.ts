import assert from 'node:assert/strict'
import { diff, wayBack } from '../../src/diff/index.ts'
import { loadDialect } from '../../src/dialect/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import { modelAfter } from '../support/compile.ts'

const dialect = await loadDialect('postgres')

function mood(name: string, first: string): readonly Operation[] {
  return [{
    op: 'create_table',
    name: 'users',
    columns: [{ name: 'mood', type: { enum: [first, 'happy'], name } }],
  }]
}

Deno.test('renames of enums and of their values are renamed back: rows keep their values', () => {
  const [from, to] = [modelAfter(mood('mood', 'sad'), dialect), modelAfter(mood('feeling', 'blue'), dialect)]
  const renames = [{ from: 'mood', to: 'feeling' }, { from: 'mood.sad', to: 'feeling.blue' }]
  const found = diff(from, to, dialect, { renames })
  assert.deepEqual(found.operations, [
    { op: 'rename_enum', name: 'mood', new_name: 'feeling' },
    { op: 'rename_enum_value', name: 'feeling', from: 'sad', to: 'blue' },
  ])
  assert.deepEqual(wayBack(found, from, dialect).operations, [
    { op: 'rename_enum', name: 'feeling', new_name: 'mood' },
    { op: 'rename_enum_value', name: 'mood', from: 'blue', to: 'sad' },
  ])
})

Deno.test('a value that was renamed is renamed back', () => {
  const [from, to] = [modelAfter(mood('mood', 'sad'), dialect), modelAfter(mood('mood', 'blue'), dialect)]
  const found = diff(from, to, dialect, { renames: [{ from: 'mood.sad', to: 'mood.blue' }] })
  assert.deepEqual(wayBack(found, from, dialect).operations, [
    { op: 'rename_enum_value', name: 'mood', from: 'blue', to: 'sad' },
  ])
})
