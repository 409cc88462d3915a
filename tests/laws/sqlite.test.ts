import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { connect, RowsRefused, tryOperations } from '../support/database.ts'
import { trialsOf } from '../support/trials.ts'
import type { CaseTrial } from '../support/trials.ts'

async function attempt(trial: CaseTrial, rows: boolean): Promise<void> {
  const connection = await connect(sqlite, 'sqlite://')
  try {
    await tryOperations({ dialect: sqlite, connection, inTransaction: false }, trial, rows)
  } finally {
    await connection.close()
  }
}

for (const trial of trialsOf(sqlite)) {
  Deno.test(`SQLite: ${trial.file}`, async () => {
    try {
      await attempt(trial, true)
    } catch (error) {
      if (!(error instanceof RowsRefused)) throw error
      await attempt(trial, false)
    }
  })
}
