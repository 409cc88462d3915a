import assert from 'node:assert/strict'
import { EXIT, ProblemError } from '../../../src/problem.ts'
import { lock, lockKey } from '../../../src/dialect/postgres/lock.ts'
import { withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

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
        const unlock = await lock(first, 'v')
        const error = await lock(second, 'v', { seconds: 0.2 }).then(
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
        await (await lock(second, 'another'))()
        const waiting = lock(second, 'v', { seconds: 20 })
        await unlock()
        await (await waiting)()
      }))
  ))

Deno.test('a migration that dies gives its lock back', () =>
  withPostgres((url) =>
    withConnection(url, async (survivor) => {
      await withConnection(url, async (dying) => {
        const unlock = await lock(dying, 'v')
        const [row] = await dying.query('SELECT pg_backend_pid() AS pid')
        await survivor.query(`SELECT pg_terminate_backend(${String(row?.['pid'])})`)
        await (await lock(survivor, 'v', { seconds: 20 }))()
        await assert.rejects(dying.query('SELECT 1'), ProblemError)
        await unlock()
      })
    })
  ))
