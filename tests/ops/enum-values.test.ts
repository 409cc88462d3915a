import assert from 'node:assert/strict'
import { valuesOf } from '../../src/ops/parts/enum-values.ts'

const MOOD = { name: 'mood' }

/** The SQL with the strings that are values of the enum in brackets; `m` is a column of it. */
function marked(sql: string): string {
  return valuesOf(sql, MOOD, new Set(['m'])).reduceRight(
    (text, { start, end }) => `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`,
    sql,
  )
}

Deno.test('strings that are values of an enum: what is compared with a column of it, and what is cast to it', () => {
  const cases = [
    "SELECT id, [['ok']] = m AS good, m <> [['ok']] AS bad FROM t WHERE t.m = [['ok']] OR n = 'ok'",
    "m NOT IN ([['sad']], [['ok']]) OR n IN ('sad', 'ok')",
    "a.m IS NOT DISTINCT FROM [['ok']] OR [['ok']] = a.m OR n IS DISTINCT FROM 'ok'",
    "CASE t.m WHEN [['sad']] THEN 'ok' WHEN [['ok']] THEN CASE n WHEN 'ok' THEN 'x' END ELSE 'ok' END",
    "CASE WHEN n = 'x' THEN 'ok' WHEN m = [['sad']] THEN 'sad' END",
    "m::text = 'ok' OR 'ok' = m::text OR lower(m) = 'ok'",
    "[['ok']]::mood > m OR CAST([['ok']] AS app.mood) < n OR 'ok'::text = n",
    "SELECT 'ok' AS m, 'ok' AS mood FROM t",
  ]
  for (const one of cases) {
    const expected = one.replaceAll('[[', '[').replaceAll(']]', ']')
    assert.equal(marked(expected.replaceAll(/[[\]]/g, '')), expected)
  }
})
