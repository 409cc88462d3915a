/** The steps of a run, one after the other: each in transactions of its own, or all in one. */
import type { Model } from '../../model/model.ts'
import { applyChanges } from '../../revision/graph/rows.ts'
import type { Doubt, Ran, RunState } from '../session/run-state.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import { isWhole, mayFollow } from './running.ts'
import type { Session } from '../session/session.ts'
import { DEFAULT_LIMITS, limitsOf } from '../session/settings.ts'
import { executeStep } from './step.ts'
import type { Stepped } from './step.ts'
import { stepLine } from '../session/step-line.ts'
import { ensureProgress } from '../records/tables.ts'
import { beginAt, orRollback } from '../records/transaction.ts'

/**
 * Runs steps one after the other. Where the connection allows it, one is begun while the COMMIT of the one before is under
 * way; it is committed when that one is.
 * @returns false when the heads are not the expected ones
 */
export async function runEach(
  session: Session,
  state: RunState,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
): Promise<boolean> {
  let at: At = { expected: rows, known: undefined }
  let committed: Promise<unknown> = Promise.resolve()
  let before = () => Promise.resolve()
  for (const [i, one] of prepared.entries()) {
    const follows = mayFollow(session, one)
    if (!follows) await before()
    const from = follows ? { ...at, previous: committed.then(() => new Date(), () => undefined) } : at
    const begun = await orRollback(session, () => beginStep(session, one, from), prepared, i)
      .catch(async (error: unknown) => {
        // What went wrong in the one before comes first.
        await before()
        throw error
      })
    await before()
    if (begun === undefined) return false
    const arrived = arrive(session, state, begun)
    arrived.catch(() => {})
    committed = arrived
    before = () => orRollback(session, () => arrived.catch(begun.failed), prepared, i)
    at = { expected: begun.heads, known: begun.known }
  }
  await before()
  return true
}

/** Where a step begins. */
interface At {
  /** The heads. */
  readonly expected: readonly string[]
  /** The schema as the planner carried it to here. */
  readonly known: Model | undefined
  readonly previous?: Promise<Date | undefined>
}

/** A step whose COMMIT is sent. */
interface Begun extends Stepped {
  readonly prepared: PreparedStep
  /** The rows of the version table after it. */
  readonly heads: readonly string[]
}

async function beginStep(session: Session, prepared: PreparedStep, at: At): Promise<Begun | undefined> {
  if (!isWhole(session, prepared)) {
    // Not to be waited for inside a transaction: who has it waits for that.
    await session.lock?.hold?.()
    await ensureProgress(session)
  }
  return await runStep(session, prepared, 'own', at)
}

/** Waits until a step is committed. */
async function arrive(session: Session, state: RunState, begun: Begun): Promise<void> {
  const { prepared, startedAt, heads } = begun
  state.doubts = [{ prepared, startedAt, heads }]
  const ran = await ended(session, begun)
  state.doubts = []
  state.done.push(ran)
}

/** Waits for the end of a step and tells of it. */
async function ended(session: Session, { prepared, heads, ended }: Begun): Promise<Ran> {
  const { step, document } = prepared
  const milliseconds = await ended
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
  const first = limitsOf(session.dialect, session.options.settings, undefined, DEFAULT_LIMITS).local
  if (!await beginAt(session, rows, { rebuild, first })) return false
  const ran: Ran[] = []
  const doubts: Doubt[] = []
  await orRollback(session, async () => {
    let at: At = { expected: rows, known: undefined }
    for (const one of prepared) {
      const begun = (await runStep(session, one, 'shared', at))!
      ran.push(await ended(session, begun).catch(begun.failed))
      at = { expected: begun.heads, known: begun.known }
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
  at: At,
): Promise<Begun | undefined> {
  const { step, document } = prepared
  const start = () => session.options.reporter.start(stepLine(step, document.message))
  if (at.previous === undefined) start()
  else void at.previous.then((answered) => answered && start())
  const stepped = await executeStep(session, prepared, { scope, ...at, startedAt: new Date() })
  return stepped && { ...stepped, prepared, heads: applyChanges(at.expected, step.changes) }
}
