import fc from 'fast-check'
import { assertWrittenAgain } from '../support/inspected.ts'
import { DIALECTS } from '../support/evaluate.ts'
import { history } from '../support/generate/history.ts'
import { modelAfter } from '../support/compile.ts'
import { runs, told } from '../support/generate/runs.ts'

for (const dialect of DIALECTS) {
  Deno.test(`inspect is idempotent on generated schemas: ${dialect.name}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (choices) => {
        const trial = history(choices, dialect)
        const model = modelAfter([...trial.given, ...trial.operations], dialect)
        await told(trial, async () => {
          await assertWrittenAgain(dialect.project(model), dialect)
          await assertWrittenAgain(model, { ...dialect, forgets: true })
        })
      }),
      runs(100),
    )
  })
}
