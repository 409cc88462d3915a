import { registerPostgresTrials } from '../support/postgres-trials.ts'

registerPostgresTrials(14)
