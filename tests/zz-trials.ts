import { sqlite } from '../src/dialect/sqlite/index.ts'
import { connect, RowsRefused, tryOperations } from './support/database.ts'
import { trialsOf } from './support/trials.ts'
let ok = 0
const t0 = performance.now()
for (const trial of trialsOf(sqlite)) {
  for (const rows of [false]) {
    const connection = await connect(sqlite, 'sqlite://')
    try {
      await tryOperations({ dialect: sqlite, connection, inTransaction: false }, trial, rows)
      ok++
    } catch (error) {
      if (error instanceof RowsRefused) continue
      console.log('FAIL', rows, trial.file, String((error as Error).message).slice(0, 600), JSON.stringify((error as any).problems?.[0]?.sql ?? null))
      break
    } finally { await connection.close() }
  }
}
console.log('ok', ok, performance.now() - t0)
