/** Scripts (`--sql`) lead where a run leads: the living example, up and down, in one piece and in ranges. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import postgresDriver from 'postgres'
import { sameModel } from '../../src/model/same.ts'
import { dialectOf } from '../../src/dialect/index.ts'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { withPostgres } from '../support/postgres.ts'

const ROOT = path.resolve(import.meta.dirname!, '../..')
const MIDDLE = '3be4994d87d5'
const EXCEPT = [{ name: 'alembic_version' }, { name: 'limbeck_journal' }]

async function command(url: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await limbeck(['-q', '--url', url, ...args], { cwd: ROOT })
  assert.equal(code, 0, `limbeck ${args.join(' ')}: ${stderr}`)
  return stdout
}

async function look(url: string) {
  const dialect = await dialectOf(url)
  const connection = await dialect.connect(url, { env: {}, cwd: ROOT, create: true })
  try {
    const model = await dialect.introspect(connection, { except: EXCEPT })
    const rows = await connection.query('SELECT version_num FROM alembic_version')
    return { dialect, model, rows: rows.map((row) => row['version_num']) }
  } finally {
    await connection.close()
  }
}

/** Feeds one database with scripts, moves the other one by runs, and compares them at every stop. */
async function compare(fed: string, run: string, feed: (script: string) => Promise<void>): Promise<void> {
  const stops = [
    ['upgrade', MIDDLE, MIDDLE],
    ['upgrade', 'head', `${MIDDLE}:head`],
    ['downgrade', MIDDLE, `head:${MIDDLE}`],
    ['downgrade', 'base', `${MIDDLE}:base`],
  ] as const
  for (const [direction, target, range] of stops) {
    await feed(await command(fed, direction, range, '--sql'))
    await command(run, direction, target)
    const [one, other] = [await look(fed), await look(run)]
    assert.deepEqual(one.rows, other.rows)
    assert(sameModel(one.model, other.model, one.dialect), `${direction} ${range} leads elsewhere`)
  }
}

Deno.test('scripts for SQLite do what runs do', () =>
  withFolder((folder) => {
    const file = path.join(folder, 'fed.db')
    return compare(`sqlite:///${file}`, `sqlite:///${folder}/run.db`, (script) => {
      const database = new DatabaseSync(file)
      database.exec(script)
      database.close()
      return Promise.resolve()
    })
  }))

Deno.test('scripts for PostgreSQL do what runs do', () =>
  withPostgres((fed) =>
    withPostgres((run) =>
      compare(fed, run, async (script) => {
        const sql = postgresDriver(fed, { max: 1, onnotice: () => {}, fetch_types: false })
        await sql.unsafe(script)
        await sql.end()
      })
    )
  ))
