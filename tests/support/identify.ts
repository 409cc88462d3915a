/** Identifying a database in a test: a history of operations that stand in no file. */
import type { Connection, Dialect } from '../../src/dialect/dialect.ts'
import { diff } from '../../src/diff/index.ts'
import { identify } from '../../src/identify/identify.ts'
import type { Identified } from '../../src/identify/identify.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { Model } from '../../src/model/model.ts'
import type { Operation } from '../../src/ops/index.ts'
import { buildGraph } from '../../src/revision/graph/graph.ts'
import type { LoadedRevision } from '../../src/revision/load.ts'
import type { History } from '../../src/run/session/session.ts'
import { compiled, placed } from './compile.ts'

/** Revisions `r1`, `r2`, … in a line, each with these operations. */
export function lineOf(revisions: readonly (readonly Operation[])[]): History {
  const nodes = revisions.map((_, i) => ({
    id: `r${i + 1}`,
    down: i === 0 ? [] : [`r${i}`],
    dependsOn: [],
    labels: [],
    message: '',
    file: `r${i + 1}.yaml`,
  }))
  const documents = new Map(nodes.map((node, i) => [
    node.id,
    { ...node, upgrade: placed(revisions[i]!), hash: '', node } as unknown as LoadedRevision,
  ]))
  return { graph: buildGraph(nodes), load: () => Promise.resolve(documents) }
}

/** Identifies what the connection holds. */
export async function identified(
  connection: Connection,
  dialect: Dialect,
  history: History,
): Promise<Identified> {
  await dialect.loadComparison?.()
  return await identify({
    history,
    dialect,
    server: connection.server,
    naming: undefined,
    live: await dialect.introspect(connection),
    async compare(current, desired) {
      const known = await dialect.normalise?.(connection, desired, current)
      return diff(current, known ?? desired, dialect, { noRenames: true, server: connection.server })
    },
    visible: (model) => model,
    scratch: (work) => dialect.withScratch('SELECT 1', { url: connection.url, env: {}, cwd: '.' }, work),
    note() {},
  })
}

/** Runs operations, each by itself. @returns the schema after them */
export async function perform(
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
  before: Model = EMPTY,
): Promise<Model> {
  let model = before
  for (const operation of operations) {
    const { statements, rebuilds, after } = compiled([operation], model, dialect, connection.server.version)
    if (rebuilds) await connection.begin({ rebuild: true })
    for (const { sql } of statements) await connection.run([sql])
    if (rebuilds) await connection.commit()
    model = after
  }
  return model
}
