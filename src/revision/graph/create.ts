/** What `revision` and `merge` need to know of the graph: where the new revision goes. */
import { resolve, sep } from 'node:path'
import { EXIT, fault } from '../../problem.ts'
import { buildGraph } from './graph.ts'
import { checkId } from './graph-check.ts'
import type { Graph, Revision, RevisionNode } from './node.ts'
import { faultNotFound, quoted, worded } from './problems.ts'
import { resolveAll, resolveOne } from './resolve.ts'
import { unique } from './unique.ts'

export interface NewRevisionRequest {
  readonly id: string
  readonly message: string
  /** What the new revision follows: `head` for `revision`; several names for `merge`. */
  readonly heads: readonly string[]
  /** Allow to follow a revision that is not a head. */
  readonly splice?: boolean
  readonly labels?: readonly string[]
  readonly dependsOn?: readonly string[]
  /** One of the graph's locations. */
  readonly location?: string
}

export interface NewRevision {
  readonly id: string
  readonly message: string
  readonly down: readonly string[]
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
  /** The folder for the file: one of the graph's locations; undefined when the graph has none. */
  readonly location: string | undefined
}

const WORDING = {
  multipleHeads:
    'Multiple heads are present; please specify the head revision on which the new revision should be ' +
    'based, or perform a merge.',
}

/**
 * Places a new revision in the graph and checks that it fits. A merge is the same with several heads.
 * @throws a fault when the id or a label is not allowed or taken, when a head does not exist, is ambiguous, is given
 * twice or is none, when a dependency does not exist, or when the folder is not clear
 */
export function planRevision(graph: Graph, request: NewRevisionRequest): NewRevision {
  checkId(request.id)
  const taken = graph.byId.get(request.id)
  if (taken !== undefined) {
    fault('duplicate-revision', `Revision "${taken.id}" exists already, in "${taken.file}"`, {
      exit: EXIT.usage,
      hint: 'choose another --rev-id',
    })
  }
  const found = worded(WORDING, () => request.heads.map((text) => resolveAll(graph, text)))
  const parents = found.flat()
  if (unique(parents).length < parents.length || found.filter((part) => part.length === 0).length > 1) {
    fault('duplicate-heads', 'Duplicate head revisions specified', {
      exit: EXIT.usage,
      hint: 'name each once, and the base alone',
    })
  }
  const location = chooseLocation(graph, parents, request.location)
  if (request.splice !== true) parents.forEach(refuseNonHead)
  const planned: NewRevision = {
    id: request.id,
    message: request.message,
    down: parents.map((parent) => parent.id),
    dependsOn: (request.dependsOn ?? []).map((name) => dependencyName(graph, name)),
    labels: unique(request.labels ?? []),
    location,
  }
  withRevision(graph, planned)
  return planned
}

/** The graph as it will be with a new revision. */
export function withRevision(graph: Graph, added: NewRevision): Graph {
  const { id, message, down, dependsOn, labels } = added
  const node: RevisionNode = { id, message, down, dependsOn, labels, file: 'the new revision' }
  return buildGraph([...graph.revisions.map(toNode), node], graph.locations)
}

function toNode(revision: Revision): RevisionNode {
  const { id, down, dependsOn, labels, message, file, at, fields } = revision
  const node: RevisionNode = { id, down, dependsOn, labels, message, file }
  return { ...node, ...(at === undefined ? {} : { at }), ...(fields === undefined ? {} : { fields }) }
}

function refuseNonHead(parent: Revision): void {
  if (parent.children.length === 0) return
  fault(
    'not-a-head',
    `Revision ${parent.id} is not a head revision; please specify --splice to create a new branch from this revision`,
    {
      exit: EXIT.usage,
      hint: `${quoted(parent.children)} already ${parent.children.length === 1 ? 'follows' : 'follow'} it`,
    },
  )
}

/** A label stays a label, so that it keeps meaning the branch; anything else becomes the whole id. */
function dependencyName(graph: Graph, name: string): string {
  const revision = resolveOne(graph, name)
  if (revision === undefined) return faultNotFound(graph, name, 'A revision cannot depend on the base.')
  return revision.branches.includes(name) ? name : revision.id
}

function chooseLocation(graph: Graph, parents: readonly Revision[], asked?: string): string | undefined {
  const { locations } = graph
  if (asked !== undefined) {
    const known = locations.find((location) => resolve(location) === resolve(asked))
    if (known !== undefined) return known
    return fault('unknown-location', `Path ${asked} is not represented in current version locations`, {
      exit: EXIT.usage,
      hint: `the configured folders are ${quoted(locations)}`,
    })
  }
  if (locations.length < 2) return locations[0]
  const first = parents[0]
  if (first === undefined) {
    return fault('unknown-location', 'Multiple version locations present, please specify --version-path', {
      exit: EXIT.usage,
      hint: `the configured folders are ${quoted(locations)}`,
    })
  }
  return locationOf(locations, first)
}

/** The innermost of the folders that the file is in; else the first folder. */
function locationOf(locations: readonly string[], revision: Revision): string | undefined {
  const file = resolve(revision.file)
  const holding = locations.filter((location) => file.startsWith(resolve(location) + sep))
  const [innermost] = holding.sort((a, b) => resolve(b).length - resolve(a).length)
  return innermost ?? locations[0]
}
