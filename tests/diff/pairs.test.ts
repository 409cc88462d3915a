import assert from 'node:assert/strict'
import { loadParser } from '../../src/dialect/postgres/expression.ts'
import { loadDialect } from '../../src/dialect/index.ts'
import { allPairs, modelsOf, results, shownResults } from '../support/diff-case.ts'
import { checkedDiff } from '../support/difference.ts'

await loadParser()

for (const one of allPairs()) {
  Deno.test(`pair: ${one.file}`, async () => {
    assert.equal(
      shownResults(await results(one)),
      shownResults(one.expected),
      `${one.file} is not current: see scripts/golden-diff.ts`,
    )
    if (Object.values(one.expected).some((each) => each.error !== undefined)) return
    for (const name of one.dialects) {
      const dialect = await loadDialect(name)
      const { from, to } = modelsOf(one, dialect)
      checkedDiff(from, to, dialect)
      checkedDiff(to, from, dialect)
    }
  })
}
