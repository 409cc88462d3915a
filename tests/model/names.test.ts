/** The names were read off PostgreSQL 18: each is what it gave to the constraint or index without a name. */
import assert from 'node:assert/strict'
import { attach, attachIndex } from '../../src/model/attach.ts'
import { usedColumns, usesColumn } from '../../src/model/used-columns.ts'
import type { Addition } from '../../src/model/attach.ts'
import { constraints } from '../../src/model/edit.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { Model, Naming, Table } from '../../src/model/model.ts'
import { clip, expressionName, objectName } from '../../src/model/names.ts'

function table(name: string, ...columns: string[]): Table {
  return {
    name,
    columns: columns.map((one) => ({ name: one, type: { kind: 'integer' }, nullable: true })),
    uniques: [],
    checks: [],
    foreignKeys: [],
    excludes: [],
    indexes: [],
  }
}

function nameOf(model: Model, owner: Table, addition: Addition): string {
  return constraints(attach(model, owner, addition)).at(-1)!.constraint.name
}

const unique = (...columns: string[]): Addition => ({ kind: 'unique', constraint: { columns } })
const check = (expression: string): Addition => ({ kind: 'check', constraint: { expression } })
const exclude = (...expressions: string[]): Addition => ({
  kind: 'exclude',
  constraint: { using: 'gist', elements: expressions.map((expression) => ({ expression, with: '=' })) },
})

Deno.test('names are cut to 63 bytes, the longer part first, the columns on a tie', () => {
  assert.equal(objectName('t'.repeat(40), 'c'.repeat(40), 'key'), `${'t'.repeat(29)}_${'c'.repeat(29)}_key`)
  assert.equal(objectName('t'.repeat(60), 'c'.repeat(10), 'key'), `${'t'.repeat(48)}_${'c'.repeat(10)}_key`)
  assert.equal(objectName('t'.repeat(63), '', 'pkey'), `${'t'.repeat(58)}_pkey`)
  assert.equal(objectName('t'.repeat(63), '', 'check'), `${'t'.repeat(57)}_check`)
  assert.equal(clip(`${'t'.repeat(62)}é`), 't'.repeat(62))
})

Deno.test('an expression is called by its column, its function or the type it is cast to', () => {
  const cases = {
    'lower(x)': 'lower',
    '  pg_catalog.upper("Tx") ': 'upper',
    '(a)': 'a',
    'ix."Tx"': 'Tx',
    '"Tx" COLLATE "C"': 'Tx',
    'a::text': 'a',
    '(a + 1)::text': 'text',
    'd::numeric(10, 2)': 'd',
    'coalesce(a, b)': 'coalesce',
    'a + b': 'expr',
    'lower(x) || lower(y)': 'expr',
    "j->>'x'": 'expr',
    "'a)' || lower('(')": 'expr',
  }
  for (const [expression, name] of Object.entries(cases)) {
    assert.equal(expressionName(expression), name, expression)
  }
})

Deno.test('an exclusion constraint counts what it calls alike', () => {
  const owner = table('e', 'a', 'b')
  assert.equal(nameOf(EMPTY, owner, exclude('lower(a)', 'upper(a)', 'lower(b)')), 'e_lower_upper_lower1_excl')
  assert.equal(nameOf(EMPTY, owner, exclude('a + b', 'a - b')), 'e_expr_expr1_excl')
})

Deno.test('keys avoid relations and constraints of the schema, checks its constraints only', () => {
  const owner = table('x', 'y')
  const relation = { ...EMPTY, tables: [owner, table('x_y_key', 'i'), table('x_y_check', 'i')] }
  assert.equal(nameOf(relation, owner, unique('y')), 'x_y_key1')
  assert.equal(nameOf(relation, owner, check('y > 0')), 'x_y_check')
  const other = attach(EMPTY, table('z', 'a'), {
    kind: 'check',
    constraint: { name: 'x_y_key', expression: 'a > 0' },
  })
  const elsewhere = {
    ...EMPTY,
    tables: [owner, attach(EMPTY, other, { ...check('a > 1'), kind: 'check' } as Addition)],
  }
  assert.equal(nameOf(elsewhere, owner, unique('y')), 'x_y_key1')
  const same = { ...EMPTY, tables: [owner, attach(EMPTY, table('x_y', 'b'), check('b > 0'))] }
  assert.equal(nameOf(same, table('x', 'y_b'), check('y_b > 0')), 'x_y_b_check1')
  assert.equal(
    nameOf(
      { ...same, tables: same.tables.map((one) => ({ ...one, schema: 's' })) },
      table('x', 'y_b'),
      check('y_b > 0'),
    ),
    'x_y_b_check',
  )
})

Deno.test('a naming convention has the tokens of SQLAlchemy', () => {
  const naming: Naming = {
    unique: 'uq_%(table_name)s_%(column_0_N_name)s',
    foreign_key: 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s_%(referred_column_0_name)s',
    primary_key: 'pk_%(table_name)s_%(column_0N_name)s',
    check: 'ck_%(table_name)s_%(constraint_name)s',
    index: 'ix_%(column_0_label)s_%(column_1_name)s',
  }
  const model = { ...EMPTY, naming }
  const owner = table('t', 'a', 'b')
  const keyed = attach(model, owner, { kind: 'primary_key', constraint: { columns: ['a', 'b'] } })
  assert.equal(keyed.primaryKey?.name, 'pk_t_ab')
  assert.equal(nameOf(model, owner, unique('a', 'b')), 'uq_t_a_b')
  assert.equal(nameOf(model, owner, check('a > 0')), 't_a_check')
  const other = attach(model, table('other', 'id'), { kind: 'primary_key', constraint: { columns: ['id'] } })
  const references = { name: 'other', columns: ['id'] }
  const key: Addition = { kind: 'foreign_key', constraint: { columns: ['b'], references } }
  assert.equal(nameOf({ ...model, tables: [other] }, owner, key), 'fk_t_b_other_id')
  const index = { keys: [{ column: 'a' }, { column: 'b' }] }
  assert.equal(attachIndex(model, owner, index).indexes[0]!.name, 'ix_t_a_b')
  assert.equal(attachIndex(EMPTY, owner, index).indexes[0]!.name, 'ix_t_a')
})

Deno.test('the columns of an expression: no strings, functions, types, qualifiers', () => {
  const owner = table('date', 'a', 'date', 'lower', 'Mixed', 'b c', 'q"`')
  const cases: Readonly<Record<string, readonly string[]>> = {
    "a > 'date'": ['a'],
    'a::date > 0': ['a'],
    'CAST(a AS date) > 0': ['a'],
    'lower(a) = 1': ['a'],
    'date.a > 0': ['a'],
    'date > lower': ['date', 'lower'],
    '"Mixed" > "b c"': ['Mixed', 'b c'],
    '`a` + [b c]': ['a', 'b c'],
    "a = 'it''s date' OR A > 1": ['a'],
    'ab > 0': [],
    '"q""`" > `q"``` + mixed': ['Mixed', 'q"`'],
  }
  for (const [expression, columns] of Object.entries(cases)) {
    assert.deepEqual(usedColumns(expression, owner), columns, expression)
    const names = owner.columns.map(({ name }) => name)
    assert.deepEqual(names.filter((name) => usesColumn(expression, name)), columns, expression)
  }
})
