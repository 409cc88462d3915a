/**
 * Going on with a revision that is not one transaction and that another run began: what is done is found out, so that
 * nothing is done twice and nothing is left out.
 */
import { fault, ProblemError } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import { definitionOf } from '../../ops/index.ts'
import { placeOf } from '../../plan/placed.ts'
import type { Placed, PlannedStatement } from '../../plan/placed.ts'
import { dropInvalid } from './invalid-index.ts'
import { liveSchemaAt } from '../prepare/live-schema.ts'
import { isAnswered, outcomeOf } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import { digestOf } from '../records/checkpoint.ts'
import type { Checkpoint, Left } from '../records/checkpoint.ts'
import type { Session } from '../session/session.ts'
import { limitsOf } from '../session/settings.ts'
import { checkDirection, faultUnfinished } from '../records/unfinished.ts'
import type { Unfinished } from '../records/unfinished.ts'

/** What is to run, and the schema that it is to be compiled for. */
export interface Resumption {
  readonly prepared: PreparedStep
  readonly model: Model
}

/** What is known besides the journal. */
export interface Known {
  /** The heads. */
  readonly rows: readonly string[]
  /** What somebody says of the statement at which it stopped. */
  readonly said: 'retry' | 'skip' | undefined
}

/**
 * Finds out where a revision that was begun is to be gone on with.
 * @returns undefined when another process moved the heads meanwhile
 * @throws `unfinished` when what was done already was edited since; `unknown-outcome` when nobody can know whether a
 *   statement was done and nobody says what to do
 */
export async function resumeStep(
  session: Session,
  prepared: PreparedStep,
  begun: Unfinished,
  { rows, said }: Known,
): Promise<Resumption | undefined> {
  const { progress } = begun
  checkDirection(begun, prepared, rows)
  if (progress === undefined) {
    return faultUnfinished(begun, prepared, rows, 'the journal does not say how far it is')
  }
  const { operations } = prepared
  if (isEdited(operations, progress)) {
    const why = 'what of it is done was edited since: to go on, put the file back as it was'
    return faultUnfinished(begun, prepared, rows, why)
  }
  const { dialect, options: { settings } } = session
  const limits = limitsOf(dialect, settings, prepared.document.settings)
  const dropped = await dropInvalid(session, progress.left[0], limits)
  const model = await liveSchemaAt(session, rows)
  if (model === undefined) return undefined
  const next = operations[progress.operations]
  const [first] = progress.left
  if (next === undefined || first === undefined) {
    return { prepared: resumedFrom(prepared, begun, progress.operations), model }
  }
  const found = { prepared, begun, progress, next, model }
  const seen = dropped || !first.alone ? 'open' : seenOutcome(session, found, first, said)
  const outcome = seen === 'unknown' ? decided(said, prepared, next, first) : seen
  return resumptionAfter(outcome, found)
}

function isEdited(operations: readonly Placed[], progress: Checkpoint): boolean {
  const count = progress.operations
  if (digestOf(operations.slice(0, count)) !== progress.digest) return true
  return progress.statements > 0 && digestOf(operations.slice(count, count + 1)) !== progress.next
}

function seenOutcome(
  { connection }: Session,
  { begun, progress, next, model }: Found,
  statement: Left,
  said: Known['said'],
): Outcome {
  // Another operation stands there now: of the one that was tried nothing is known but that it failed.
  if (digestOf([next]) !== progress.next) return isAnswered(begun) ? 'open' : 'unknown'
  // Somebody may have done by hand what the database refused.
  if (said === 'skip' && isAnswered(begun)) return 'done'
  const isFirst = progress.statements === 0
  return outcomeOf({ begun, statement, operation: next, isFirst, model, home: connection.server.schema })
}

/** What somebody says of a statement of which nobody can know whether it was done. */
function decided(said: Known['said'], prepared: PreparedStep, next: Placed, first: Left): Outcome {
  switch (said) {
    case 'retry':
      return 'open'
    case 'skip':
      return 'done'
    case undefined:
      return faultUnknown(prepared, next, first)
  }
}

function faultUnknown({ document }: PreparedStep, next: Placed, { sql }: Left): never {
  const what = definitionOf(next.operation).describe(next.operation)
  const message =
    `revision "${document.id}" was cut short, and nobody can know whether this was done: ${what}`
  const at = placeOf(next)
  return fault('unknown-outcome', message, {
    ...(at === undefined ? {} : { at }),
    sql: { text: sql },
    notes: ['it runs outside any transaction, and the run ended before the database answered'],
    hint: 'look at the database, then say --resume=skip if it was done, or --resume=retry to do it (again)',
  })
}

interface Found {
  readonly prepared: PreparedStep
  readonly begun: Unfinished
  readonly progress: Checkpoint
  readonly next: Placed
  readonly model: Model
}

/** What is to run when the first statement that is left is done, or is not. */
function resumptionAfter(outcome: Outcome, { prepared, begun, progress, next, model }: Found): Resumption {
  const { operations, statements } = progress
  const isDone = outcome === 'done'
  const counted = isDone ? { ...begun, statements: begun.statements + 1 } : begun
  if (!isDone && statements === 0) return { prepared: resumedFrom(prepared, begun, operations), model }
  const left = isDone ? progress.left.slice(1) : progress.left
  if (left.length === 0) return { prepared: resumedFrom(prepared, counted, operations + 1), model }
  const planned = left.map((one) => toPlanned(one, next))
  const partly = statements + (isDone ? 1 : 0)
  return {
    prepared: resumedFrom(prepared, counted, operations + 1, planned, partly),
    model: applied(next, model),
  }
}

function toPlanned({ sql, alone }: Left, origin: Placed): PlannedStatement {
  return { sql, origin, ...(alone ? { transaction: 'forbidden' } : {}) }
}

/** The schema when the operation is done of which a part is left; as it is when that shows already. */
function applied({ operation }: Placed, model: Model): Model {
  try {
    return definitionOf(operation).apply(operation, model)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return model
  }
}

/** The step from an operation on, what is left of the one before it first. */
function resumedFrom(
  { compilation: _, ...prepared }: PreparedStep,
  { entry, statements }: Unfinished,
  from: number,
  left: readonly PlannedStatement[] = [],
  partly = 0,
): PreparedStep {
  const all = prepared.operations
  return { ...prepared, operations: all.slice(from), resumed: { entry, all, left, partly, statements } }
}
