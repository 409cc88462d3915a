/** Twenty processes started at once on a database that is empty: every revision is applied once, and all are content. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { withFolder } from '../support/folder.ts'
import { serve } from '../support/hrana.ts'
import type { Troubles } from '../support/hrana.ts'
import { onConnection } from '../support/on-connection.ts'
import { withPostgres } from '../support/postgres.ts'
import { start } from '../support/program.ts'
import { writeFiles } from '../support/project.ts'
import { filesOf, HISTORIES } from './histories.ts'
import type { HistoryName } from './histories.ts'

const COUNT = 20

async function together(
  name: HistoryName,
  cwd: string,
  url: string,
  calm: () => void = () => {},
): Promise<void> {
  writeFiles(cwd, filesOf(name))
  const programs = Array.from(
    { length: COUNT },
    () => start(['upgrade', 'head', '--url', url, '--wait', '20s'], { cwd }),
  )
  const ended = await Promise.all(programs.map((one) => one.ended))
  calm()
  const text = ended.map(({ stderr }, i) => `--- ${i}\n${stderr}`).join('\n')
  assert.deepEqual(ended.map((one) => one.code), ended.map(() => 0), text)
  const ids = Object.keys(HISTORIES[name])
  const applied = ended.flatMap(({ stderr }) => [...stderr.matchAll(/✓ Running upgrade .*?-> (\w+)/g)])
  assert.deepEqual(applied.map((one) => one[1]).sort(), ids, text)
  await onConnection(url, async (connection) => {
    const journal = await connection.query('SELECT revision, status FROM limbeck_journal ORDER BY entry')
    assert.deepEqual(
      journal.map((row) => ({ ...row })),
      ids.map((revision) => ({ revision, status: 'done' })),
      text,
    )
    const heads = await connection.query('SELECT version_num FROM alembic_version')
    assert.deepEqual(heads.map((row) => row['version_num']), [ids.at(-1)])
  })
}

Deno.test('twenty processes on PostgreSQL', () =>
  withFolder((cwd) => withPostgres((url) => together('concurrent', cwd, url))))

for (const name of ['rebuilds', 'tables'] as const) {
  Deno.test(`twenty processes on a SQLite file: ${name}`, () =>
    withFolder((cwd) => together(name, cwd, `sqlite:///${path.join(cwd, 'one.db')}`)))
}

/** Every so often something goes wrong, each time something else. */
const TROUBLES: Troubles = (number) => {
  if (number % 7 === 0) return { late: 30 }
  if (number % 101 === 0) return 'refused'
  if (number % 103 === 0) return 'cut-before'
  return number % 107 === 0 ? 'cut-after' : undefined
}

Deno.test('twenty processes on a remote libSQL database in trouble', () =>
  withFolder(async (cwd) => {
    let troubled = true
    const troubles: Troubles = (number) => troubled ? TROUBLES(number) : undefined
    const server = await serve(path.join(cwd, 'served.db'), undefined, troubles)
    try {
      await together('transactional', cwd, server.url, () => troubled = false)
    } finally {
      await server.close()
    }
  }))
