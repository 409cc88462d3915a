import assert from 'node:assert/strict'
import { canonicalDefault, parseLiteral, sameDefault } from '../../../src/dialect/postgres/default.ts'
import type { DataType, Default, Scalar } from '../../../src/model/model.ts'

const LITERALS: readonly (readonly [text: string, value: Scalar | undefined])[] = [
  [`'a'::text`, 'a'],
  [`'it''s'::character varying(10)`, `it's`],
  [`E'a\\\\b'::text`, 'a\\b'],
  [`'\\'::text`, '\\'],
  [`'it''s \\'::text`, `it's \\`],
  [`E'\\x41'`, undefined],
  [`'x'::app."Mood"`, 'x'],
  [`'{}'::character varying(10)[]`, '{}'],
  [`'2020-01-01 00:00:00+00'::timestamp with time zone`, '2020-01-01 00:00:00+00'],
  [`'-1'::integer`, '-1'],
  ['5', 5],
  ['1.50', 1.5],
  ['(5)::numeric', 5],
  ['12345678901234567890', 12345678901234567890n],
  ['1.2345678901234567890', '1.2345678901234567890'],
  ['0.30000000000000004', 0.30000000000000004],
  ['1e400', '1e400'],
  ['true', true],
  ['NULL::character varying', null],
  ['now()', undefined],
  ['CURRENT_TIMESTAMP', undefined],
  [`('now'::text)::date`, undefined],
  [`'a'::text || 'b'::text`, undefined],
  [`nextval('a'::regclass)`, undefined],
]

for (const [text, value] of LITERALS) {
  Deno.test(`default ${text} is ${value === undefined ? 'an expression' : `the literal ${String(value)}`}`, () => {
    assert.equal(parseLiteral(text), value)
  })
}

type Pair = readonly [type: DataType, a: Default | undefined, b: Default | undefined, same: boolean]
const PAIRS: readonly Pair[] = [
  [{ kind: 'text' }, { literal: 'a' }, { expression: `'a'::text` }, true],
  [{ kind: 'text' }, { literal: 5 }, { literal: '5' }, true],
  [{ kind: 'text' }, { literal: '' }, undefined, false],
  [{ kind: 'text' }, { literal: null }, undefined, true],
  [{ kind: 'integer' }, { literal: '5' }, { expression: '5' }, true],
  [{ kind: 'integer' }, { literal: -1 }, { expression: `'-1'::integer` }, true],
  [{ kind: 'integer' }, { literal: 1 }, { literal: 2 }, false],
  [{ kind: 'numeric', precision: 10, scale: 2 }, { literal: 0 }, { expression: '0.00' }, true],
  [{ kind: 'double' }, { literal: 0.30000000000000004 }, { expression: '0.30000000000000004' }, true],
  [{ kind: 'numeric' }, { literal: '1e400' }, { expression: `'1e400'::numeric` }, true],
  [{ kind: 'numeric' }, { literal: '1e400' }, { literal: '1e401' }, false],
  [{ kind: 'numeric' }, { literal: 1e21 }, { expression: '1000000000000000000000' }, true],
  [{ kind: 'bigint' }, { literal: '9007199254740993' }, { literal: '9007199254740992' }, false],
  [{ kind: 'boolean' }, { literal: 0 }, { expression: 'false' }, true],
  [{ kind: 'boolean' }, { literal: true }, { expression: 'false' }, false],
  [{ kind: 'jsonb' }, { literal: '{"b":1,"a":[]}' }, { expression: `'{"a": [], "b": 1}'::jsonb` }, true],
  [{ kind: 'timestamptz' }, { literal: '2020-01-01' }, {
    expression: `'2020-01-01 00:00:00+00'::timestamp with time zone`,
  }, true],
  [{ kind: 'timestamptz' }, { expression: 'now()' }, { expression: 'NOW( )' }, true],
  [{ kind: 'timestamptz' }, { expression: 'now()' }, { expression: 'CURRENT_TIMESTAMP' }, false],
  [{ kind: 'uuid' }, { literal: 'ABCDEF00-0000-0000-0000-000000000000' }, {
    literal: 'abcdef00-0000-0000-0000-000000000000',
  }, true],
  [{ kind: 'enum', name: 'mood' }, { literal: 'ok' }, { expression: `'ok'::mood` }, true],
]

for (const [type, a, b, same] of PAIRS) {
  Deno.test(`defaults of ${type.kind}: ${JSON.stringify(a)} ${same ? 'is' : 'is not'} ${JSON.stringify(b)}`, () => {
    assert.equal(sameDefault(a, b, type), same)
    assert.equal(sameDefault(b, a, type), same)
  })
}

Deno.test('NULL is no default', () =>
  assert.equal(canonicalDefault({ expression: 'NULL::text' }, { kind: 'text' }), undefined))
