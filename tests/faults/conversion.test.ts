/**
 * A conversion outside any transaction (`transaction: none`) is cut at every message: rows are converted once, and counters
 * go on where they were.
 */
import assert from 'node:assert/strict'
import { limbeck } from '../support/command-line.ts'
import { cutProxy } from '../support/cut-proxy.ts'
import type { Moment } from '../support/cut-proxy.ts'
import { onPostgres } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const CONVERTED = {
  r1: `upgrade:
  - create_table:
      name: t
      columns: [{ name: id, type: serial, primary_key: true }, { name: x, type: integer }]
  - bulk_insert: { table: t, rows: [{ x: 5 }, { x: 6 }, { x: 7 }] }
  - delete_rows: { table: t, where: id > 1 }
`,
  r2: `transaction: none
upgrade:
  - alter_column: { table: t, column: x, type: bigint, using: x * 100, comment: in cents }
  - alter_column: { table: t, column: x, type: bigint, using: x + 1 }
  - alter_column: { table: t, column: id, type: integer, identity: by_default }
downgrade: { irreversible: rounded }
`,
}

/** What it takes to come to the first statement of the revision. */
const BEFORE = 30

async function assertOnce({ cwd, url, run, done, sql }: Ground, moment: Moment): Promise<void> {
  const proxy = await cutProxy(url)
  try {
    for (let message = BEFORE;; message++) {
      await sql('DROP SCHEMA public CASCADE', 'CREATE SCHEMA public')
      await done('upgrade', 'r1')
      proxy.cutAt(message, moment)
      const { stderr } = await limbeck(['upgrade', 'head', '--url', proxy.url, '--retry-for', '0'], { cwd })
      const again = await run('upgrade', 'head')
      const at = `${moment} message ${message}: ${stderr}\n--- again:\n${again.stderr}`
      assert.equal(again.code, 0, at)
      await sql('INSERT INTO t (x) VALUES (0)')
      assert.deepEqual(await sql('SELECT id, x FROM t ORDER BY id'), ['1 501', '4 0'], at)
      if (proxy.count() >= message) continue
      assert(message > BEFORE + 8, `an undisturbed run took only ${message} messages`)
      return
    }
  } finally {
    await proxy.close()
  }
}

for (const moment of ['before', 'after'] as const) {
  Deno.test(`PostgreSQL: rows are converted once, cut ${moment} each message`, () =>
    onPostgres(CONVERTED, (ground) => assertOnce(ground, moment)))
}
