import { loadParser } from '../../src/dialect/postgres/expression.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { pairTrials } from '../support/pair-trials.ts'
import { versionNumber } from '../support/postgres.ts'
import { postgresTests } from '../support/postgres-trials.ts'
import { oneIn } from '../support/sample.ts'

await loadParser()

const { register, version } = postgresTests(14)
for (const trial of oneIn(3, pairTrials(postgres, versionNumber(version)))) {
  register(trial.name, (attempt) => attempt(trial))
}
