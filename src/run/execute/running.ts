/** A revision while it runs: its transactions, and what the journal is told of it. */
import { fault } from '../../problem.ts'
import { EMPTY } from '../../model/model.ts'
import type { Model } from '../../model/model.ts'
import { foresee } from '../../plan/foresee.ts'
import type { PlannedStatement } from '../../plan/placed.ts'
import { segments } from '../../plan/segments.ts'
import { journalInsert, journalUpdate } from '../records/journal.ts'
import type { JournalEntry } from '../records/journal.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import { checkpointOf } from '../records/checkpoint.ts'
import type { Position } from '../records/checkpoint.ts'
import type { Session } from '../session/session.ts'
import { DEFAULT_LIMITS, limitsOf } from '../session/settings.ts'
import type { Limits } from '../session/settings.ts'
import { sessionState } from './session-state.ts'
import { beginAt } from '../records/transaction.ts'
import { begunSteps } from '../records/unfinished.ts'
import { VERSION } from '../../version.ts'

export interface StepOptions {
  /** Who opens and closes transactions: the revision itself, or a run that has one for everything. */
  readonly scope: 'own' | 'shared'
  /** The heads before it. */
  readonly expected: readonly string[]
  /** The schema as the planner carried it to here; absent when nothing was compiled yet. */
  readonly known?: Model | undefined
  readonly startedAt: Date
}

/** Where a run is. */
export interface Place {
  /** How many of its steps are done. */
  readonly next: number
  /** The heads. */
  readonly expected: readonly string[]
  /** The schema as the planner carried it to here. */
  readonly known: Model | undefined
}

/** What a revision needs while it runs. */
export interface Running extends StepOptions {
  readonly session: Session
  readonly prepared: PreparedStep
  readonly limits: Limits
  /** The open transaction. */
  open: { readonly rebuild: boolean } | undefined
  known: Model | undefined
  /** Whether the journal has a row for it, because part of it is committed already. */
  journaled: boolean
  statements: number
  /** How many of them are committed, whatever comes. */
  committed: number
  /** What was compiled last, how many of it are done, and how many operations are done with it: see {@link checkpointOf}. */
  compiled: readonly PlannedStatement[]
  position: number
  consumed: number
  /** What of these is committed. */
  mark?: Position
}

/** A revision before its first statement. */
export function runningOf(session: Session, prepared: PreparedStep, options: StepOptions): Running {
  const { dialect, options: { settings } } = session
  return {
    ...options,
    session,
    prepared,
    limits: limitsOf(dialect, settings, prepared.document.settings, DEFAULT_LIMITS),
    open: { rebuild: true },
    known: options.known,
    journaled: false,
    statements: 0,
    committed: 0,
    compiled: [],
    position: 0,
    consumed: 0,
  }
}

/** Whether each operation is a transaction of its own (`transaction: none`). */
export function isApart({ document }: PreparedStep): boolean {
  return document.transaction === 'none'
}

/** Whether operations that are not compiled yet will run in the transaction that is open at the end of those that are. */
export function goesOn(prepared: PreparedStep, last: boolean): boolean {
  return !last && !isApart(prepared)
}

/** Commits what ran so far and writes down how far that is. */
export async function close(running: Running): Promise<void> {
  if (running.open === undefined) return
  const { session } = running
  const entry = entryOf(running, 'started')
  const statement = running.journaled
    ? journalUpdate(session.dialect.spelling, session.journal, entry)
    : journalInsert(session.dialect.spelling, session.journal, entry, VERSION)
  running.open = undefined
  await session.connection.commit([statement])
  running.journaled = true
  settle(running)
}

/** What ran so far is committed. */
function settle(running: Running): void {
  const { prepared, compiled, position, consumed, statements } = running
  running.mark = { prepared, compiled, position, consumed }
  running.committed = statements
}

/**
 * Writes down that one more statement is done, outside any transaction, whatever else is asked meanwhile.
 * @param first what is to be run before
 */
export async function noteStatement(running: Running, first: readonly string[] = []): Promise<void> {
  const { dialect, journal, lifeline } = running.session
  const connection = lifeline?.bare ?? running.session.connection
  running.statements++
  running.position++
  settle(running)
  await connection.run([...first, journalUpdate(dialect.spelling, journal, entryOf(running, 'started'))])
}

/** The statement that writes down how far one that runs in batches got. */
export function cursorUpdate(running: Running, cursor: string): string {
  const { dialect, journal } = running.session
  return journalUpdate(dialect.spelling, journal, { ...entryOf(running, 'started'), cursor })
}

/** The statements that a revision begins with, as far as they are known. */
function firstOf({ compilation, resumed }: PreparedStep): readonly PlannedStatement[] {
  return resumed !== undefined && resumed.left.length > 0 ? resumed.left : compilation?.statements ?? []
}

/** Whether a revision is one transaction, as far as can be told before it runs. */
export function isWhole({ connection, dialect }: Session, prepared: PreparedStep): boolean {
  const { compilation, operations, resumed } = prepared
  if (isApart(prepared) || resumed !== undefined) return false
  const behind = operations.slice(compilation?.consumed ?? 0)
  const target = { dialect, server: connection.server }
  const statements = [
    ...(compilation?.statements ?? []),
    ...foresee(behind, compilation?.after ?? EMPTY, target),
  ]
  return statements.every((one) => one.transaction !== 'forbidden')
}

/** The first transaction. @returns false when the heads are not the expected ones, or another run began the revision */
export async function begin(running: Running): Promise<boolean> {
  const { session, prepared, limits, expected } = running
  const { compilation, operations, document, resumed } = prepared
  const last = operations.length === (compilation?.consumed ?? 0)
  const cut = segments(firstOf(prepared), { apart: isApart(prepared) })
  const [first] = cut
  const rebuild = first === undefined
    ? !last
    : 'together' in first && (first.rebuild || (cut.length === 1 && goesOn(prepared, last)))
  running.open = { rebuild }
  // What waits for other connections is BEGIN, where there is no lock that holds.
  if (!session.dialect.lockHolds && document.settings !== undefined) {
    await session.connection.run(limits.session)
  }
  if (!await beginAt(session, expected, { rebuild, first: limits.local })) return false
  if (resumed !== undefined) {
    running.journaled = true
    running.statements = running.committed = resumed.statements
    const target = { dialect: session.dialect, server: session.connection.server }
    await session.connection.run(sessionState(prepared, target))
  } else if (!session.dialect.lockHolds && !isWhole(session, prepared)) {
    const [begun] = await begunSteps(session, [prepared])
    if (begun !== undefined) {
      await session.connection.rollback()
      return false
    }
  }
  return true
}

/**
 * Makes sure of a transaction, one with foreign keys off if a table is rebuilt. Another process may have moved the heads
 * while none was open.
 */
export async function within(running: Running, rebuild: boolean): Promise<void> {
  const { session, expected, prepared, limits } = running
  if (running.open !== undefined && (running.open.rebuild || !rebuild)) return
  if (running.open !== undefined) await close(running)
  if (!await beginAt(session, expected, { rebuild, first: limits.local })) {
    fault('heads-moved', `another process moved the database while revision "${prepared.document.id}" ran`, {
      hint: 'look at `limbeck current` and at what of the revision is done',
    })
  }
  running.open = { rebuild }
}

/** Writes the journal and ends the transaction. */
export async function finish(running: Running): Promise<void> {
  const { session: { connection, dialect }, prepared, limits, scope } = running
  const sql = lastEntry(running)
  if (scope === 'shared') await connection.run([sql, ...limits.localBack])
  else {
    await connection.commit([sql])
    if (!dialect.lockHolds && prepared.document.settings !== undefined) {
      await connection.run(limits.sessionBack)
    }
  }
}

/** What tells the journal that the revision is done. @param durationMs as in {@link JournalEntry} */
export function lastEntry(running: Running, durationMs?: JournalEntry['durationMs']): string {
  const { session: { dialect: { spelling }, journal } } = running
  const entry = { ...entryOf(running, 'done'), ...(durationMs === undefined ? {} : { durationMs }) }
  return running.journaled
    ? journalUpdate(spelling, journal, entry)
    : journalInsert(spelling, journal, entry, VERSION)
}

/** As the journal calls it. */
export function directionOf({ step }: PreparedStep): 'upgrade' | 'downgrade' {
  return step.direction === 'up' ? 'upgrade' : 'downgrade'
}

/** What the journal says of it. */
export function entryOf(running: Running, status: JournalEntry['status']): JournalEntry {
  const { prepared, startedAt, statements, session } = running
  const parted = running.journaled || status === 'started'
  const at = status === 'started' ? running : running.mark
  return {
    revision: prepared.step.revisions.join(','),
    direction: directionOf(prepared),
    status,
    startedAt,
    ...(status === 'started' ? {} : { durationMs: Date.now() - startedAt.getTime() }),
    hash: prepared.document.hash,
    statements,
    ...(parted && at !== undefined ? { progress: checkpointOf(at) } : {}),
    ...(prepared.resumed === undefined ? {} : { entry: prepared.resumed.entry }),
    ...(session.options.tag === undefined ? {} : { tag: session.options.tag }),
  }
}
