/** The steps of a run, one after the other: each in transactions of its own, or all in one. */
import { applyChanges } from '../../revision/graph/rows.ts'
import type { Doubt, Ran, RunState } from '../session/run-state.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import { isWhole } from './running.ts'
import type { Place } from './running.ts'
import type { Session } from '../session/session.ts'
import { ownLimits } from '../session/settings.ts'
import { executeStep } from './step.ts'
import type { Stepped } from './step.ts'
import { stepLine } from '../session/step-line.ts'
import { ensureProgress } from '../records/tables.ts'
import { beginAt, orRollback } from '../records/transaction.ts'
import { runWhole } from './whole.ts'

/**
 * Runs steps one after the other.
 * @returns false when the heads are not the expected ones
 */
export async function runEach(
  session: Session,
  state: RunState,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
): Promise<boolean> {
  let place: Place = { next: 0, expected: rows, known: undefined }
  for (;;) {
    place = await runWhole(session, state, prepared, place)
    const { next } = place
    const one = prepared[next]
    if (one === undefined) return true
    const begun = await orRollback(session, () => runAlone(session, state, one, place), prepared, next)
    if (begun === undefined) return false
    place = { next: next + 1, expected: begun.heads, known: begun.known }
  }
}

/** A step before its COMMIT. */
interface Begun extends Stepped {
  readonly prepared: PreparedStep
  /** The rows of the version table after it. */
  readonly heads: readonly string[]
}

/** Runs a step in transactions of its own. @returns undefined as {@link executeStep} */
async function runAlone(
  session: Session,
  state: RunState,
  prepared: PreparedStep,
  place: Place,
): Promise<Begun | undefined> {
  if (!isWhole(session, prepared)) {
    // Not to be waited for inside a transaction: who has it waits for that.
    await session.lock?.hold?.()
    await ensureProgress(session)
  }
  const begun = await runStep(session, prepared, 'own', place)
  if (begun === undefined) return undefined
  const { startedAt, heads } = begun
  state.doubts = [{ prepared, startedAt, heads }]
  const ran = await ended(session, begun)
  state.doubts = []
  state.done.push(ran)
  return begun
}

/** Waits for the end of a step and tells of it. */
async function ended(session: Session, { prepared, heads, end }: Begun): Promise<Ran> {
  const { step, document } = prepared
  const milliseconds = await end()
  session.options.reporter.done(stepLine(step, document.message), milliseconds)
  return { step, milliseconds, heads }
}

/** As {@link runEach}, in one transaction. */
export async function runTogether(
  session: Session,
  state: RunState,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
): Promise<boolean> {
  const rebuild = prepared.some(({ compilation, operations }) =>
    compilation?.rebuilds || operations.length > (compilation?.consumed ?? 0)
  )
  if (!await beginAt(session, rows, { rebuild, first: ownLimits(session) })) return false
  const ran: Ran[] = []
  const doubts: Doubt[] = []
  await orRollback(session, async () => {
    let place: Place = { next: 0, expected: rows, known: undefined }
    for (const one of prepared) {
      const begun = (await runStep(session, one, 'shared', place))!
      ran.push(await ended(session, begun))
      place = { next: place.next + 1, expected: begun.heads, known: begun.known }
      doubts.push({ prepared: one, startedAt: begun.startedAt, heads: begun.heads })
    }
    state.doubts = doubts
    await session.connection.commit()
  }, prepared)
  state.doubts = []
  state.done.push(...ran)
  return true
}

/** @returns undefined as {@link executeStep} */
async function runStep(
  session: Session,
  prepared: PreparedStep,
  scope: 'own' | 'shared',
  { expected, known }: Place,
): Promise<Begun | undefined> {
  const { step, document } = prepared
  session.options.reporter.start(stepLine(step, document.message))
  const stepped = await executeStep(session, prepared, { scope, expected, known, startedAt: new Date() })
  return stepped && { ...stepped, prepared, heads: applyChanges(expected, step.changes) }
}
