/** From the names in `down_revision` and `depends_on` to revisions. */
import { didYouMean, EXIT, faults } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { revisionProblem } from './graph-check.ts'
import type { Links, RevisionNode } from './node.ts'
import { unique } from './unique.ts'

/**
 * Finds what every `down_revision` (a whole id) and every `depends_on` (an id, the unique beginning of one, or a label)
 * means.
 * @throws faults with all references that lead nowhere or to several revisions
 */
export function linkRevisions(nodes: readonly RevisionNode[]): Pick<Links, 'down' | 'dependencies'> {
  const byId = new Map(nodes.map((node, index) => [node.id, index]))
  const names = namesOf(nodes, byId)
  const problems: Problem[] = []
  const places = (
    written: readonly string[],
    find: (name: string) => number | Problem,
  ): readonly number[] => {
    const found: number[] = []
    for (const name of written) {
      const target = find(name)
      if (typeof target === 'number') found.push(target)
      else problems.push(target)
    }
    return unique(found)
  }
  const down = nodes.map((node) => places(node.down, (id) => byId.get(id) ?? missingDown(node, id, names)))
  const dependencies = nodes.map((node) =>
    places(node.dependsOn, (name) => dependencyTarget(node, name, names))
  )
  if (problems.length > 0) faults(problems, EXIT.usage)
  return { down, dependencies }
}

interface Names {
  readonly nodes: readonly RevisionNode[]
  /** Places by id and label. */
  readonly places: ReadonlyMap<string, number>
}

function namesOf(nodes: readonly RevisionNode[], byId: ReadonlyMap<string, number>): Names {
  if (nodes.every((node) => node.labels.length === 0)) return { nodes, places: byId }
  const places = new Map(byId)
  nodes.forEach((node, index) => node.labels.forEach((label) => places.set(label, index)))
  return { nodes, places }
}

function missingDown(node: RevisionNode, id: string, names: Names): Problem {
  const message = `Revision "${id}" referenced from "${node.id}" as down_revision is not present`
  const place = names.places.get(id)
  const known = place === undefined
    ? names.nodes.find((other) => other.id.startsWith(id))
    : names.nodes[place]
  const near = known?.id ?? didYouMean(id, names.places.keys())
  const hint = id === 'None'
    ? 'A base says `down_revision: null`.'
    : near === undefined
    ? 'Restore the missing revision file, or correct down_revision.'
    : known === undefined
    ? `Restore the missing revision file; or did you mean "${near}"?`
    : `Did you mean "${near}"? down_revision needs the whole id.`
  return revisionProblem(node, 'down_revision', { code: 'missing-revision', message, hint })
}

function dependencyTarget(node: RevisionNode, name: string, names: Names): number | Problem {
  const exact = names.places.get(name)
  if (exact !== undefined) return names.nodes[exact] === node ? dependencyOnItself(node, name) : exact
  const found = beginningWith(name, names.places)
  if (found.length === 1) return names.nodes[found[0]!] === node ? dependencyOnItself(node, name) : found[0]!
  const message = found.length === 0
    ? `Revision "${name}" referenced from "${node.id}" in depends_on is not present`
    : `"${name}" in the depends_on of "${node.id}" is the beginning of several revisions`
  const near = didYouMean(name, names.places.keys())
  const hint = found.length > 1
    ? `Write more of the id: ${found.slice(0, 3).map((place) => `"${names.nodes[place]!.id}"`).join(', ')}.`
    : near === undefined
    ? 'Restore the missing revision file, or correct depends_on.'
    : `Restore the missing revision file; or did you mean "${near}"?`
  return revisionProblem(node, 'depends_on', { code: 'missing-revision', message, hint })
}

function dependencyOnItself(node: RevisionNode, name: string): Problem {
  const message = `Dependency self-loop is detected in revisions (${node.id})`
  const hint = `"${name}" names this very revision`
  return revisionProblem(node, 'depends_on', { code: 'revision-cycle', message, hint })
}

/** Names of up to three characters are never shortened: Alembic's rule. */
const SHORTEST_NAME = 4

/** The revisions one of whose names (id or label) is longer than three characters and begins so. */
export function beginningWith<R>(beginning: string, byName: ReadonlyMap<string, R>): R[] {
  const found = new Set<R>()
  if (beginning === '') return []
  for (const [name, revision] of byName) {
    if (name.length >= SHORTEST_NAME && name.startsWith(beginning)) found.add(revision)
  }
  return [...found]
}
