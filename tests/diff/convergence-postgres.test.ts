import fc from 'fast-check'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { compiled } from '../support/compile.ts'
import { pair } from '../support/generate/pair.ts'
import { runs, told } from '../support/generate/runs.ts'
import { postgresTests } from '../support/postgres-trials.ts'

const { register } = postgresTests(18)

register('generated pairs of schemas converge', (attempt) =>
  fc.assert(
    fc.asyncProperty(fc.gen(), async (choices) => {
      const { trial, from } = pair(choices, postgres)
      const { statements } = compiled(trial.operations, from, postgres)
      const forbidden = statements.some((one) => one.transaction !== undefined)
      await told(trial, () => attempt({ ...trial, forbidden }))
    }),
    runs(40),
  ))
