/** Somebody has locked the version table or the journal: nobody waits for it without end. */
import assert from 'node:assert/strict'
import { onConnection } from '../support/on-connection.ts'
import { onPostgres } from '../support/project.ts'

const TABLE = { r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n' }

const COMMANDS = [['current'], ['upgrade', 'head'], ['stamp', 'base'], ['check'], ['journal']]

/** What only looks does without the journal. */
function isShown(table: string, command: string): boolean {
  return table === 'limbeck_journal' && ['current', 'check'].includes(command)
}

for (const table of ['alembic_version', 'limbeck_journal']) {
  for (const args of COMMANDS) {
    if (table === 'alembic_version' && args[0] === 'journal') continue
    Deno.test(`limbeck ${args.join(' ')}: ${table} that is never given back`, () =>
      onPostgres(TABLE, async ({ url, run, done, write }) => {
        write({ 'limbeck.yaml': 'settings: { lock_timeout: 200ms }\nretry_for: 500ms\n' })
        await done('upgrade', 'head')
        await onConnection(url, async (other) => {
          await other.begin()
          await other.run([`SET LOCAL idle_in_transaction_session_timeout = '20s'`, `LOCK TABLE ${table}`])
          const { code, stderr } = await run(...args)
          if (isShown(table, args[0]!)) {
            assert.equal(code, 0, stderr)
            assert.match(stderr, /warning\[no-journal\]: .*: canceling statement due to lock timeout/)
            assert.match(stderr, /note: limbeck_journal: locked by process/)
          } else {
            assert.equal(code, 1, stderr)
            assert.match(stderr, /error\[sql-failed\]: canceling statement due to lock timeout/)
            assert.match(stderr, /hint: .*pg_blocking_pids/)
            assert.match(stderr, new RegExp(`note: ${table}: locked by process`))
          }
          await other.rollback()
        })
        await done(...args)
      }))
  }
}
