/**
 * Steps of the graph → what is to run, checked as far as it can be before anything runs: a mistake in the seventh of
 * nine revisions stops the run before the first.
 */
import { fault, locate } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { EMPTY } from '../../model/model.ts'
import type { Model, Naming } from '../../model/model.ts'
import type { Step } from '../../revision/graph/steps.ts'
import type { LoadedRevision } from '../../revision/load.ts'
import { refuseMissing } from '../../revision/missing.ts'
import { compileOperations, operationsFor } from '../../plan/compile.ts'
import type { Target } from '../../plan/compile.ts'
import { foresee } from '../../plan/foresee.ts'
import { placeOf } from '../../plan/placed.ts'
import type { Placed } from '../../plan/placed.ts'
import { checkInvertible } from '../../plan/replay.ts'
import { derivedDowngrade } from './derived.ts'
import { pastOf } from './past.ts'
import type { Past } from './past.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import type { History, Reporter } from '../session/session.ts'

export interface PrepareOptions {
  readonly naming?: Naming | undefined
  /** Told of a derived downgrade that may not bring back all there was. */
  readonly warn: Reporter['warn']
}

/**
 * Reads the revisions of some steps and finds their operations; downgrades that their files do not give are derived.
 * @throws all problems of the files at once; `irreversible` or `not-derivable` for a downgrade that cannot be
 */
export async function prepareSteps(
  steps: readonly Step[],
  history: History,
  target: Target,
  options: PrepareOptions,
): Promise<PreparedStep[]> {
  const ids = steps.flatMap((step) => step.revisions)
  const documents = await history.load(ids)
  refuseMissing(ids.map((id) => documents.get(id)!))
  const past = pastOf(history, target, options.naming)
  const prepared: PreparedStep[] = []
  for (const step of steps) {
    const document = documents.get(step.revisions[0]!)!
    const operations = step.direction === 'up'
      ? document.upgrade
      : await downgradeOf(document, history, past, target, options)
    prepared.push({ step, document, operations: operationsFor(operations, target) })
  }
  return prepared
}

async function downgradeOf(
  document: LoadedRevision,
  history: History,
  past: Past,
  target: Target,
  { warn }: PrepareOptions,
): Promise<readonly Placed[]> {
  const { downgrade } = document
  if (downgrade === undefined) {
    const { parents } = history.graph.byId.get(document.id)!
    return await derivedDowngrade(document, () => past.at(parents), target, warn)
  }
  if ('operations' in downgrade) return downgrade.operations
  return fault('irreversible', `revision "${document.id}" cannot be downgraded: ${downgrade.irreversible}`, {
    at: downgrade.place(),
    hint:
      `\`limbeck downgrade ${document.id}\` undoes what comes after it; this and what comes before it stay`,
  })
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
  return (await pastOf(history, target, naming).at(ids)).model
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
    if (step.direction === 'up' && document.downgrade === undefined) {
      checkInvertible(operations, model, target)
    }
    model = compilation.unknown ? undefined : compilation.after
    return { ...prepared, compilation }
  })
}

/** As {@link compileSteps}; what is wrong is told with the comfort that nothing ran, where nothing did. */
export function checkedSteps(
  prepared: readonly PreparedStep[],
  before: Model,
  target: Target,
  untouched = true,
): readonly PreparedStep[] {
  const note = 'found before the first statement: nothing was changed'
  const comfort = (problem: Problem) => ({ ...problem, notes: [...(problem.notes ?? []), note] })
  return locate(untouched ? comfort : (problem) => problem, () => compileSteps(prepared, before, target))
}

/**
 * Refuses steps of which a statement cannot be in the one transaction asked for, also behind SQL of unknown effect: the
 * statement would commit what ran before it.
 * @param before the schema before the first step; not needed when none has operations
 * @throws `transaction-forbidden`
 */
export function refuseForbidden(
  prepared: readonly PreparedStep[],
  before: Model | undefined,
  target: Target,
): void {
  let model = before ?? EMPTY
  for (const { compilation, document, operations } of prepared) {
    model = compilation?.after ?? model
    const statements = [
      ...(compilation?.statements ?? []),
      ...foresee(operations.slice(compilation?.consumed ?? 0), model, target),
    ]
    const statement = statements.find((one) => one.transaction === 'forbidden')
    if (statement !== undefined || document.transaction === 'none') {
      faultForbidden(document, statement?.origin)
    }
  }
}

/** @throws `transaction-forbidden`, at the operation if it is one */
export function faultForbidden(document: LoadedRevision, origin?: Placed): never {
  const message = `revision "${document.id}" cannot run in one transaction with others`
  return fault('transaction-forbidden', message, {
    at: (origin && placeOf(origin)) ?? document.node.at,
    hint: 'use `--transaction per_revision`',
  })
}
