/** Transactions of a run: begun at the heads that are expected, and rolled back with all that went wrong told. */
import type { BeginOptions } from '../../dialect/dialect.ts'
import { EXIT, fault, faults, ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { sameRows } from '../../revision/graph/rows.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import { LOCK_WAIT } from '../session/session.ts'
import type { Session } from '../session/session.ts'
import { readRows, selectRows } from './version-table.ts'

/**
 * Opens a transaction. Where the lock does not hold over transactions the heads are read again in it.
 * @param missing whether the version table may not be there yet
 * @returns false when they are not the expected ones; the transaction is closed then
 */
export async function beginAt(
  session: Session,
  expected: readonly string[],
  { missing = false, ...options }: BeginOptions & { readonly missing?: boolean } = {},
): Promise<boolean> {
  const { connection, dialect, versionTable } = session
  await beginPatiently(session, options)
  if (dialect.lockHolds) return true
  const rows = await orRollback(
    session,
    async () =>
      missing
        ? await readRows(connection, dialect, versionTable) ?? []
        : await selectRows(connection, dialect, versionTable),
  )
  if (sameRows(rows, expected)) return true
  await connection.rollback()
  return false
}

/**
 * Opens a transaction. Where the lock does not hold over transactions this is where a run waits for others: as long as
 * for a lock, and nobody is kept from working meanwhile.
 * @throws `locked` (exit 4)
 */
export async function beginPatiently(
  { connection, dialect, options }: Session,
  how: BeginOptions = {},
): Promise<void> {
  const { lockWait = LOCK_WAIT, reporter } = options
  const began = performance.now()
  for (let told = false;; told = true) {
    try {
      return await connection.begin(how)
    } catch (error) {
      const busy = error instanceof ProblemError && error.problems[0]?.code === 'busy'
      if (dialect.lockHolds || !busy) throw error
      if (performance.now() - began >= lockWait) return faultBusy(error, lockWait)
      if (!told) reporter.waiting?.(`waiting: ${error.message}`)
    }
  }
}

function faultBusy(error: ProblemError, lockWait: number): never {
  return fault('locked', error.message, {
    exit: EXIT.locked,
    notes: [`it did not end within ${lockWait / 1000} seconds`],
    hint: 'end it, or wait longer with --lock-wait',
    cause: error,
  })
}

/** Runs `work`; on an error rolls back, and says what was applied and what was not. */
export async function orRollback<T>(
  { connection }: Session,
  work: () => Promise<T>,
  prepared: readonly PreparedStep[] = [],
  at = 0,
  more: Pick<Problem, 'hint'> = {},
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const notes = await attempt('the rollback failed, too', () => connection.rollback())
    if (!(error instanceof ProblemError)) throw error
    const told = [...notes, ...outcome(prepared, at)]
    const tell = (problem: Problem) => ({ ...more, ...problem, notes: [...(problem.notes ?? []), ...told] })
    return faults(error.problems.map(tell), error.exit, error.cause)
  }
}

/**
 * Does what is to be done after something failed. When that fails, too (the connection is gone), it must not hide why it
 * was needed.
 * @returns notes for the first problem
 */
export async function attempt(what: string, work: () => Promise<unknown>): Promise<string[]> {
  try {
    await work()
    return []
  } catch (error) {
    return [`${what}: ${error instanceof Error ? error.message : String(error)}`]
  }
}

function outcome(prepared: readonly PreparedStep[], at: number): string[] {
  if (prepared.length === 0) return []
  const ids = prepared.map((one) => one.step.revisions.join(', '))
  const word = prepared[0]!.step.direction === 'up' ? 'applied' : 'reverted'
  const before = at === 0 ? [] : [`${word}: ${listed(ids.slice(0, at))}`]
  return [...before, `not ${word}: ${listed(ids.slice(at))}`]
}

/** The first few of many. */
export function listed(ids: readonly string[]): string {
  return ids.length > 6 ? `${ids.slice(0, 6).join(', ')} and ${ids.length - 6} more` : ids.join(', ')
}
