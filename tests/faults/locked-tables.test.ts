/** Somebody has locked a table whose texts the server has to look up: the schema is not waited for without end. */
import assert from 'node:assert/strict'
import { onConnection } from '../support/on-connection.ts'
import { onPostgres } from '../support/project.ts'

const FILES = {
  r1: `upgrade:
  - create_table: { name: t, columns: [{ name: x, type: integer }] }
  - create_view: { name: v, query: SELECT x FROM t }
`,
  r2: 'upgrade: [{ create_table: { name: u, columns: [{ name: x, type: integer }] } }]\n',
}

for (const args of [['check'], ['inspect'], ['identify'], ['upgrade', 'head']]) {
  Deno.test(`limbeck ${args.join(' ')}: a table under a view is never given back`, () =>
    onPostgres(FILES, async ({ url, run, done, write }) => {
      write({ 'limbeck.yaml': 'settings: { lock_timeout: 200ms }\nretry_for: 500ms\n' })
      await done('upgrade', 'r1')
      await onConnection(url, async (other) => {
        await other.begin()
        await other.run([`SET LOCAL idle_in_transaction_session_timeout = '20s'`, 'LOCK TABLE t'])
        const { code, stderr } = await run(...args)
        assert.equal(code, 1, stderr)
        assert.match(stderr, /error\[sql-failed\]: canceling statement due to lock timeout/)
        assert.match(stderr, /hint: .*`settings: \{ lock_timeout: … \}` says how long to wait/)
        await other.rollback()
      })
    }))
}
