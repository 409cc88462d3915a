/** Several processes that upgrade, or downgrade, one database at once: every revision runs exactly once. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { dialectOf } from '../../src/dialect/index.ts'
import { withFolder } from '../support/folder.ts'
import { withPostgres } from '../support/postgres.ts'
import { start } from '../support/program.ts'
import type { Ended } from '../support/program.ts'

const ROOT = path.resolve(import.meta.dirname!, '../..')
const REVISIONS = 9

/** Starts the program so many times at once. */
function atOnce(count: number, url: string, ...command: string[]): Promise<readonly Ended[]> {
  const started = Array.from({ length: count }, () => start([...command, '--url', url], { cwd: ROOT }).ended)
  return Promise.all(started)
}

async function rowsOf(url: string, sql: string) {
  const dialect = await dialectOf(url)
  const connection = await dialect.connect(url, { env: {}, cwd: ROOT, create: false })
  try {
    return await connection.query(sql)
  } finally {
    await connection.close()
  }
}

async function assertOnce(url: string, direction: string, heads: number): Promise<void> {
  const journal = await rowsOf(
    url,
    `SELECT revision, status FROM limbeck_journal WHERE direction = '${direction}'`,
  )
  assert.equal(journal.length, REVISIONS, JSON.stringify(journal))
  assert.equal(new Set(journal.map((row) => row['revision'])).size, REVISIONS)
  assert(journal.every((row) => row['status'] === 'done'))
  assert.equal((await rowsOf(url, 'SELECT version_num FROM alembic_version')).length, heads)
}

async function upAndDown(count: number, url: string): Promise<void> {
  for (const [command, target, heads] of [['upgrade', 'head', 1], ['downgrade', 'base', 0]] as const) {
    const ended = await atOnce(count, url, command, target)
    for (const { code, stderr } of ended) assert.equal(code, 0, stderr)
    const ran = ended.flatMap(({ stderr }) => stderr.match(/✓ Running/g) ?? [])
    assert.equal(ran.length, REVISIONS, ended.map(({ stderr }) => stderr).join('\n'))
    await assertOnce(url, command, heads)
  }
}

for (const count of [2, 2, 5]) {
  Deno.test(`${count} processes on one new SQLite file`, () =>
    withFolder(async (folder) => await upAndDown(count, `sqlite:///${folder}/one.db`)))

  Deno.test(`${count} processes on one PostgreSQL database`, () =>
    withPostgres((url) => upAndDown(count, url)))
}
