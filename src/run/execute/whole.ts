/**
 * Revisions whose transaction is known from its beginning to its end: each is one message. Where the connection allows it
 * the next is sent while one is under way, so that the server never waits.
 */
import { applyChanges } from '../../revision/graph/rows.ts'
import type { RowChange } from '../../revision/graph/rows.ts'
import { stopIfAsked } from '../../stop.ts'
import { orRollback } from '../records/transaction.ts'
import { rowStatement } from '../records/version-table.ts'
import { atOperation, own } from '../session/lines.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import type { Doubt, RunState } from '../session/run-state.ts'
import type { Session } from '../session/session.ts'
import { stepLine } from '../session/step-line.ts'
import { failStep } from './failed.ts'
import { isApart, lastEntry, runningOf } from './running.ts'
import type { Place, Running } from './running.ts'

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
  while (flying.length < (connection.pipelines ? 2 : 1) && !signal?.aborted) {
    const before = flying.at(-1)
    const { next, ...at } = before?.after ?? place
    const one = prepared[next]
    if (one === undefined || !isSendable(session, one, at.expected, before)) return
    flying.push(send(session, one, { next, ...at }))
  }
}

/**
 * Whether a step is one transaction that only has to be sent. What is sent behind another must fail when that did: the
 * row that it changes in the version table is the other's.
 */
function isSendable(
  { connection, dialect }: Session,
  prepared: PreparedStep,
  expected: readonly string[],
  before: Sent | undefined,
): boolean {
  const { compilation, operations, resumed, document, step } = prepared
  const [change, ...others] = step.changes
  if (change?.change !== 'update' || others.length > 0 || isApart(prepared) || resumed !== undefined) {
    return false
  }
  if (before !== undefined && change.from !== headOf(before.prepared)) return false
  // What others may have moved meanwhile is read; and their BEGIN is waited for with the revision's own limits.
  if (!dialect.lockHolds && (expected.length > 1 || document.settings !== undefined)) return false
  if ((compilation?.consumed ?? 0) < operations.length) return false
  const statements = compilation?.statements ?? []
  return statements.every(({ transaction, rebuild, batches }) =>
    transaction !== 'forbidden' && rebuild === undefined && batches === undefined
  ) && connection.takesWhole(statements.map((one) => one.sql))
}

/** The row that a step writes. */
function headOf({ step }: PreparedStep): string | undefined {
  return step.changes.map((one: RowChange) => one.change === 'update' ? one.to : undefined).at(-1)
}

function send(session: Session, prepared: PreparedStep, place: Place): Sent {
  const { connection, dialect: { spelling }, versionTable } = session
  const { step, compilation } = prepared
  const { expected, known } = place
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
    () => connection.transact({ first: running.limits.local, statements: lines }),
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
