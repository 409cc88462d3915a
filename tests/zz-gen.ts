import fc from 'fast-check'
import { sqlite } from '../src/dialect/sqlite/index.ts'
import { history } from './support/generate/history.ts'
import { connect, RowsRefused, tryOperations } from './support/database.ts'
let n = 0
const seen = new Set<string>()
const t0 = performance.now()
for (let seed = 20; seed <= 36; seed++) {
  const r = await fc.check(fc.asyncProperty(fc.gen(), async (choices) => {
    const trial = history(choices, sqlite)
    for (const rows of [true, false]) {
      const connection = await connect(sqlite, 'sqlite://')
      try { await tryOperations({ dialect: sqlite, connection, inTransaction: false }, trial, rows); n++; return }
      catch (error) { if (error instanceof RowsRefused) continue; (error as any).trial = trial; throw error }
      finally { await connection.close() }
    }
  }), { numRuns: 40, seed, endOnFailure: false, interruptAfterTimeLimit: 15000 })
  const e = r.errorInstance as any
  if (e) { const m = String(e.message).slice(0, 700); const k = m.replace(/[a-z_]+\d*/g,'').slice(0,80); if (!seen.has(k)) { seen.add(k); console.log('SEED', seed, m, JSON.stringify(e.problems?.[0]?.sql ?? null), '\n', JSON.stringify(e.trial).slice(0, 1800)) } }
}
console.log('passed', n, performance.now() - t0)
