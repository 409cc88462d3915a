/** A process that is killed in the middle leaves a database at a revision, never between two. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dialectOf } from '../../src/dialect/index.ts'
import { revisionText } from '../../src/revision/write.ts'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { withPostgres } from '../support/postgres.ts'

const MAIN = path.resolve(import.meta.dirname!, '../../src/main.ts')
const REVISIONS = 120

const idOf = (i: number) => `r${String(i).padStart(3, '0')}`

/** Each revision makes two tables, so that half a revision would show. */
function writeRevisions(folder: string): void {
  mkdirSync(folder)
  for (let i = 1; i <= REVISIONS; i++) {
    const tables = ['a', 'b'].map((letter) => ({
      op: 'create_table' as const,
      name: `${letter}${i}`,
      columns: [{ name: 'id', type: 'integer', primary_key: true }],
    }))
    const down = i === 1 ? [] : [idOf(i - 1)]
    const text = revisionText({ id: idOf(i), down, dependsOn: [], labels: [], message: '', upgrade: tables })
    writeFileSync(path.join(folder, `${idOf(i)}.yaml`), text)
  }
}

/** Starts an upgrade and kills it once it has told of some revisions. @returns whether it was still at it */
async function killedUpgrade(cwd: string, url: string, signal: Deno.Signal): Promise<boolean> {
  const args = ['run', '-A', '-q', '--no-check', MAIN, 'upgrade', 'head', '--url', url]
  const child = new Deno.Command(Deno.execPath(), { args, cwd, stderr: 'piped', stdout: 'null' }).spawn()
  let told = ''
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    told += text
    if ((told.match(/✓/g) ?? []).length < 5) continue
    child.kill(signal)
    return !(await child.status).success
  }
  // The run before was done before its signal was heard.
  assert.match(told, /nothing to do/, `it ended by itself: ${told}`)
  return false
}

async function assertWhole(cwd: string, url: string): Promise<void> {
  // A server may still be at the last thing it was told.
  await sleep(200)
  const dialect = await dialectOf(url)
  const connection = await dialect.connect(url, { env: {}, cwd, create: false })
  try {
    const [version] = await connection.query('SELECT version_num FROM alembic_version')
    const journal = await connection.query(`SELECT revision FROM limbeck_journal WHERE status = 'done'`)
    const { tables } = await dialect.introspect(connection, {
      except: [{ name: 'alembic_version' }, { name: 'limbeck_journal' }],
    })
    assert.equal(version?.['version_num'], idOf(journal.length))
    assert.equal(tables.length, journal.length * 2)
  } finally {
    await connection.close()
  }
}

async function killAndGoOn(cwd: string, url: string): Promise<void> {
  writeRevisions(path.join(cwd, 'revisions'))
  let stopped = 0
  for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
    if (await killedUpgrade(cwd, url, signal)) stopped++
    await assertWhole(cwd, url)
  }
  assert(stopped > 0, 'every run was done before it was killed')
  const { code, stderr } = await limbeck(['upgrade', 'head', '--url', url, '-q'], { cwd })
  assert.equal(code, 0, stderr)
  await assertWhole(cwd, url)
}

Deno.test('a killed upgrade of a SQLite file', () =>
  withFolder((folder) => killAndGoOn(folder, `sqlite:///${folder}/one.db`)))

Deno.test('a killed upgrade of a PostgreSQL database', () =>
  withFolder((folder) => withPostgres((url) => killAndGoOn(folder, url))))
