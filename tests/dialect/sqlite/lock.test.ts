import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import { ProblemError } from '../../../src/problem.ts'
import { OPTIONS, withFolder } from './memory.ts'

const IMPATIENT = { patience: 0, waiting: () => {} }

Deno.test('a file has one lock, also by the name of a link to it', async () => {
  await withFolder(async (folder) => {
    const one = await sqlite.connect(`sqlite:///${join(folder, 'a.db')}`, OPTIONS)
    await one.run(['CREATE TABLE t (a)'])
    await symlink('a.db', join(folder, 'b.db'))
    const other = await sqlite.connect(`sqlite:///${join(folder, 'b.db')}`, OPTIONS)
    const lock = await one.lock('v', IMPATIENT)
    const second = await other.lock('v', IMPATIENT)
    try {
      await lock.hold!()
      await assert.rejects(
        second.hold!(),
        (error) => error instanceof ProblemError && error.problems[0]?.code === 'locked',
      )
    } finally {
      await second.release()
      await lock.release()
      await other.close()
      await one.close()
    }
  })
})
