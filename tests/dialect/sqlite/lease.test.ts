/** The lease of a remote database: libSQL's server ends a long transaction for the sake of anybody who wants to write. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import type { Connection } from '../../../src/dialect/dialect.ts'
import { ProblemError } from '../../../src/problem.ts'
import { serve } from '../../support/hrana.ts'
import { OPTIONS, rows, withFolder } from './memory.ts'

const IMPATIENT = { patience: 0, waiting: () => {} }

async function withTwo(test: (one: Connection, other: Connection) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const server = await serve(join(folder, 'remote.db'))
    const one = await sqlite.connect(server.url, OPTIONS)
    const other = await sqlite.connect(`${server.url}?timeout=1`, OPTIONS)
    try {
      await test(one, other)
    } finally {
      await other.close()
      await one.close()
      await server.close()
    }
  })
}

async function secondsLeft(db: Connection): Promise<number> {
  const [row] = await rows(
    db,
    "SELECT expires - CAST(strftime('%s', 'now') AS INTEGER) FROM limbeck_lease WHERE name = 'v'",
  )
  return Number(row?.[0])
}

Deno.test('who waits for a lease writes nothing', async () => {
  await withTwo(async (one, other) => {
    const lock = await one.lock('v', IMPATIENT)
    await one.begin()
    await assert.rejects(
      other.lock('v', IMPATIENT),
      (error) => error instanceof ProblemError && error.problems[0]?.code === 'locked',
    )
    await one.rollback()
    await lock.release()
  })
})

Deno.test('a lease that was not given back is had for long, and who lost it does not write', async () => {
  await withTwo(async (one, other) => {
    const lost = await one.lock('v', IMPATIENT)
    assert.ok(await secondsLeft(one) <= 15)
    await one.run(["UPDATE limbeck_lease SET expires = 0 WHERE name = 'v'"])
    const lock = await other.lock('v', IMPATIENT)
    await other.begin()
    await lost.release()
    await other.rollback()
    assert.ok(await secondsLeft(other) > 50)
    await lock.release()
    assert.deepEqual(await rows(one, 'SELECT * FROM limbeck_lease'), [])
  })
})
