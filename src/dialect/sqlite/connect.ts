/**
 * Opens SQLite files, memory databases and remote libSQL databases with `@libsql/client`, which is loaded here and
 * nowhere else.
 */
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { EXIT, fault } from '../../problem.ts'
import type { Connection, ConnectOptions } from '../dialect.ts'
import type { Client } from './driver.ts'
import { fail, place } from './failure.ts'
import { Session } from './session.ts'
import { maskUrl } from '../mask-url.ts'
import { parseUrl } from './url.ts'
import type { Target } from './url.ts'
import { LONGEST_HOLD } from './whole.ts'

/** How long a statement waits for a lock, in milliseconds, unless the URL says otherwise (`?timeout=` in seconds). */
const PATIENCE = 60_000

/**
 * One slice of the wait, in milliseconds. The local driver is synchronous: while SQLite itself waits, no signal is
 * seen. So SQLite waits a little, and {@link Session} asks again.
 */
const SLICE = 250

/**
 * Opens the database of a URL (see `url.ts` for the spellings).
 * @throws `no-such-database`, `no-such-folder`, `cannot-open`, `not-a-database`, `unauthorized` or `unreachable` with
 *   exit code 5; `locked` with exit code 4; `invalid-url` with exit code 2. No message holds a token.
 */
export async function connect(url: string, options: ConnectOptions): Promise<Connection> {
  const target = parseUrl(url, options.cwd, options.env)
  if (target.kind === 'file') checkFile(target, options.create)
  const client = await open(target)
  const beside = (path: string) =>
    open({ kind: 'file', path, readonly: false, existing: false, shown: maskUrl(url) })
  const session = new Session(client, target, {
    shown: maskUrl(url),
    patience: target.timeout ?? PATIENCE,
    open: beside,
    hold: options.alone ? LONGEST_HOLD : 0,
  })
  try {
    await session.greet()
  } catch (error) {
    client.close()
    throw error
  }
  return session
}

/**
 * Only files and memory need the native addon, which an executable unpacks into the temporary folder; and they need none
 * of what speaks to servers.
 */
async function loadDriver(target: Target): Promise<Pick<typeof import('@libsql/client'), 'createClient'>> {
  if (target.kind === 'remote') return await import('@libsql/client/web')
  try {
    return await import('@libsql/client/sqlite3')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    // Bun's own path of a file inside the executable: it could not be written to the temporary folder.
    const unpacking = reason.includes('$bunfs') || reason.includes('/.bun-') || reason.includes('\\.bun-')
    const message = unpacking
      ? 'the SQLite driver cannot be unpacked: set BUN_TMPDIR to a folder that can be written and may hold programs'
      : `the SQLite driver cannot be loaded: ${reason}`
    return fault('no-driver', message, { exit: EXIT.unreachable, cause: error })
  }
}

async function open(target: Target): Promise<Client> {
  const { createClient } = await loadDriver(target)
  try {
    // One connection, so that pragmas hold for everything that follows. Integers beyond 2^53 must not fail.
    return createClient({ ...address(target), intMode: 'bigint', concurrency: 1, timeout: SLICE })
  } catch (error) {
    return fail(error, target)
  }
}

function address(target: Target): { readonly url: string; readonly authToken?: string } {
  if (target.kind === 'memory') return { url: 'file::memory:' }
  if (target.kind === 'remote') return { url: target.url, authToken: target.authToken }
  return { url: `file:${target.path.split(/[\\/]/).map(encodeURIComponent).join('/')}` }
}

/** SQLite says "unable to open database file" to all of these, and creates what should only be looked at. */
function checkFile(target: Target & { kind: 'file' }, create: boolean): void {
  const found = kindOf(target.path)
  const exit = EXIT.unreachable
  if (found === 'folder') {
    fault('cannot-open', `${place(target)} is a folder, not a database`, { exit, hint: 'name a file in it' })
  }
  if (found === 'file') return
  if (kindOf(dirname(target.path)) !== 'folder') {
    fault('no-such-folder', `there is no folder "${dirname(target.path)}" for the database`, {
      hint: 'make it first',
      exit,
    })
  }
  if (create && !target.existing) return
  fault('no-such-database', `there is no database ${place(target)}`, {
    exit,
    hint: 'check the path; `upgrade` creates the database',
  })
}

function kindOf(path: string): 'file' | 'folder' | 'nothing' {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing'
    if (code === 'EACCES' || code === 'EPERM') {
      return fault('cannot-open', `the path "${path}" may not be looked at`, {
        exit: EXIT.unreachable,
        hint: 'look at the permissions of its folders',
        cause: error,
      })
    }
    throw error
  }
}
