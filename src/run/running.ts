/** A revision while it runs: its transactions, and what the journal is told of it. */
import { EXIT, fault, ProblemError } from '../problem.ts'
import type { Model } from '../model/model.ts'
import { segments } from '../plan/segments.ts'
import { journalInsert, journalUpdate } from './journal.ts'
import type { JournalEntry } from './journal.ts'
import { own } from './lines.ts'
import type { Line } from './lines.ts'
import type { PreparedStep } from './prepare.ts'
import type { Session } from './session.ts'
import type { Limits } from './settings.ts'
import { attempt, beginAt } from './transaction.ts'
import { refuseUnfinished } from './unfinished.ts'
import { VERSION } from '../version.ts'

export interface StepOptions {
  /** Who opens and closes transactions: the revision itself, or a run that has one for everything. */
  readonly scope: 'own' | 'shared'
  /** The heads before it. */
  readonly expected: readonly string[]
  /** The schema as the planner carried it to here; absent when nothing was compiled yet. */
  readonly known?: Model | undefined
}

/** What a revision needs while it runs. */
export interface Running extends StepOptions {
  readonly session: Session
  readonly prepared: PreparedStep
  readonly limits: Limits
  readonly startedAt: Date
  /** The open transaction. */
  open: { readonly rebuild: boolean } | undefined
  known: Model | undefined
  /** Whether the journal has a row for it, because part of it is committed already. */
  journaled: boolean
  statements: number
  /** How many of them are committed, whatever comes. */
  committed: number
  /** To be run first in the next transaction: they travel with its statements. */
  prelude: readonly Line[]
}

/** Whether each statement runs by itself (`transaction: none`). */
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
  running.committed = running.statements
}

/** Writes down that one more statement is done, outside any transaction. */
export async function noteStatement(running: Running): Promise<void> {
  const { connection, dialect, journal } = running.session
  running.statements++
  running.committed = running.statements
  await connection.run([journalUpdate(dialect.spelling, journal, entryOf(running, 'started'))])
}

/** The first transaction. @returns false when the heads are not the expected ones */
export async function begin(running: Running): Promise<boolean> {
  const { session, prepared, limits, expected } = running
  const { compilation, operations, document } = prepared
  const last = operations.length === (compilation?.consumed ?? 0)
  const cut = segments(compilation?.statements ?? [], { apart: isApart(prepared) })
  const [first] = cut
  const rebuild = first === undefined
    ? !last
    : 'together' in first && (first.rebuild || (cut.length === 1 && goesOn(prepared, last)))
  running.open = { rebuild }
  // What waits for other connections is BEGIN, where there is no lock that holds.
  if (!session.dialect.lockHolds && document.settings !== undefined) {
    await session.connection.run(limits.session)
  }
  if (!await beginAt(session, expected, { rebuild })) return false
  const whole = last && !isApart(prepared) && cut.every((one) => 'together' in one)
  // Another run may have begun it since this one looked.
  if (!session.dialect.lockHolds && !whole) await refuseUnfinished(session, [prepared], expected)
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
  if (!await beginAt(session, expected, { rebuild })) {
    fault('heads-moved', `another process moved the database while revision "${prepared.document.id}" ran`, {
      hint: 'look at `limbeck current` and at what of the revision is done',
    })
  }
  running.open = { rebuild }
  running.prelude = own(limits.local)
}

/** Writes the journal and ends the transaction. */
export async function finish(running: Running): Promise<number> {
  const { session: { connection, dialect, journal }, prepared, limits, scope } = running
  const entry = entryOf(running, 'done')
  const sql = running.journaled
    ? journalUpdate(dialect.spelling, journal, entry)
    : journalInsert(dialect.spelling, journal, entry, VERSION)
  if (scope === 'shared') await connection.run([sql, ...limits.localBack])
  else {
    await connection.commit([sql])
    if (!dialect.lockHolds && prepared.document.settings !== undefined) {
      await connection.run(limits.sessionBack)
    }
  }
  return Date.now() - running.startedAt.getTime()
}

function entryOf(running: Running, status: JournalEntry['status']): JournalEntry {
  const { prepared, startedAt, statements, session } = running
  return {
    revision: prepared.step.revisions.join(','),
    direction: prepared.step.direction === 'up' ? 'upgrade' : 'downgrade',
    status,
    startedAt,
    ...(status === 'started' ? {} : { durationMs: Date.now() - startedAt.getTime() }),
    hash: prepared.document.hash,
    statements,
    ...(session.options.tag === undefined ? {} : { tag: session.options.tag }),
  }
}

/** A revision that is partly committed is marked failed. @returns notes, when not even that works */
export async function noteFailure(running: Running, error: unknown): Promise<readonly string[]> {
  const { session: { connection, dialect, journal }, limits, committed } = running
  if (error instanceof ProblemError && error.exit === EXIT.unreachable) return []
  running.statements = committed
  return await attempt('the journal could not be told that it failed', async () => {
    // What failed may have been the COMMIT of a transaction that is open still.
    await connection.rollback()
    await connection.run([
      ...limits.reset,
      journalUpdate(dialect.spelling, journal, entryOf(running, 'failed')),
    ])
  })
}
