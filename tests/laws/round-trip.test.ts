import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parseRevision } from '../../src/revision/load.ts'
import { revisionText } from '../../src/revision/write.ts'
import type { Operation } from '../../src/ops/index.ts'
import { allCases, operationsOf } from '../support/case.ts'
import { DIALECTS } from '../support/evaluate.ts'
import { history } from '../support/generate/history.ts'
import { runs, told } from '../support/generate/runs.ts'
import { fromYaml } from '../support/operation-yaml.ts'

/** Operations written to a file are read as they were, and written the same again. */
async function checkRoundTrip(operations: readonly Operation[]): Promise<void> {
  const written = (upgrade: readonly Operation[]) =>
    revisionText({ id: 'a', down: [], message: 'm', upgrade })
  const text = written(operations)
  const { upgrade } = await parseRevision(text, 'a.yaml')
  const read = upgrade.map(({ operation }) => operation)
  assert.deepEqual(read, operations)
  assert.equal(written(read), text)
}

for (const one of allCases()) {
  const { error, inverse = [] } = one.expected
  if (error !== undefined) continue
  Deno.test(`round trip: ${one.file}`, async () => {
    const { given, operation } = operationsOf(one)
    const back = 'irreversible' in inverse ? [] : inverse.map(fromYaml)
    await checkRoundTrip([...given, operation, ...back])
  })
}

Deno.test('round trip: generated histories', async () => {
  for (const dialect of DIALECTS) {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (choices) => {
        const trial = history(choices, dialect)
        await told(trial, () => checkRoundTrip([...trial.given, ...trial.operations]))
      }),
      runs(100),
    )
  }
})
