import { loadParser } from '../../src/dialect/postgres/expression.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { pairTrials } from '../support/pair-trials.ts'
import { postgresTests } from '../support/postgres-trials.ts'

await loadParser()

const { register, version } = postgresTests(14)
for (const trial of pairTrials(postgres, version * 10_000)) {
  register(trial.name, (attempt) => attempt(trial))
}
