import assert from 'node:assert/strict'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import { readType } from '../../../src/dialect/sqlite/types.ts'
import type { DataType, Default } from '../../../src/model/model.ts'

const EQUAL: readonly (readonly [DataType, string])[] = [
  [{ kind: 'double' }, 'FLOAT'],
  [{ kind: 'uuid' }, 'UUID'],
  [{ kind: 'uuid' }, 'CHAR(32)'],
  [{ kind: 'timestamptz' }, 'TIMESTAMP'],
  [{ kind: 'jsonb' }, 'JSONB'],
  [{ kind: 'boolean' }, 'bool'],
  [{ kind: 'varchar', length: 9 }, 'character varying(9)'],
  [{ kind: 'numeric', precision: 4, scale: 1 }, 'DECIMAL(4, 1)'],
  [{ kind: 'integer' }, 'int'],
]

Deno.test('declared types that mean the same are the same', () => {
  for (const [type, declared] of EQUAL) assert.ok(sqlite.sameType(type, readType(declared)), declared)
  assert.ok(!sqlite.sameType({ kind: 'varchar', length: 9 }, { kind: 'varchar', length: 10 }))
  assert.ok(!sqlite.sameType({ kind: 'integer' }, { kind: 'bigint' }))
  assert.ok(!sqlite.sameType({ kind: 'native', postgres: 'inet' }, { kind: 'text' }))
})

Deno.test('defaults are compared by their values', () => {
  const integer: DataType = { kind: 'integer' }
  const same: readonly (readonly [Default | undefined, Default | undefined, DataType])[] = [
    [{ expression: 'now()' }, { expression: 'CURRENT_TIMESTAMP' }, { kind: 'timestamp' }],
    [{ expression: '(current_timestamp)' }, { expression: 'CURRENT_TIMESTAMP' }, { kind: 'timestamp' }],
    [{ literal: true }, { literal: 1 }, { kind: 'boolean' }],
    [{ expression: 'false' }, { literal: '0' }, { kind: 'boolean' }],
    [{ literal: '5' }, { literal: 5 }, integer],
    [{ literal: 1e308 }, { expression: '1e+308' }, { kind: 'double' }],
    [{ literal: 1e21 }, { expression: '1000000000000000000000.0' }, { kind: 'numeric' }],
    [{ literal: 'f' }, { literal: 0 }, { kind: 'boolean' }],
    [{ literal: '\\xDEAD' }, { expression: "x'dead'" }, { kind: 'bytea' }],
    [{ literal: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' }, { literal: 'a0eebc999c0b4ef8bb6d6bb9bd380a11' }, {
      kind: 'uuid',
    }],
    [{ expression: "'x'" }, { literal: 'x' }, { kind: 'text' }],
    [undefined, { literal: null }, integer],
  ]
  for (const [a, b, type] of same) assert.ok(sqlite.sameDefault(a, b, type), JSON.stringify([a, b]))
  assert.ok(!sqlite.sameDefault({ literal: '5' }, { literal: 5 }, { kind: 'text' }))
  assert.ok(!sqlite.sameDefault({ literal: '9007199254740993' }, { literal: '9007199254740992' }, integer))
  assert.ok(!sqlite.sameDefault(undefined, { literal: 0 }, integer))
  assert.ok(!sqlite.sameDefault({ literal: 'now()' }, { expression: 'now()' }, { kind: 'text' }))
})

Deno.test('expressions are compared by their tokens', () => {
  const same: readonly (readonly [string, string])[] = [
    ['a > 0 AND b', '((A>0) and "b")'.replace('(A>0)', 'A>0')],
    ['lower(x)', '( LOWER( "x" ) )'],
    ['a != 1', 'a<>1 -- no'],
    ['((a))', 'a'],
    ['x = (1)', 'x == 1'],
  ]
  for (const [a, b] of same) assert.ok(sqlite.sameExpression(a, b), `${a} / ${b}`)
  const different: readonly (readonly [string, string])[] = [
    ["a = 'X'", "a = 'x'"],
    ['(a or b) and c', 'a or b and c'],
    ['f(a)', 'f a'],
    ['a in (1)', 'a in 1'],
    ['a > 0', 'a >= 0'],
  ]
  for (const [a, b] of different) assert.ok(!sqlite.sameExpression(a, b), `${a} / ${b}`)
})
