/** Waiting for a database that does not answer yet. */
import { EXIT, faults, ProblemError } from '../../problem.ts'
import type { Connection, Dialect } from '../../dialect/dialect.ts'
import { pause } from '../../stop.ts'

/** Between two attempts, in milliseconds. */
const PAUSE = { first: 100, longest: 2000 }

export interface Waiting {
  /** Milliseconds. */
  readonly patience: number
  readonly dialect: Dialect
  readonly signal?: AbortSignal | undefined
  /** Told what is waited for, when that changes. */
  say(line: string): void
}

/**
 * Opens a connection, again and again while nothing answers.
 * @param open its parameter is how long one attempt may take, in milliseconds
 * @throws what the last attempt threw; at once when the database answered and refused (a wrong password, no such database)
 */
export async function whenAnswered(
  open: (timeout: number | undefined) => Promise<Connection>,
  { patience, dialect, signal, say }: Waiting,
): Promise<Connection> {
  if (patience === 0) return await open(undefined)
  const deadline = performance.now() + patience
  let told = ''
  for (let wait = PAUSE.first;; wait = Math.min(wait * 2, PAUSE.longest)) {
    try {
      return await open(Math.max(1, deadline - performance.now()))
    } catch (error) {
      if (!(error instanceof ProblemError) || !isUnanswered(dialect, error)) throw error
      const left = deadline - performance.now()
      if (left <= 0) return giveUp(error, patience)
      if (error.message !== told) say(`waiting for the database: ${told = error.message}`)
      await pause(Math.min(left, wait * (0.5 + Math.random() / 2)), signal)
    }
  }
}

function isUnanswered(dialect: Dialect, error: ProblemError): boolean {
  const why = dialect.transience(error)
  return why === 'unanswered' || why === 'lost'
}

function giveUp(error: ProblemError, patience: number): never {
  const note = `waited for ${patience / 1000} seconds`
  const problems = error.problems.map((one) => ({ ...one, notes: [...(one.notes ?? []), note] }))
  return faults(problems, EXIT.unreachable, error.cause)
}
