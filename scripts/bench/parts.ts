/** What is compared: start-up, a thousand pending revisions on SQLite and PostgreSQL, ten thousand revision files. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import postgres from 'postgres'
import { postgresServer, withDatabase } from '../../tests/support/postgres.ts'
import { writeAlembic, writeDbmate, writeLimbeck } from './history.ts'
import type { Machine } from './machine.ts'
import { measure } from './measure.ts'
import type { Contestant } from './measure.ts'
import type { Comparison, Goal } from './table.ts'

const PENDING = 1000
const FILES = 10_000

/** What Alembic takes for `heads` with ten thousand files where it was measured; used when it is not here. */
const ALEMBIC_SECONDS = 3.6
const RECORDED = 'alembic (recorded)'

type Peers = Readonly<Record<string, Contestant | undefined>>

/** Measures ours by the side of the peers that are there. */
export async function compare(
  machine: Machine,
  what: string,
  ours: Contestant,
  peers: Peers,
  goals: readonly Goal[],
): Promise<Comparison> {
  const present = Object.values(peers).filter((one) => one !== undefined)
  const [first, ...others] = await measure([ours, ...present], machine.runs, machine.folder)
  const missing = Object.keys(peers).filter((name) => peers[name] === undefined)
  return { what, ours: first!, peers: others, missing, goals }
}

/** A peer that is there. */
export function peer(
  path: string | undefined,
  make: (path: string) => Omit<Contestant, 'name'>,
  name: string,
): Peers {
  return { [name]: path === undefined ? undefined : { name, ...make(path) } }
}

/** `--version` and `--help`. */
export async function start(machine: Machine): Promise<Comparison[]> {
  const cwd = machine.folder
  const dbmate = peer(
    machine.peers.dbmate,
    (path) => ({ command: [path, '--version'], cwd }),
    'dbmate --version',
  )
  const of = (option: string) =>
    compare(machine, option, { name: 'limbeck', command: [machine.limbeck, option], cwd }, dbmate, [])
  return [await of('--version'), await of('--help')]
}

/** The history's SQL, with its transactions, as `upgrade head --sql` writes it; a file. */
function script(machine: Machine, project: string, url: string): string {
  const args = ['upgrade', 'head', '--sql', '--url', url]
  const { status, stdout, stderr } = spawnSync(machine.limbeck, args, {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  assert.equal(status, 0, `upgrade --sql failed: ${stderr}`)
  const file = join(project, `${url.split(':')[0]}.sql`)
  fs.writeFileSync(file, stdout)
  return file
}

/** The statements of one table, out of the script: dbmate runs the same. */
function statementsIn(file: string): (table: string) => string {
  const all = fs.readFileSync(file, 'utf8').split(/;\s*$/m).map((one) =>
    one.replace(/^(\s*--.*\n)+/, '').trim()
  )
  const named = Map.groupBy(all, (one) => /^CREATE (?:TABLE|INDEX) [^(]*?"?(table_\d+)"?/s.exec(one)?.[1])
  return (table) => {
    const found = named.get(table) ?? []
    assert.equal(found.length, 2, `the script creates ${table} and an index`)
    return found.map((one) => `${one};`).join('\n')
  }
}

interface Projects {
  readonly limbeck: string
  readonly alembic: string
  readonly dbmate: string
  readonly script: string
}

function pendingProjects(machine: Machine, url: string): Projects {
  const base = join(machine.folder, `pending-${url.split(':')[0]}`)
  const projects = {
    limbeck: join(base, 'limbeck'),
    alembic: join(base, 'alembic'),
    dbmate: join(base, 'dbmate'),
  }
  writeLimbeck(projects.limbeck, PENDING)
  writeAlembic(projects.alembic, PENDING)
  const file = script(machine, projects.limbeck, url)
  writeDbmate(projects.dbmate, PENDING, statementsIn(file))
  return { ...projects, script: file }
}

/** A thousand pending revisions on an empty SQLite file. */
export async function sqlite(machine: Machine): Promise<Comparison[]> {
  const projects = pendingProjects(machine, 'sqlite:///none.db')
  const file = join(machine.folder, 'bench.db')
  const prepare = () =>
    ['', '-journal', '-wal', '-shm'].forEach((end) => fs.rmSync(file + end, { force: true }))
  const at = (cwd: string) => ({ cwd, prepare })
  const { peers } = machine
  const dbmateArgs = [
    '--url',
    `sqlite:${file}`,
    '--migrations-dir',
    projects.dbmate,
    '--no-dump-schema',
    'up',
  ]
  return [
    await compare(
      machine,
      `upgrade of ${PENDING} revisions, SQLite`,
      {
        name: 'limbeck',
        command: [machine.limbeck, 'upgrade', 'head', '--url', `sqlite:///${file}`],
        ...at(projects.limbeck),
      },
      {
        ...peer(
          peers.sqlite3,
          (path) => ({ command: [path, '-bail', file, `.read '${projects.script}'`], ...at(machine.folder) }),
          'sqlite3',
        ),
        ...peer(
          peers.dbmate,
          (path) => ({ command: [path, ...dbmateArgs], ...at(machine.folder) }),
          'dbmate',
        ),
        ...peer(
          peers.alembic,
          (path) => ({
            command: [path, 'upgrade', 'head'],
            env: { BENCH_URL: `sqlite:///${file}` },
            ...at(projects.alembic),
          }),
          'alembic',
        ),
      },
      [{ peer: 'sqlite3', ratio: 1.25 }],
    ),
  ]
}

/** What production has and the server of the tests has not. */
const DURABLE = ['fsync', 'synchronous_commit', 'full_page_writes']

const DATABASE = 'limbeck_bench'

/** Runs statements, each by itself, on the server. */
export async function administer(url: string, statements: readonly string[]): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false })
  for (const statement of statements) await sql.unsafe(statement)
  await sql.end()
}

const EMPTIED = [
  `DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`,
  `CREATE DATABASE ${DATABASE}`,
  'CHECKPOINT',
]

/** A thousand pending revisions on an empty PostgreSQL database. */
export async function onPostgres(machine: Machine): Promise<Comparison[]> {
  const { url: server } = await postgresServer()
  if ((process.env['LIMBECK_TEST_POSTGRES_URL'] ?? '') === '') {
    await administer(server, [
      ...DURABLE.map((one) => `ALTER SYSTEM SET ${one} = on`),
      'SELECT pg_reload_conf()',
    ])
  }
  const projects = pendingProjects(machine, 'postgresql://none/none')
  const url = withDatabase(server, DATABASE)
  const prepare = () => administer(server, EMPTIED)
  const at = (cwd: string) => ({ cwd, prepare })
  const { peers } = machine
  const psql = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', projects.script, url]
  const dbmate = [
    '--url',
    `${url}?sslmode=disable`,
    '--migrations-dir',
    projects.dbmate,
    '--no-dump-schema',
    'up',
  ]
  const found = [
    await compare(
      machine,
      `upgrade of ${PENDING} revisions, PostgreSQL`,
      {
        name: 'limbeck',
        command: [machine.limbeck, 'upgrade', 'head', '--url', url],
        ...at(projects.limbeck),
      },
      {
        ...peer(peers.psql, (path) => ({ command: [path, ...psql], ...at(machine.folder) }), 'psql'),
        ...peer(peers.dbmate, (path) => ({ command: [path, ...dbmate], ...at(machine.folder) }), 'dbmate'),
        ...peer(
          peers.alembic,
          (path) => ({
            command: [path, 'upgrade', 'head'],
            env: { BENCH_URL: url.replace(':', '+psycopg2:') },
            ...at(projects.alembic),
          }),
          'alembic',
        ),
      },
      [{ peer: 'psql', ratio: 1.1 }],
    ),
  ]
  await administer(server, EMPTIED.slice(0, 1))
  return found
}

/** `heads` and `current` with ten thousand revision files. */
export async function heads(machine: Machine): Promise<Comparison[]> {
  const base = join(machine.folder, 'heads')
  const [limbeck, alembic] = [join(base, 'limbeck'), join(base, 'alembic')]
  writeLimbeck(limbeck, FILES)
  if (machine.peers.alembic !== undefined) writeAlembic(alembic, FILES)
  const url = `sqlite:///${join(base, 'empty.db')}`
  fs.writeFileSync(join(base, 'empty.db'), '')
  const of = async (command: string): Promise<Comparison> => {
    const compared = await compare(
      machine,
      `${command} with ${FILES} revision files`,
      { name: 'limbeck', command: [machine.limbeck, command, '--url', url], cwd: limbeck },
      peer(machine.peers.alembic, (path) => ({
        command: [path, command],
        cwd: alembic,
        env: { BENCH_URL: url },
      }), 'alembic'),
      [{ peer: 'alembic', ratio: 0.1 }, { peer: RECORDED, ratio: 0.1 }],
    )
    const recorded = { name: RECORDED, seconds: [ALEMBIC_SECONDS] }
    return compared.missing.length === 0 ? compared : { ...compared, peers: [recorded] }
  }
  return [await of('heads'), await of('current')]
}
