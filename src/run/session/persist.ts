/** Trying again what failed because of others: a lock that was not to be had, a deadlock, a connection that was lost. */
import { faults, ProblemError } from '../../problem.ts'
import type { Transience } from '../../dialect/dialect.ts'
import { pause } from '../../stop.ts'
import { inTheWay } from './in-the-way.ts'
import { RETRY_FOR } from './session.ts'
import type { Session } from './session.ts'

/** Between two attempts, in milliseconds: each time twice as long, and by chance up to half as much less. */
const PAUSE = { first: 100, longest: 5000 }

/**
 * Does `attempt`, and does it again while it fails because of others: on the same connection when another transaction
 * was in the way, on a new one when the connection was lost. `retryFor` counts from the first failure after which nothing
 * was achieved.
 * @param achieved how much is done: attempts begin to count anew when it grows
 * @throws what the last attempt threw
 */
export async function persistently<T>(
  session: Session,
  achieved: () => number,
  attempt: () => Promise<T>,
): Promise<T> {
  const { dialect, lifeline, options } = session
  const { retryFor = RETRY_FOR, reporter, signal } = options
  let failing = { since: 0, tries: 0, achieved: -1 }
  let renew = false
  for (;;) {
    try {
      if (renew) await lifeline?.renew()
      renew = false
      return await attempt()
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      const why = dialect.transience(error)
      if (why === undefined || (why !== 'blocked' && lifeline === undefined)) throw error
      renew ||= why !== 'blocked'
      const now = performance.now()
      if (achieved() > failing.achieved) failing = { since: now, tries: 0, achieved: achieved() }
      failing.tries++
      const left = failing.since + retryFor - now
      if (left <= 0) {
        const held = why === 'blocked' ? await inTheWay(session.connection, dialect, error) : []
        return giveUp(error, failing.tries, now - failing.since, held)
      }
      const wait = Math.min(left, pauseBefore(failing.tries))
      reporter.waiting?.(`${inWords(why, error)}: trying again in ${shown(wait)}, for ${shown(left)} at most`)
      await pause(wait, signal)
    }
  }
}

function pauseBefore(tries: number): number {
  return Math.min(PAUSE.longest, PAUSE.first * 2 ** (tries - 1)) * (0.5 + Math.random() / 2)
}

function inWords(why: Transience, error: ProblemError): string {
  const [problem] = error.problems
  const at = problem?.at === undefined ? '' : ` (${problem.at.file}:${problem.at.line}:${problem.at.col})`
  const what = `${problem?.message ?? ''}${at}`
  return why === 'blocked' ? `another transaction was in the way: ${what}` : what
}

function giveUp(error: ProblemError, tries: number, elapsed: number, held: readonly string[]): never {
  const tried = tries === 1 ? [] : [`tried ${tries} times in ${shown(elapsed)}`]
  if (tried.length + held.length === 0) throw error
  const [first, ...others] = error.problems
  const told = { ...first!, notes: [...(first!.notes ?? []), ...held, ...tried] }
  return faults([told, ...others], error.exit, error.cause)
}

function shown(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}
