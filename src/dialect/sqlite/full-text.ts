/**
 * Full-text tables that keep no text of their own but read it from another table
 * (https://sqlite.org/fts5.html#external_content_tables): by its name and those of its columns, as these were when they
 * were made. ALTER TABLE and DROP TABLE leave them as they are, and only who searches them later is told.
 */
import { fault, ProblemError } from '../../problem.ts'
import type { Row } from '../dialect.ts'
import { spelling } from './spelling.ts'
import { beginsWith } from './tokens.ts'

type Query = (sql: string) => Promise<readonly Row[]>

/** A condition for rows of sqlite_schema. */
export const IS_FULL_TEXT = `type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%content%=%'`

const MAKES_ONE = /\bvirtual\b/i
const CHANGES = beginsWith('alter|drop')
const TAKES_AWAY = /\b(?:drop|rename)\b/i

/**
 * Looks after them in the transactions of one connection; a statement outside of any gets its own where there are some.
 * Without any in the database, it asks nothing.
 */
export interface FullTextWatch {
  /** Whether there are some in the database. */
  exist: boolean
  /** Whether {@link before} would have to look at them; notes when there will be some. */
  concerns(statements: readonly string[]): boolean
  /** To be awaited before statements of a transaction: notes what can be read as yet. */
  before(statements: readonly string[]): Promise<void>
  /** Which of these cannot be read any more, though they are there, and why. */
  broken(): Promise<readonly Broken[]>
  /** The transaction is over. */
  end(): void
}

interface Broken {
  readonly name: string
  readonly why: string
}

/** @param query runs a statement inside the transaction */
export function watchFullText(query: Query): FullTextWatch {
  let readable: ReadonlySet<string> | undefined
  return {
    exist: false,
    concerns(statements) {
      this.exist ||= statements.some((sql) => MAKES_ONE.test(sql))
      return this.exist && statements.some((sql) => CHANGES.test(sql) && TAKES_AWAY.test(sql))
    },
    async before(statements) {
      if (readable !== undefined || !this.concerns(statements)) return
      const all = await read(query)
      readable = new Set(all.flatMap(({ name, why }) => why === undefined ? [name] : []))
    },
    async broken() {
      if (readable === undefined || readable.size === 0) return []
      return (await read(query)).flatMap(({ name, why }) =>
        why !== undefined && readable!.has(name) ? [{ name, why }] : []
      )
    },
    end: () => void (readable = undefined),
  }
}

/** All of them, each with why it cannot be read. */
async function read(query: Query) {
  const found: { readonly name: string; readonly why: string | undefined }[] = []
  for (const row of await query(`SELECT name FROM sqlite_schema WHERE ${IS_FULL_TEXT}`)) {
    const name = String(row.name)
    try {
      await query(`SELECT * FROM ${spelling.name(name)} LIMIT 1`)
      found.push({ name, why: undefined })
    } catch (error) {
      const [problem] = error instanceof ProblemError ? error.problems : []
      if (problem?.code !== 'sql-failed') throw error
      found.push({ name, why: problem.message })
    }
  }
  return found
}

/** @throws `full-text-broken` */
export function faultFullText(broken: readonly Broken[]): never {
  const names = broken.map(({ name }) => `"${name}"`)
  const first = spelling.name(broken[0]!.name)
  const what = broken.length === 1 ? 'the full-text table' : 'the full-text tables'
  return fault(
    'full-text-broken',
    `${what} ${names.join(', ')} cannot be read after the change, which was rolled back`,
    {
      notes: broken.map(({ name, why }) => `"${name}": ${why}`),
      hint:
        `${
          names[0]
        } reads another table by names that are gone: in the same revision, \`execute\` its DROP TABLE before, ` +
        `and after it CREATE VIRTUAL TABLE with the new names and INSERT INTO ${first} (${first}) VALUES ('rebuild')`,
    },
  )
}
