/** What an upgrade that waited says of the database before it: as it was when its turn came. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { onSqlite } from '../support/project.ts'

/** Another process (locks are a process's) that moves the database to b2 within one transaction. */
async function rival(file: string): Promise<Deno.ChildProcess> {
  const script = `
    import { DatabaseSync } from 'node:sqlite'
    const database = new DatabaseSync(${JSON.stringify(file)}, { timeout: 5000 })
    database.exec("BEGIN IMMEDIATE; UPDATE alembic_version SET version_num = 'b2'; CREATE TABLE t (x)")
    console.log('locked')
    setTimeout(() => database.exec('COMMIT'), 600)`
  const child = new Deno.Command(Deno.execPath(), { args: ['eval', script], stdout: 'piped' }).spawn()
  for await (const _ of child.stdout) break
  return child
}

Deno.test('another process upgraded while it waited', () =>
  onSqlite(
    {
      a1: 'upgrade: []\n',
      b2: 'upgrade: [{ execute: { sql: CREATE TABLE t (x) } }]\ndowngrade: []\n',
      c3: 'upgrade: [{ execute: { sql: CREATE TABLE u (x) } }]\ndowngrade: []\n',
    },
    async ({ cwd, done }) => {
      await done('upgrade', 'a1')
      const other = await rival(path.join(cwd, 'one.db'))
      const told = JSON.parse(await done('upgrade', 'head', '--json'))
      await other.status
      assert.deepEqual([told.before, told.after], [['b2'], ['c3']])
      assert.deepEqual(told.steps.map((one: { revisions: string[] }) => one.revisions), [['c3']])
    },
  ))
