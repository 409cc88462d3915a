/**
 * The revision graph: all revisions of a project with what follows from their links, checked. Nothing here reads a
 * file or a database. The meaning of every field is Alembic's, so that its version tables and habits carry over.
 */
import { checkNames } from './graph-check.ts'
import { linkRevisions } from './references.ts'
import { rankRevisions } from './cycles.ts'
import { normalizeDependencies } from './dependencies.ts'
import { reachOfLabels } from './labels.ts'
import { unique } from './unique.ts'
import type { Graph, Links, Neighbours, Revision, RevisionNode } from './node.ts'

export type { Graph, Revision, RevisionField, RevisionNode } from './node.ts'

/**
 * Builds and checks the graph.
 * @param nodes all revisions, in file-name order (by folder in the configured order, then by name)
 * @param locations the folders of revision files
 * @throws faults with exit code 2: an id that is not allowed or used twice, a label used twice or equal to an id, a
 * revision that names itself, a missing or ambiguous reference, a cycle
 */
export function buildGraph(nodes: readonly RevisionNode[], locations: readonly string[] = []): Graph {
  checkNames(nodes)
  const { down, dependencies } = linkRevisions(nodes)
  const needs = down.map((places, index) => join(places, dependencies[index]!))
  const links: Links = { down, dependencies, needs, children: reverse(down), followers: reverse(needs) }
  const ranks = rankRevisions(nodes, links)
  const parents = normalizeDependencies(links, ranks)
  const branches = reachOfLabels(nodes, links)
  const ids = (places: readonly number[]) => places.map((place) => nodes[place]!.id)
  const revisions = nodes.map((node, index): Revision => ({
    ...node,
    index,
    rank: ranks[index]!,
    down: ids(down[index]!),
    dependencies: ids(dependencies[index]!),
    parents: ids(parents[index]!),
    children: ids(links.children[index]!),
    followers: ids(links.followers[index]!),
    branches: branches.get(index) ?? [],
  }))
  return assemble(revisions, locations)
}

function join(places: readonly number[], others: readonly number[]): readonly number[] {
  return others.length === 0 ? places : unique([...places, ...others])
}

function reverse(links: Neighbours): Neighbours {
  const reversed: number[][] = links.map(() => [])
  links.forEach((targets, index) => {
    for (const target of targets) reversed[target]!.push(index)
  })
  return reversed
}

function assemble(revisions: readonly Revision[], locations: readonly string[]): Graph {
  const byId = new Map<string, Revision>()
  for (const revision of revisions) byId.set(revision.id, revision)
  const labelled = revisions.filter(({ labels }) => labels.length > 0)
  const byName = labelled.length === 0 ? byId : new Map(byId)
  for (const revision of labelled) {
    for (const label of revision.labels) byName.set(label, revision)
  }
  const idsWhere = (test: (revision: Revision) => boolean) => revisions.filter(test).map((r) => r.id)
  return {
    revisions,
    byId,
    byName,
    heads: idsWhere((r) => r.children.length === 0),
    realHeads: idsWhere((r) => r.followers.length === 0),
    bases: idsWhere((r) => r.down.length === 0),
    locations,
  }
}
