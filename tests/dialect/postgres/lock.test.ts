import assert from 'node:assert/strict'
import { EXIT, ProblemError } from '../../../src/problem.ts'
import type { LockOptions } from '../../../src/dialect/dialect.ts'
import { lock, lockKey } from '../../../src/dialect/postgres/lock.ts'
import { withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

const patient = (patience: number, said: string[] = []): LockOptions => ({
  patience,
  waiting: (holder) => void said.push(holder),
})

Deno.test('the key is stable, and another for each version table', () => {
  assert.deepEqual(lockKey('alembic_version'), lockKey('alembic_version'))
  assert.equal(lockKey('alembic_version')[0], lockKey('app.alembic_version')[0])
  assert.notEqual(lockKey('alembic_version')[1], lockKey('app.alembic_version')[1])
  for (const key of lockKey('alembic_version')) assert.equal(key, key | 0)
})

Deno.test('a second migration waits, gives up in time and says who is at it', () =>
  withPostgres((url) =>
    withConnection(url, (first) =>
      withConnection(url, async (second) => {
        const { release } = await lock(first, 'v', patient(0))
        const said: string[] = []
        const error = await lock(second, 'v', patient(200, said)).then(
          () => assert.fail(),
          (error: unknown) => error,
        )
        assert(error instanceof ProblemError)
        assert.equal(error.exit, EXIT.locked)
        const [row] = await first.query('SELECT pg_backend_pid() AS pid')
        const [note] = error.problems[0]?.notes ?? []
        assert.match(
          note ?? '',
          new RegExp(`process ${String(row?.['pid'])}: application limbeck, user postgres`),
        )
        assert.equal(said.length, 1)
        assert.equal(note, `held by ${said[0]}`)
        await (await lock(second, 'another', patient(0))).release()
        const waiting = lock(second, 'v', patient(20_000))
        await release()
        await (await waiting).release()
      }))
  ))

Deno.test('a migration that dies gives its lock back', () =>
  withPostgres((url) =>
    withConnection(url, async (survivor) => {
      await withConnection(url, async (dying) => {
        const { release } = await lock(dying, 'v', patient(0))
        const [row] = await dying.query('SELECT pg_backend_pid() AS pid')
        await survivor.query(`SELECT pg_terminate_backend(${String(row?.['pid'])})`)
        await (await lock(survivor, 'v', patient(20_000))).release()
        await assert.rejects(dying.query('SELECT 1'), ProblemError)
        await release()
      })
    })
  ))
