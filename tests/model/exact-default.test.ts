import assert from 'node:assert/strict'
import { EMPTY } from '../../src/model/model.ts'
import type { Model } from '../../src/model/model.ts'
import { definitionOf } from '../../src/ops/index.ts'
import type { Operation } from '../../src/ops/index.ts'

/** As introspection reads it: a default that no double can hold. */
const MODEL: Model = {
  ...EMPTY,
  enums: [{ name: 'mood', values: ['sad', 'happy'] }],
  tables: [{
    name: 't',
    columns: [
      { name: 'n', type: { kind: 'bigint' }, nullable: true, default: { literal: 9223372036854775806n } },
      { name: 'm', type: { kind: 'enum', name: 'mood' }, nullable: true },
    ],
    uniques: [],
    checks: [],
    foreignKeys: [],
    excludes: [],
    indexes: [],
  }],
}

const CHANGES: readonly Operation[] = [
  { op: 'rename_enum_value', name: 'mood', from: 'sad', to: 'blue' },
  { op: 'set_enum_values', name: 'mood', values: ['happy', 'blue'], map: { sad: 'blue' } },
]

for (const change of CHANGES) {
  Deno.test(`${change.op} beside a default that no double can hold, there and back`, () => {
    const definition = definitionOf(change)
    const after = definition.apply(change, MODEL)
    const back = definition.invert(change, MODEL)
    assert(!('irreversible' in back))
    assert.deepEqual(back.reduce((model, one) => definitionOf(one).apply(one, model), after), MODEL)
  })
}
