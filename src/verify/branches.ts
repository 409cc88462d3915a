/**
 * Branches proved to lead to one schema whichever of them is applied first: a database whose owner made one of them has
 * that one first, a new database the one that `upgrade` begins with.
 */
import type { Problem } from '../problem.ts'
import { diff } from '../diff/index.ts'
import type { Naming } from '../model/model.ts'
import type { Target } from '../plan/compile.ts'
import type { Graph } from '../revision/graph/graph.ts'
import { pastOf } from '../run/prepare/past.ts'
import type { Known } from '../run/prepare/past.ts'
import { difference } from './findings.ts'
import type { Findings } from './findings.ts'
import { isEqual } from './history.ts'
import type { Readable } from './history.ts'

/**
 * Finds operations that fail, and schemas that differ, where another branch is applied first. It ends at what is wrong
 * with a branch by itself, which is not found here.
 */
export async function proveBranches(
  graph: Graph,
  { documents, revisions }: Readable,
  target: Target,
  naming: Naming | undefined,
  findings: Findings,
): Promise<void> {
  const joined = revisions.map(({ parents }) => parents)
  if (graph.realHeads.every((id) => documents.has(id))) joined.push(graph.realHeads)
  const several = joined.filter((ids) => ids.length > 1)
  let wrong: Problem[] = []
  const history = { graph, load: () => Promise.resolve(documents) }
  const past = pastOf(history, target, naming, (problems, doubtful) => {
    if (!doubtful) wrong.push(...problems)
  })
  for (const ids of several) {
    for (const id of ids) await past.at([id])
    if (wrong.length > 0) return
    const schemas: Known[] = []
    for (const first of ids) {
      schemas.push(await past.at([first, ...ids.filter((id) => id !== first)]))
      findings.add(...wrong.map((one) => ({ ...one, notes: [...(one.notes ?? []), applied(first, ids)] })))
      if (wrong.length > 0) return
      wrong = []
    }
    compareOrders(ids, schemas)
  }

  function compareOrders(ids: readonly string[], schemas: readonly Known[]): void {
    const [{ model, opaque }] = schemas as readonly [Known]
    if (opaque.length > 0) return
    const at = schemas.findIndex((one) => !isEqual(one.model, model))
    const other = schemas[at]
    if (other === undefined) return
    const found = difference(
      'branches-differ',
      `the schema after ${quoted(ids)} depends on which of them is applied first`,
      diff(model, other.model, target.dialect, { noRenames: true, server: target.server }),
      () => documents.get(ids[at]!)!.node.at,
    )
    if (found === undefined) return
    findings.add({
      ...found,
      notes: [`with "${ids[at]}" first it is not what it is with "${ids[0]}" first`, ...found.notes ?? []],
      hint: 'change one of the branches so that it does not matter, or let the one follow the other',
    })
  }
}

function applied(first: string, ids: readonly string[]): string {
  return `where "${first}" is applied before ${quoted(ids.filter((id) => id !== first))}`
}

function quoted(ids: readonly string[]): string {
  return ids.map((id) => `"${id}"`).join(' and ')
}
