/** A history proved without a database: every revision applies to its parent's schema, every downgrade leads back. */
import type { Problem } from '../problem.ts'
import { PARTS } from '../model/model.ts'
import type { Model, Naming } from '../model/model.ts'
import { diff } from '../diff/index.ts'
import { identical } from '../model/identical.ts'
import { compileOperations, operationsFor } from '../plan/compile.ts'
import type { Target } from '../plan/compile.ts'
import { inverseOf, replayLeniently } from '../plan/replay.ts'
import type { Placed } from '../plan/placed.ts'
import type { Graph, Revision } from '../revision/graph/graph.ts'
import { descendants } from '../revision/graph/traverse.ts'
import type { LoadedRevision } from '../revision/load.ts'
import { opaqueOf, pastOf } from '../run/prepare/past.ts'
import type { Known, Past } from '../run/prepare/past.ts'
import type { History } from '../run/session/session.ts'
import { difference, placeOfDowngrade } from './findings.ts'
import type { Findings } from './findings.ts'

/** The part of a history that can be read. */
export interface Readable {
  readonly documents: ReadonlyMap<string, LoadedRevision>
  /** Revisions whose files, and those of all they need, can be read; each after those that it needs. */
  readonly revisions: readonly Revision[]
}

/** Reads all files; what is wrong with them is found. */
export async function readAll(history: History, findings: Findings): Promise<Readable> {
  const { graph } = history
  const all = await findings.during(() => history.load(graph.revisions.map((one) => one.id)))
  const documents = new Map<string, LoadedRevision>(all)
  // Where some cannot be read, the others can: what was found is found again, and told once.
  if (all === undefined) {
    for (const { id } of graph.revisions) {
      const one = await findings.during(() => history.load([id]))
      one?.forEach((document) => documents.set(document.id, document))
    }
  }
  const unread = graph.revisions.filter((one) => !documents.has(one.id))
  const left = descendants(graph, unread, 'all')
  const revisions = graph.revisions.filter((one) => !left.has(one)).sort((a, b) => a.rank - b.rank)
  return { documents, revisions }
}

/**
 * The schemas of a history: operations that cannot be applied are found, and passed over.
 * @param decided whether a run decides about those that SQL of unknown effect came before: then they are not found here
 */
export function provenPast(
  graph: Graph,
  { documents }: Readable,
  target: Target,
  naming: Naming | undefined,
  findings: Findings,
  decided: boolean,
): Past {
  const readable: History = { graph, load: () => Promise.resolve(documents) }
  return pastOf(readable, target, naming, (problems, doubtful) => {
    if (!doubtful) findings.add(...problems)
    else if (!decided) findings.add(...problems.map(behindSql))
  })
}

function behindSql(problem: Problem): Problem {
  return {
    ...problem,
    notes: [...(problem.notes ?? []), 'what SQL before it does to the schema is not known'],
    hint: problem.hint ?? 'declare the `effects:` of that SQL, or say `limbeck verify --database`',
  }
}

/** Finds several heads, unless each is on a branch that has a label of its own. */
export function checkHeads({ byId, heads }: Graph, findings: Findings): void {
  const labels = heads.map((id) => byId.get(id)!.branches.join('\0'))
  if (heads.length < 2 || (new Set(labels).size === heads.length && !labels.includes(''))) return
  for (const id of heads) {
    const { at } = byId.get(id)!
    findings.add({
      code: 'several-heads',
      severity: 'error',
      message: `revision "${id}" is one of ${heads.length} heads`,
      ...(at === undefined ? {} : { at }),
      hint: '`limbeck merge heads` joins them; or give each branch a label',
    })
  }
}

/**
 * Proves the revisions, one after the other.
 * @param decided whether a run proves those that SQL of unknown effect is in, or came before
 */
export async function proveRevisions(
  readable: Readable,
  past: Past,
  target: Target,
  findings: Findings,
  decided: boolean,
): Promise<void> {
  for (const { id, parents } of readable.revisions) {
    const document = readable.documents.get(id)!
    const before = await past.at(parents)
    const known = findings.all.length
    const after = await past.at([id])
    if (decided && isDoubtful(document, after, target)) continue
    await findings.during(() => compiled(document.upgrade, before.model, target))
    if (findings.all.length > known) continue
    if (opaqueOf(document.upgrade, target).length > 0) {
      findings.add(unknownEffect(document, document.upgrade, target))
    } else await proveDowngrade(document, before.model, after.model, target, findings)
  }
}

/** Whether SQL of unknown effect came before the revision's end, or is in its downgrade. */
function isDoubtful({ downgrade }: LoadedRevision, { opaque }: Known, target: Target): boolean {
  const back = downgrade !== undefined && 'operations' in downgrade ? downgrade.operations : []
  return opaque.length > 0 || opaqueOf(back, target).length > 0
}

function compiled(operations: readonly Placed[], before: Model, target: Target): void {
  compileOperations(operationsFor(operations, target), before, target, { blind: true })
}

/** A warning at the SQL among some operations: because of it, it cannot be told whether the downgrade leads back. */
function unknownEffect(
  { id, node }: LoadedRevision,
  operations: readonly Placed[],
  target: Target,
): Problem {
  const message = `what SQL of revision "${id}" does to the schema is not known, so that it is not proven`
  const problem: Problem = {
    code: 'unknown-effect',
    severity: 'warning',
    message,
    path: [],
    hint: 'declare its `effects:`, or say `limbeck verify --database`',
  }
  return opaqueOf(operations, target)[0]?.locate(problem) ??
    { ...problem, ...(node.at === undefined ? {} : { at: node.at }) }
}

async function proveDowngrade(
  document: LoadedRevision,
  before: Model,
  after: Model,
  target: Target,
  findings: Findings,
): Promise<void> {
  const { id, downgrade, upgrade } = document
  if (downgrade !== undefined && 'irreversible' in downgrade) return
  const operations = await findings.during(() =>
    downgrade === undefined ? inverseOf(upgrade, before, target) : downgrade.operations
  )
  if (operations === undefined) return
  // What is derived leads back: that is how inverses are made.
  if (downgrade === undefined) return
  const { model, skipped } = replayLeniently(operations, after, target)
  if (skipped.length > 0) return findings.add(...skipped.map((one) => inDowngrade(one, id)))
  if (opaqueOf(operations, target).length > 0) {
    return findings.add(unknownEffect(document, operations, target))
  }
  await findings.during(() => compiled(operations, after, target), (one) => inDowngrade(one, id))
  if (isEqual(model, before)) return
  const message = `the downgrade of revision "${id}" does not lead back to the schema before it`
  const way = diff(model, before, target.dialect, { noRenames: true, server: target.server })
  const found = difference('downgrade-differs', message, way, () => placeOfDowngrade(document))
  if (found !== undefined) findings.add(found)
}

/** The quick answer for most: the same objects, whatever their order. */
export function isEqual(a: Model, b: Model): boolean {
  return PARTS.every((part) => {
    const [own, other]: readonly (readonly (string | object)[])[] = [a[part], b[part]]
    const there = new Set(other)
    const left = own!.filter((one) => !there.has(one))
    const kept = new Set(own)
    const missing = other!.filter((one) => !kept.has(one))
    return left.length === missing.length && left.every((one) => missing.some((each) => identical(one, each)))
  })
}

function inDowngrade(problem: Problem, id: string): Problem {
  return { ...problem, notes: [...(problem.notes ?? []), `in the downgrade of revision "${id}"`] }
}
