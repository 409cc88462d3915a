import { allCases, operationsOf } from '../support/case.ts'
import { modelAfter } from '../support/compile.ts'
import { DIALECTS } from '../support/evaluate.ts'
import { checkedDiff } from '../support/difference.ts'

// A models document cannot declare a key to a table that is nowhere.
const NOWHERE = 'tests/ops/create-table/forward-reference.yaml'

for (
  const one of allCases().filter(({ expected, file }) => expected.error === undefined && file !== NOWHERE)
) {
  for (const dialect of DIALECTS.filter(({ name }) => typeof one.expected[name] === 'string')) {
    Deno.test(`diff (${dialect.name}): ${one.file}`, () => {
      const { given, operation } = operationsOf(one)
      const before = modelAfter(given, dialect)
      const after = modelAfter([operation], dialect, before)
      // Both sides are schemas that are, not wishes: an extension without a schema is in the default one.
      checkedDiff(before, after, dialect, { placedExtensions: true })
      checkedDiff(after, before, dialect, { placedExtensions: true })
    })
  }
}
