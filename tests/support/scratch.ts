/** Scratch databases of limbeck on the PostgreSQL server of the tests. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 200
const PATIENCE_MS = 30_000

const NAMES = `SELECT datname FROM pg_database WHERE datname LIKE 'limbeck_scratch_%'`

/**
 * Those that are there now go away: other tests on the server have some of their own.
 * @param sql runs SQL; it gives the rows as texts
 */
export async function assertScratchGone(sql: (text: string) => Promise<readonly string[]>): Promise<void> {
  let left = await sql(NAMES)
  for (let waited = 0; left.length > 0 && waited < PATIENCE_MS; waited += PAUSE_MS) {
    await sleep(PAUSE_MS)
    const now = await sql(NAMES)
    left = left.filter((one) => now.includes(one))
  }
  assert.deepEqual(left, [])
}
