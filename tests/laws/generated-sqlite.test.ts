import fc from 'fast-check'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { connect, RowsRefused, tryOperations } from '../support/database.ts'
import type { Trial } from '../support/database.ts'
import { history } from '../support/generate/history.ts'
import { runs, told } from '../support/generate/runs.ts'

async function attempt(trial: Trial, rows: boolean): Promise<void> {
  const connection = await connect(sqlite, 'sqlite://')
  try {
    await tryOperations({ dialect: sqlite, connection, inTransaction: false }, trial, rows)
  } catch (error) {
    if (error instanceof RowsRefused) return await attempt(trial, false)
    throw error
  } finally {
    await connection.close()
  }
}

Deno.test('SQLite: generated histories run, lead where apply says, and back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (choices) => {
      const trial = history(choices, sqlite)
      await told(trial, () => attempt(trial, true))
    }),
    runs(40),
  )
})
