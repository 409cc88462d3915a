/** What is on this machine: the programs that are compared, and a folder to work in. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'

export interface Machine {
  /** The compiled executable. */
  readonly limbeck: string
  readonly runs: number
  /** A temporary folder; removed at the end. */
  readonly folder: string
  /** Where a peer is; undefined when it is not here. */
  readonly peers: Readonly<Record<'sqlite3' | 'psql' | 'alembic' | 'dbmate', string | undefined>>
}

/** The path of a program that can be started by its name. */
function onPath(name: string): string | undefined {
  const { status, stdout } = spawnSync(process.platform === 'win32' ? 'where' : 'which', [name], {
    encoding: 'utf8',
  })
  return status === 0 ? stdout.split(/\r?\n/)[0] : undefined
}

/** The program of the npm package `dbmate`, not the script that starts it. */
function dbmate(): string | undefined {
  const resolve = createRequire(import.meta.url).resolve
  const wanted = `@dbmate/${process.platform}-${process.arch}/package.json`
  try {
    return join(dirname(resolve(wanted)), 'bin', process.platform === 'win32' ? 'dbmate.exe' : 'dbmate')
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error
    return onPath('dbmate')
  }
}

/** Looks for the peers. */
export function findPeers(): Machine['peers'] {
  return { sqlite3: onPath('sqlite3'), psql: onPath('psql'), alembic: onPath('alembic'), dbmate: dbmate() }
}
