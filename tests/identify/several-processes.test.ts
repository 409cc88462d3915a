/** Scripts that take databases over, several at once on each: every database is stamped once, and all scripts succeed. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { limbeck } from '../support/command-line.ts'
import { start } from '../support/program.ts'
import type { Ended } from '../support/program.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const ROOT = path.resolve(import.meta.dirname!, '../..')
const ID = '54e483b63d8a'
const HEAD = '76bbe19c945c'

async function script(url: string): Promise<Pick<Ended, 'code' | 'stderr'>> {
  let said = ''
  for (const command of [['stamp', '--auto'], ['upgrade', 'head']]) {
    const { code, stderr } = await start([...command, '--url', url], { cwd: ROOT }).ended
    said += stderr
    if (code !== 0) return { code, stderr: said }
  }
  return { code: 0, stderr: said }
}

/** @param steps what is to be in the journal */
async function takeOver({ url, sql }: Ground, steps: readonly string[]): Promise<void> {
  const upgraded = await limbeck(['upgrade', ID, '--url', url], { cwd: ROOT })
  assert.equal(upgraded.code, 0, upgraded.stderr)
  await sql('DROP TABLE alembic_version', 'DROP TABLE limbeck_journal')
  const ended = await Promise.all([script(url), script(url), script(url)])
  for (const { code, stderr } of ended) assert.equal(code, 0, stderr)
  assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), [HEAD])
  const journal = await sql('SELECT direction, revision FROM limbeck_journal ORDER BY entry')
  assert.deepEqual(journal, steps)
}

Deno.test('on SQLite, where the next two revisions change nothing', () =>
  onSqlite({}, (ground) => takeOver(ground, ['stamp da3992fd274e', `upgrade ${HEAD}`])))

Deno.test('on PostgreSQL', () =>
  onPostgres(
    {},
    (ground) =>
      takeOver(ground, [`stamp ${ID}`, 'upgrade 400ea1feca4a', 'upgrade da3992fd274e', `upgrade ${HEAD}`]),
  ))
