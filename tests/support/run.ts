/** A run in this process, with its connection watched. */
import path from 'node:path'
import type { Connection } from '../../src/dialect/dialect.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { buildGraph } from '../../src/revision/graph/graph.ts'
import type { Graph } from '../../src/revision/graph/graph.ts'
import { readHeaders } from '../../src/revision/header/headers.ts'
import { loadRevisions } from '../../src/revision/load.ts'
import { run } from '../../src/run/runner.ts'
import type { Find, RunResult } from '../../src/run/runner.ts'
import type { History, Session } from '../../src/run/session/session.ts'
import type { Ground } from './project.ts'

/** The revisions of a folder `revisions`; `loads` has the ids of each call of `load`. */
export async function historyOf(cwd: string): Promise<History & { readonly loads: (readonly string[])[] }> {
  const graph = buildGraph(await readHeaders([path.join(cwd, 'revisions')]))
  const loads: (readonly string[])[] = []
  return {
    graph,
    loads,
    async load(ids) {
      loads.push(ids)
      const documents = await loadRevisions(ids.map((id) => graph.byId.get(id)!.file))
      return new Map(documents.map((one) => [one.id, one]))
    },
  }
}

export interface Watched extends RunResult {
  readonly warnings: readonly string[]
  /** Of each transaction: whether it was for a rebuild. */
  readonly begun: readonly boolean[]
}

/**
 * Runs on a SQLite file; right before the transaction of a number in `moves` another connection writes that head, or runs
 * these statements.
 */
export async function runWatched(
  { cwd, url, sql }: Ground,
  find: (graph: Graph) => Find,
  moves: Readonly<Record<number, string | readonly string[]>> = {},
  after: (sql: string) => Promise<void> = () => Promise.resolve(),
): Promise<Watched> {
  const connection = await sqlite.connect(url, { env: {}, cwd, create: true })
  const history = await historyOf(cwd)
  const warnings: string[] = []
  const begun: boolean[] = []
  const before = async (number: number) => {
    const to = moves[number]
    const statements = typeof to === 'string'
      ? [`UPDATE alembic_version SET version_num = '${to}'`]
      : to ?? []
    for (const statement of statements) await sql(statement)
  }
  const watched = watching(connection, begun, before, after)
  const quiet = () => {}
  const warn = ({ message }: { readonly message: string }) => void warnings.push(message)
  const reporter = { begin: quiet, start: quiet, done: quiet, end: quiet, warn }
  const session: Session = {
    connection: watched,
    dialect: sqlite,
    history,
    versionTable: { name: 'alembic_version' },
    journal: { name: 'limbeck_journal' },
    options: { transaction: 'per_revision', settings: {}, reporter },
  }
  try {
    return { ...await run(session, find(history.graph)), warnings, begun }
  } finally {
    await connection.close()
  }
}

/**
 * A connection that says of each transaction whether it was for a rebuild.
 * @param before what is done before each
 * @param after what is done after each query and ROLLBACK
 */
function watching(
  connection: Connection,
  begun: boolean[],
  before: (number: number) => Promise<void>,
  after: (sql: string) => Promise<void>,
): Connection {
  return {
    server: connection.server,
    url: connection.url,
    async query(sql, parameters) {
      const rows = await connection.query(sql, parameters)
      await after(sql)
      return rows
    },
    run: (statements) => connection.run(statements),
    async begin(options) {
      begun.push(options?.rebuild ?? false)
      await before(begun.length)
      await connection.begin(options)
    },
    pipelines: connection.pipelines,
    takesWhole: (statements) => connection.takesWhole(statements),
    async transact(transaction) {
      await before(begun.length + 1)
      const done = await connection.transact(transaction)
      if (done) begun.push(false)
      return done
    },
    commit: (last) => connection.commit(last),
    async rollback() {
      await connection.rollback()
      await after('ROLLBACK')
    },
    close: () => connection.close(),
    lock: (...args) => connection.lock(...args),
  }
}
