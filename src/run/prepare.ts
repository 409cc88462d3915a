/**
 * Steps of the graph → what is to run, checked as far as it can be before anything runs: a mistake in the seventh of
 * nine revisions stops the run before the first.
 */
import { EXIT, fault, ProblemError } from '../problem.ts'
import { EMPTY } from '../model/model.ts'
import type { Model } from '../model/model.ts'
import { newestFirst } from '../revision/graph/order.ts'
import { ancestors } from '../revision/graph/traverse.ts'
import type { Step } from '../revision/graph/steps.ts'
import type { LoadedRevision } from '../revision/load.ts'
import { compileOperations, operationsFor } from '../plan/compile.ts'
import type { Compilation, Target } from '../plan/compile.ts'
import type { Placed } from '../plan/placed.ts'
import { checkInvertible, inverseOf, replay } from '../plan/replay.ts'
import { withNaming } from './session.ts'
import type { History } from './session.ts'
import type { Naming } from '../model/model.ts'

/** A step with the operations that it runs. */
export interface PreparedStep {
  readonly step: Step
  readonly document: LoadedRevision
  /** Those of the upgrade or of the downgrade, for this dialect. */
  readonly operations: readonly Placed[]
  /** What they compile to, up to the first of unknown effect; absent after one. */
  readonly compilation?: Compilation
}

/**
 * Reads the revisions of some steps and finds their operations; downgrades that their files do not give are derived.
 * @throws all problems of the files at once; `irreversible` for a downgrade that cannot be
 */
export async function prepareSteps(
  steps: readonly Step[],
  history: History,
  target: Target,
  naming: Naming | undefined,
): Promise<PreparedStep[]> {
  const documents = await history.load(steps.flatMap((step) => step.revisions))
  const prepared: PreparedStep[] = []
  for (const step of steps) {
    const document = documents.get(step.revisions[0]!)!
    const operations = step.direction === 'up'
      ? document.upgrade
      : await downgradeOf(document, history, target, naming)
    prepared.push({ step, document, operations: operationsFor(operations, target.dialect) })
  }
  return prepared
}

async function downgradeOf(
  document: LoadedRevision,
  history: History,
  target: Target,
  naming: Naming | undefined,
): Promise<readonly Placed[]> {
  const { downgrade } = document
  if (downgrade === undefined) {
    const before = await modelBefore(document, history, target, naming)
    return inverseOf(document.upgrade, before, target.dialect)
  }
  if ('operations' in downgrade) return downgrade.operations
  return fault('irreversible', `revision "${document.id}" cannot be downgraded: ${downgrade.irreversible}`, {
    at: document.node.at,
    hint: 'what comes after it can be downgraded; this and what comes before it cannot',
  })
}

/** The schema before a revision, which its inverse needs. @throws `not-derivable` when the history cannot be replayed */
async function modelBefore(
  document: LoadedRevision,
  history: History,
  target: Target,
  naming: Naming | undefined,
): Promise<Model> {
  const { parents } = history.graph.byId.get(document.id)!
  try {
    return await modelAt(history, parents, target, naming)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.exit === EXIT.usage) throw error
    const whys = error.problems.map(({ at, message }) =>
      at === undefined ? message : `${at.file}:${at.line}:${at.col}: ${message}`
    )
    const message =
      `the downgrade of revision "${document.id}" cannot be derived: the history before it cannot be replayed`
    return fault('not-derivable', message, {
      at: document.node.at,
      notes: whys,
      hint:
        `give "${document.id}" a \`downgrade:\`, or say with \`effects:\` what the SQL before it does to the schema`,
      cause: error,
    })
  }
}

/**
 * The schema at some revisions, by replay of all that comes before them.
 * @throws the problems of the files, and of their operations
 */
export async function modelAt(
  history: History,
  ids: readonly string[],
  target: Target,
  naming: Naming | undefined,
): Promise<Model> {
  const { graph } = history
  const tips = ids.map((id) => graph.byId.get(id)!)
  const order = newestFirst(graph, ancestors(graph, tips, 'all'), tips).reverse()
  const documents = await history.load(order.map((revision) => revision.id))
  return order.reduce(
    (model, { id }) => replay(documents.get(id)!.upgrade, model, target.dialect),
    withNaming(EMPTY, naming),
  )
}

/**
 * Compiles prepared steps one after the other, from the schema that is there. After an operation of unknown effect
 * the rest is left to be compiled when it has run. A revision that leaves its downgrade to be derived must be one whose
 * downgrade can be: better told now than when somebody needs it.
 * @throws the problems of the operations, `irreversible` among them
 */
export function compileSteps(
  steps: readonly PreparedStep[],
  before: Model,
  target: Target,
  options: { readonly blind?: boolean } = {},
): PreparedStep[] {
  let model: Model | undefined = before
  return steps.map((prepared) => {
    if (model === undefined) return prepared
    const compilation = compileOperations(prepared.operations, model, target, options)
    const { step, document, operations } = prepared
    if (step.direction === 'up' && document.downgrade === undefined) checkInvertible(operations, model)
    model = compilation.unknown ? undefined : compilation.after
    return { ...prepared, compilation }
  })
}
