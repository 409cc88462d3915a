/**
 * Recorded runs of the real Alembic's command line on small revision graphs, and the comparison of what limbeck does
 * with them. How a case is run is up to the caller: by functions, or as a user does.
 */
import { existsSync, readFileSync } from 'node:fs'

const FILE = new URL('../../../shared/cases/alembic-graph-open.json', import.meta.url)

export type CaseKind =
  | 'upgrade'
  | 'downgrade'
  | 'stamp'
  | 'history'
  | 'heads'
  | 'branches'
  | 'current'
  | 'show'
  | 'revision'
  | 'merge'

export interface CaseRevision {
  readonly id: string
  readonly down_revision: readonly string[]
  readonly depends_on: readonly string[]
  readonly branch_labels: readonly string[]
}

export interface CaseOptions {
  readonly sql?: boolean
  readonly purge?: boolean
  readonly check_heads?: boolean
  readonly resolve_dependencies?: boolean
  readonly indicate_current?: boolean
  readonly rev_id?: string
  readonly head?: string
  readonly splice?: boolean
  readonly depends_on?: readonly string[]
  readonly branch_label?: string
}

export interface CaseStep {
  readonly dir: 'up' | 'down'
  readonly id: string
  /** The rows after the step. */
  readonly heads?: readonly string[]
}

export interface ListedRevision {
  readonly id: string
  readonly down?: readonly string[]
  readonly deps?: readonly string[]
  readonly labels: readonly string[]
  readonly markers: readonly string[]
  readonly children?: readonly ListedRevision[]
}

/** What a run shows. Each part of the expectation needs its part here. */
export interface Outcome {
  readonly error?: { readonly message: string }
  readonly steps?: readonly CaseStep[]
  readonly heads_after?: readonly string[]
  readonly warnings?: readonly string[]
  readonly version_table?: readonly (readonly string[])[]
  readonly revs?: readonly ListedRevision[]
  readonly stdout?: string
  readonly new?: Omit<CaseRevision, 'id'> & { readonly id: string | null }
  readonly graph_heads?: readonly (string | null)[]
}

export type Part = Exclude<keyof Outcome, 'error'>

export interface Expectation extends Omit<Outcome, 'error'> {
  readonly error?: { readonly message: string | null; readonly internal: boolean }
  readonly order?: 'forced' | 'alembic' | 'any'
}

export interface GraphCase {
  readonly name: string
  readonly kind: CaseKind
  /** In file-name order; the message of each is `rev <id>`. */
  readonly revisions: readonly CaseRevision[]
  /** The rows of the version table before. */
  readonly current: readonly string[]
  readonly target?: string | null
  readonly targets?: readonly string[]
  readonly options: CaseOptions
  /** The command line after the program's name. */
  readonly argv: readonly string[]
  readonly expect: Expectation
}

/** The recorded cases; undefined where they are not at hand. */
export function loadGraphCases(): readonly GraphCase[] | undefined {
  if (!existsSync(FILE)) return undefined
  return (JSON.parse(readFileSync(FILE, 'utf8')) as { cases: GraphCase[] }).cases
}

/**
 * How an outcome differs from what Alembic did; empty when it does not.
 * @param observed the parts that this way of running can see; the others are not compared
 */
export function differences(graphCase: GraphCase, outcome: Outcome, observed: readonly Part[]): string[] {
  const { expect } = graphCase
  if (expect.error !== undefined) return errorDifferences(expect, outcome, observed)
  if (outcome.error !== undefined) return [`unexpected error: ${outcome.error.message}`]
  return observed.filter((part) => expect[part] !== undefined)
    .flatMap((part) => partDifference(part, graphCase, outcome))
}

function errorDifferences(expect: Expectation, outcome: Outcome, observed: readonly Part[]): string[] {
  const { message, internal } = expect.error!
  if (outcome.error === undefined) return [`no error, but Alembic says: ${message}`]
  const rows = observed.includes('heads_after') && expect.heads_after !== undefined
    ? unequal('heads_after', sorted(outcome.heads_after ?? []), sorted(expect.heads_after))
    : []
  const isAsGood = internal || message === null || outcome.error.message.includes(message)
  return isAsGood ? rows : [...rows, `error: "${outcome.error.message}" instead of "${message}"`]
}

function partDifference(part: Part, graphCase: GraphCase, outcome: Outcome): string[] {
  const { expect } = graphCase
  if (outcome[part] === undefined) return [`${part}: nothing`]
  switch (part) {
    case 'steps':
      return stepDifferences(graphCase, outcome.steps!)
    case 'revs':
      return unequal(part, arranged(graphCase, outcome.revs!), arranged(graphCase, expect.revs!))
    case 'heads_after':
    case 'graph_heads':
      return unequal(part, sorted(outcome[part]!), sorted(expect[part]!))
    case 'stdout':
      return unequal(part, withoutPaths(outcome.stdout!), withoutPaths(expect.stdout!))
    case 'warnings':
    case 'version_table':
    case 'new':
      return unequal(part, outcome[part], expect[part])
  }
}

function stepDifferences(graphCase: GraphCase, steps: readonly CaseStep[]): string[] {
  const { order, steps: expected = [] } = graphCase.expect
  if (order !== 'any') return unequal('steps', steps.map(withSortedHeads), expected.map(withSortedHeads))
  const ids = steps.map((step) => `${step.dir} ${step.id}`)
  const wanted = expected.map((step) => `${step.dir} ${step.id}`)
  return [...unequal('steps', sorted(ids), sorted(wanted)), ...misplaced(graphCase, steps)]
}

/** Steps that come on the wrong side of a revision that they need. */
function misplaced(graphCase: GraphCase, steps: readonly CaseStep[]): string[] {
  const place = new Map(steps.map((step, index) => [step.id, step.dir === 'up' ? index : -index]))
  const idOf = new Map(graphCase.revisions.flatMap((r) => r.branch_labels.map((label) => [label, r.id])))
  return graphCase.revisions.flatMap((revision) => {
    const needs = [...revision.down_revision, ...revision.depends_on.map((name) => idOf.get(name) ?? name)]
    const own = place.get(revision.id)
    return needs.filter((id) => own !== undefined && place.has(id) && place.get(id)! > own)
      .map((id) => `${revision.id} runs before ${id}`)
  })
}

function withSortedHeads(step: CaseStep): CaseStep {
  return step.heads === undefined ? step : { ...step, heads: sorted(step.heads) }
}

function arranged(graphCase: GraphCase, revs: readonly ListedRevision[]): ListedRevision[] {
  const isFree = graphCase.kind === 'current' || graphCase.expect.order === 'any'
  const list = revs.map((rev): ListedRevision => ({
    ...rev,
    labels: sorted(rev.labels),
    markers: sorted(rev.markers),
    ...(rev.children === undefined ? {} : { children: byId(rev.children) }),
  }))
  return isFree ? byId(list) : list
}

function byId(revs: readonly ListedRevision[]): ListedRevision[] {
  return [...revs].sort((a, b) => a.id < b.id ? -1 : 1)
}

function withoutPaths(text: string): string {
  return text.replaceAll(/^Path: .*\n/gm, '')
}

function sorted<T>(items: readonly T[]): T[] {
  return [...items].sort()
}

function unequal(part: string, actual: unknown, expected: unknown): string[] {
  const [a, e] = [canonical(actual), canonical(expected)]
  return a === e ? [] : [`${part}:\n      is   ${a}\n      not  ${e}`]
}

/** JSON with the keys in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) =>
      part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  )
}
