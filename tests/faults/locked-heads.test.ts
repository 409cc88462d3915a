/** Somebody has locked the version table: nobody waits for it without end. */
import assert from 'node:assert/strict'
import { onConnection } from '../support/on-connection.ts'
import { onPostgres } from '../support/project.ts'

const TABLE = { r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n' }

for (const args of [['current'], ['upgrade', 'head'], ['stamp', 'base'], ['check']]) {
  Deno.test(`limbeck ${args.join(' ')}: a version table that is never given back`, () =>
    onPostgres(TABLE, async ({ url, run, done, write }) => {
      write({ 'limbeck.yaml': 'settings: { lock_timeout: 200ms }\nretry_for: 500ms\n' })
      await done('upgrade', 'head')
      await onConnection(url, async (other) => {
        await other.begin()
        await other.run([
          `SET LOCAL idle_in_transaction_session_timeout = '20s'`,
          'LOCK TABLE alembic_version',
        ])
        const { code, stderr } = await run(...args)
        assert.equal(code, 1, stderr)
        assert.match(stderr, /error\[sql-failed\]: canceling statement due to lock timeout/)
        assert.match(stderr, /hint: .*pg_blocking_pids/)
        await other.rollback()
      })
      await done(...args)
    }))
}
