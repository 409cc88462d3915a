import fc from 'fast-check'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { connect, RowsRefused, tryOperations } from '../support/database.ts'
import type { Trial } from '../support/database.ts'
import { pair } from '../support/generate/pair.ts'
import { runs, told } from '../support/generate/runs.ts'

async function attempt(trial: Trial, rows: boolean): Promise<void> {
  const connection = await connect(sqlite, 'sqlite://')
  try {
    await tryOperations({ dialect: sqlite, connection, inTransaction: false }, trial, rows)
  } finally {
    await connection.close()
  }
}

Deno.test('SQLite: generated pairs of schemas converge', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (choices) => {
      const { trial } = pair(choices, sqlite)
      await told(trial, async () => {
        try {
          await attempt(trial, true)
        } catch (error) {
          if (!(error instanceof RowsRefused)) throw error
          await attempt(trial, false)
        }
      })
    }),
    runs(60),
  )
})
