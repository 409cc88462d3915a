import fc from 'fast-check'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { history } from '../support/generate/history.ts'
import { runs, told } from '../support/generate/runs.ts'
import { postgresTests } from '../support/postgres-trials.ts'

postgresTests(18).register('generated histories run, lead where apply says, and back', async (attempt) => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (choices) => {
      const trial = history(choices, postgres)
      await told(trial, () => attempt({ ...trial, forbidden: false }))
    }),
    runs(40),
  )
})
