/** `check`: models, history and database of a thousand tables compared, and of ten thousand. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { postgresServer, withDatabase } from '../../tests/support/postgres.ts'
import type { Machine } from './machine.ts'
import { measure } from './measure.ts'
import { writeAlembicProject, writeProject } from './models.ts'
import { administer, compare, peer } from './parts.ts'
import type { Comparison } from './table.ts'

const FEW = 1000
const MANY = 10_000
/** Time that grows with the number of tables, and not with its square; the start of the program counts for little. */
const LINEAR = 1.25 * MANY / FEW

const DATABASES = { [FEW]: 'limbeck_bench_few', [MANY]: 'limbeck_bench_many' } as const

interface Place {
  readonly what: string
  /** The database of a project, as limbeck's URL and as SQLAlchemy's. */
  readonly url: (count: typeof FEW | typeof MANY) => string
  readonly driver: string
}

/** Makes the database of a project. */
function upgrade(machine: Machine, project: string, url: string): void {
  const args = ['upgrade', 'head', '-q', '--url', url]
  const { status, stderr } = spawnSync(machine.limbeck, args, { cwd: project, encoding: 'utf8' })
  assert.equal(status, 0, `upgrade failed: ${stderr}`)
}

async function at(machine: Machine, { what, url, driver }: Place): Promise<Comparison[]> {
  const base = join(machine.folder, 'check')
  const project = (count: number) => join(base, String(count))
  for (const count of [FEW, MANY] as const) {
    if (!fs.existsSync(project(count))) writeProject(project(count), count)
    upgrade(machine, project(count), url(count))
  }
  const alembic = join(base, 'alembic')
  if (machine.peers.alembic !== undefined) writeAlembicProject(alembic, FEW)
  const ours = (count: typeof FEW | typeof MANY) => ({
    name: count === FEW ? 'limbeck' : `limbeck, ${MANY} tables`,
    command: [machine.limbeck, 'check', '--url', url(count)],
    cwd: project(count),
  })
  const few = await compare(
    machine,
    `check of ${FEW} tables, ${what}`,
    ours(FEW),
    peer(machine.peers.alembic, (path) => ({
      command: [path, 'check'],
      cwd: alembic,
      env: { BENCH_URL: url(FEW).replace(/^\w+/, driver) },
    }), 'alembic'),
    [{ peer: 'alembic', ratio: 0.1 }],
  )
  const [many] = await measure([ours(MANY)], Math.min(machine.runs, 2), machine.folder)
  const linear: Comparison = {
    what: `check of ${MANY} tables, ${what}`,
    ours: many!,
    peers: [{ ...few.ours, name: `limbeck, ${FEW} tables` }],
    missing: [],
    goals: [{ peer: `limbeck, ${FEW} tables`, ratio: LINEAR }],
  }
  return [few, linear]
}

/** On a SQLite file and on PostgreSQL, by the side of Alembic where it is there. */
export async function check(machine: Machine): Promise<Comparison[]> {
  const { url: server } = await postgresServer()
  const empty = Object.values(DATABASES).map((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await administer(server, [...empty, ...Object.values(DATABASES).map((name) => `CREATE DATABASE ${name}`)])
  try {
    return [
      ...await at(machine, {
        what: 'SQLite',
        url: (count) => `sqlite:///${join(machine.folder, `check-${count}.db`)}`,
        driver: 'sqlite',
      }),
      ...await at(machine, {
        what: 'PostgreSQL',
        url: (count) => withDatabase(server, DATABASES[count]),
        driver: 'postgresql+psycopg2',
      }),
    ]
  } finally {
    await administer(server, empty)
  }
}
