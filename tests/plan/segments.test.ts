/** Where a revision is cut into transactions. */
import assert from 'node:assert/strict'
import { segments } from '../../src/plan/segments.ts'
import type { Rebuild } from '../../src/dialect/dialect.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { PlannedStatement } from '../../src/plan/placed.ts'

const one = rebuildOf('one')
const other = rebuildOf('other')

function rebuildOf(name: string): Rebuild {
  const table = { name, columns: [], uniques: [], checks: [], foreignKeys: [], excludes: [], indexes: [] }
  return { before: table, after: table, carry: {}, model: EMPTY }
}

/** `a` is a statement, `A` one that no transaction holds; `1` and `2` are parts of two rebuilds. */
function statements(text: string): PlannedStatement[] {
  return [...text].map((sql): PlannedStatement => ({
    sql,
    origin: { operation: { op: 'execute', sql }, locate: (problem) => problem },
    ...(/[A-Z]/.test(sql) ? { transaction: 'forbidden' } : {}),
    ...(sql === '1' ? { rebuild: one } : sql === '2' ? { rebuild: other } : {}),
  }))
}

/** Transactions in parentheses, those of rebuilds in brackets. */
function shown(text: string, apart: boolean): string {
  return segments(statements(text), { apart }).map((segment) => {
    if ('alone' in segment) return segment.alone.sql
    const inner = segment.together.map(({ sql }) => sql).join('')
    return segment.rebuild ? `[${inner}]` : `(${inner})`
  }).join(' ')
}

const cases: readonly (readonly [text: string, whole: string, apart: string])[] = [
  ['', '', ''],
  ['ab', '(ab)', 'a b'],
  ['aAb', '(a) A (b)', 'a A b'],
  ['A', 'A', 'A'],
  ['a11b', '[a11b]', 'a [11] b'],
  ['1122', '[1122]', '[11] [22]'],
  ['aA11', '(a) A [11]', 'a A [11]'],
  ['11Ab22', '[11] A [b22]', '[11] A b [22]'],
]

for (const [text, whole, apart] of cases) {
  Deno.test(`"${text}" is cut`, () => {
    assert.equal(shown(text, false), whole)
    assert.equal(shown(text, true), apart)
  })
}

Deno.test('what an operation compiles to is one transaction where each operation stands apart', () => {
  const drop = (name: string): PlannedStatement['origin'] => ({
    operation: { op: 'drop_table', name },
    locate: (problem) => problem,
  })
  const [x, y] = [drop('x'), drop('y')]
  const cut = segments([
    { sql: 'a', origin: x },
    { sql: 'b', origin: x },
    { sql: 'C', origin: x, transaction: 'forbidden' },
    { sql: 'd', origin: x },
    { sql: 'e', origin: y },
  ], { apart: true })
  assert.deepEqual(
    cut.map((one) => 'alone' in one ? one.alone.sql : one.together.map(({ sql }) => sql)),
    [['a', 'b'], 'C', ['d'], ['e']],
  )
})
