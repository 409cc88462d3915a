import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { connect, RowsRefused, tryOperations } from '../support/database.ts'
import type { Trial } from '../support/database.ts'
import { pairTrials } from '../support/pair-trials.ts'

async function attempt(trial: Trial, rows: boolean): Promise<void> {
  const connection = await connect(sqlite, 'sqlite://')
  try {
    await tryOperations({ dialect: sqlite, connection, inTransaction: false }, trial, rows)
  } finally {
    await connection.close()
  }
}

for (const trial of pairTrials(sqlite)) {
  Deno.test(`SQLite: ${trial.name}`, async () => {
    try {
      await attempt(trial, true)
    } catch (error) {
      if (!(error instanceof RowsRefused)) throw error
      await attempt(trial, false)
    }
  })
}
