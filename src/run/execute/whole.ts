/**
 * Revisions whose transaction is known from its beginning to its end: each is one message. Where the connection allows it
 * the next ones are sent while one is under way, so that the server never waits.
 */
import { applyChanges } from '../../revision/graph/rows.ts'
import { stopIfAsked } from '../../stop.ts'
import { orRollback } from '../records/transaction.ts'
import { headQuery, rowStatement } from '../records/version-table.ts'
import { atOperation, own } from '../session/lines.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import type { Doubt, RunState } from '../session/run-state.ts'
import type { Session } from '../session/session.ts'
import { stepLine } from '../session/step-line.ts'
import { failStep } from './failed.ts'
import { isApart, lastEntry, runningOf } from './running.ts'
import type { Place, Running } from './running.ts'

/** How many may be under way: the server has enough to do while the answers of those before are looked at here. */
const UNDER_WAY = 4

/** A revision under way. */
interface Sent extends Doubt {
  readonly running: Running
  /** As {@link Connection.transact}. */
  readonly answer: Promise<boolean>
  readonly after: Place
}

/**
 * Runs steps for as long as they can be sent whole.
 * @returns where that ended: the next step has to be run statement by statement, if only to say why it fails
 * @throws the problem of the statement that failed, at its operation; the transaction is rolled back
 */
export async function runWhole(
  session: Session,
  state: RunState,
  prepared: readonly PreparedStep[],
  from: Place,
): Promise<Place> {
  const { connection, options: { reporter } } = session
  const flying: Sent[] = []
  let place = from
  let since = Date.now()
  for (;;) {
    await orRollback(session, () => fill(session, prepared, place, flying), prepared, place.next)
    const [first, ...behind] = flying
    if (first === undefined) return place
    const { prepared: { step, document }, heads } = first
    state.doubts = [...flying]
    reporter.start(stepLine(step, document.message))
    const done = await orRollback(session, () => answered(first, behind), prepared, place.next)
    if (!done) {
      await connection.rollback()
      state.doubts = []
      return place
    }
    flying.shift()
    place = first.after
    state.doubts = behind
    const milliseconds = Date.now() - Math.max(since, first.startedAt.getTime())
    since = Date.now()
    reporter.done(stepLine(step, document.message), milliseconds)
    state.done.push({ step, milliseconds, heads })
  }
}

/** Sends what may be under way at a time. */
async function fill(
  session: Session,
  prepared: readonly PreparedStep[],
  place: Place,
  flying: Sent[],
): Promise<void> {
  const { connection, options: { signal } } = session
  if (flying.length === 0) stopIfAsked(signal)
  while (flying.length < (connection.pipelines ? UNDER_WAY : 1) && !signal?.aborted) {
    const before = flying.at(-1)
    const { next, ...at } = before?.after ?? place
    const one = prepared[next]
    const from = one === undefined ? undefined : moved(one)?.from
    if (one === undefined || from === undefined || !isSendable(session, one, at.expected)) return
    // What is sent behind another must not be done when that is not: the row that it changes is the other's.
    if (before !== undefined && from !== moved(before.prepared)?.to) return
    flying.push(send(session, one, from, { next, ...at }))
  }
}

/** The row of the version table that a step changes, where it does nothing else to them. */
function moved({ step: { changes: [change, ...others] } }: PreparedStep) {
  return change?.change === 'update' && others.length === 0 ? change : undefined
}

/** Whether a step is one transaction that only has to be sent. */
function isSendable(
  { connection, dialect }: Session,
  prepared: PreparedStep,
  expected: readonly string[],
): boolean {
  const { compilation, operations, resumed, document } = prepared
  if (isApart(prepared) || resumed !== undefined) return false
  // What others may have moved meanwhile is read; and their BEGIN is waited for with the revision's own limits.
  if (!dialect.lockHolds && (expected.length > 1 || document.settings !== undefined)) return false
  if ((compilation?.consumed ?? 0) < operations.length) return false
  const statements = compilation?.statements ?? []
  return statements.every(({ transaction, rebuild, batches }) =>
    transaction !== 'forbidden' && rebuild === undefined && batches === undefined
  ) && connection.takesWhole(statements.map((one) => one.sql))
}

/** @param from the row that it changes */
function send(session: Session, prepared: PreparedStep, from: string, place: Place): Sent {
  const { connection, dialect: { spelling }, versionTable } = session
  const { step, compilation } = prepared
  const { expected, known } = place
  const provided = headQuery(spelling, versionTable, from)
  const startedAt = new Date()
  const statements = compilation?.statements ?? []
  const running = {
    ...runningOf(session, prepared, { scope: 'own', expected, known, startedAt }),
    statements: statements.length,
  }
  const rows = step.changes.map((change) => rowStatement(spelling, versionTable, change))
  const journal = own([lastEntry(running, { sql: spelling.elapsed(startedAt) })])
  const lines = [...statements, ...rows, ...journal]
  const answer = atOperation(
    lines,
    () => connection.transact({ first: running.limits.local, provided, statements: lines }),
  )
  // It is looked at when those before it are answered.
  answer.catch(() => {})
  const heads = applyChanges(expected, step.changes)
  const after = { next: place.next + 1, expected: heads, known: compilation?.after ?? known }
  return { prepared, startedAt, heads, running, answer, after }
}

/** @returns false when it has to be run statement by statement @throws what failed; nothing is under way any more then */
async function answered({ answer, running }: Sent, behind: readonly Sent[]): Promise<boolean> {
  const settled = () => Promise.allSettled(behind.map((one) => one.answer))
  try {
    if (await answer) return true
    await settled()
    return false
  } catch (error) {
    await settled()
    return await failStep(running, error)
  }
}
