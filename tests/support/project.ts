/** A project of its own with a database of its own: revisions as texts, the command line, and SQL beside it. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { dialectOf } from '../../src/dialect/index.ts'
import type { Row } from '../../src/dialect/dialect.ts'
import { limbeck } from './command-line.ts'
import type { Ran } from './command-line.ts'
import { withFolder } from './folder.ts'
import { withPostgres } from './postgres.ts'

export interface Ground {
  readonly cwd: string
  readonly url: string
  /** Writes files, by their names in the folder. */
  write(files: Readonly<Record<string, string>>): void
  /** Runs the command line, whatever its exit code is. */
  run(...args: string[]): Promise<Ran>
  /** Runs the command line, which must succeed. @returns what it wrote to standard output */
  done(...args: string[]): Promise<string>
  /** Runs SQL in a connection of its own. @returns the rows, each as its values joined by blanks */
  sql(...statements: string[]): Promise<string[]>
}

/** Writes files into a folder, by their names in it. */
export function writeFiles(cwd: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(cwd, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function shown(row: Row): string {
  return Object.values(row).map((value) => value === null ? '' : String(value)).join(' ')
}

function ground(cwd: string, url: string): Ground {
  const run = (...args: string[]) => limbeck(args, { cwd, env: { DATABASE_URL: url } })
  return {
    cwd,
    url,
    run,
    write: (files) => writeFiles(cwd, files),
    async done(...args) {
      const { code, stdout, stderr } = await run(...args)
      assert.equal(code, 0, `limbeck ${args.join(' ')}: ${stderr}`)
      return stdout
    },
    async sql(...statements) {
      const dialect = await dialectOf(url)
      const connection = await dialect.connect(url, { env: {}, cwd, create: true })
      try {
        let rows: readonly Row[] = []
        for (const statement of statements) rows = await connection.query(statement)
        return rows.map(shown)
      } finally {
        await connection.close()
      }
    },
  }
}

/** Revision files by their ids: each goes on the one before it. A text is what stands below the header. */
export function revisions(bodies: Readonly<Record<string, string>>): Record<string, string> {
  const ids = Object.keys(bodies)
  return Object.fromEntries(
    ids.map((id, i) => [
      `revisions/${id}.yaml`,
      `id: ${id}\ndown_revision: ${ids[i - 1] ?? 'null'}\n${bodies[id]}`,
    ]),
  )
}

/** Works with these revisions and a SQLite file that is not there yet. */
export function onSqlite(
  bodies: Readonly<Record<string, string>>,
  work: (ground: Ground) => Promise<void>,
): Promise<void> {
  return withFolder(async (cwd) => {
    const one = ground(cwd, `sqlite:///${cwd}/one.db`)
    one.write(revisions(bodies))
    await work(one)
  })
}

/** Works with these revisions and an empty PostgreSQL database. */
export function onPostgres(
  bodies: Readonly<Record<string, string>>,
  work: (ground: Ground) => Promise<void>,
): Promise<void> {
  return withFolder((cwd) =>
    withPostgres(async (url) => {
      const one = ground(cwd, url)
      one.write(revisions(bodies))
      await work(one)
    })
  )
}
