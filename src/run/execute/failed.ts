/** A revision that failed: what the journal is told of it, and what the person is. */
import { EXIT, faults, ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { journalInsert, journalUpdate } from '../records/journal.ts'
import { attempt } from '../records/transaction.ts'
import { committed } from '../records/unfinished.ts'
import { VERSION } from '../../version.ts'
import { entryOf } from './running.ts'
import type { Running } from './running.ts'

/** Writes down that a revision failed. @throws the problem, at the revision if it has no place of its own */
export async function failStep(running: Running, error: unknown): Promise<never> {
  const notes = await noteFailure(running, error)
  if (!(error instanceof ProblemError)) throw error
  return faultOfRevision(running, error, notes)
}

/** A problem that has no place is the revision's; what of it is committed already is told. */
function faultOfRevision(
  { prepared, committed: statements }: Running,
  error: ProblemError,
  more: readonly string[],
): never {
  const { document: { id, node } } = prepared
  const partly = statements === 0 ? [] : [`revision "${id}" is not one transaction: ${committed(statements)}`]
  const stopped = error.problems[0]?.code === 'stopped'
  const hint = statements === 0 ? {} : {
    hint: `${
      stopped ? '' : 'mend what is wrong and '
    }run the command again: it goes on where this run stopped`,
  }
  const tell = (problem: Problem): Problem => ({
    ...hint,
    ...(node.at === undefined ? {} : { at: node.at }),
    ...problem,
    notes: [...(problem.notes ?? []), ...partly, ...more],
  })
  return faults(error.problems.map(tell), error.exit, error.cause)
}

/**
 * A revision that is partly committed is marked as failed, one that was stopped as stopped.
 * @returns notes, when not even that works
 */
async function noteFailure(running: Running, error: unknown): Promise<readonly string[]> {
  const { session, limits, committed } = running
  const { dialect: { spelling }, journal, lifeline } = session
  const connection = lifeline?.bare ?? session.connection
  const stopped = error instanceof ProblemError && error.problems[0]?.code === 'stopped'
  const unreachable = error instanceof ProblemError && error.exit === EXIT.unreachable
  if (connection.lost || unreachable || !(running.journaled || stopped)) return []
  running.statements = committed
  const entry = entryOf(running, stopped ? 'stopped' : 'failed')
  const write = running.journaled
    ? journalUpdate(spelling, journal, entry)
    : journalInsert(spelling, journal, entry, VERSION)
  const what = `the journal could not be told that it ${stopped ? 'was stopped' : 'failed'}`
  return await attempt(what, async () => {
    // What failed may have been the COMMIT of a transaction that is open still.
    await connection.rollback()
    await connection.run([...limits.reset, write])
  })
}
