/**
 * Problems: everything limbeck can say is wrong, as data. This is the only file that makes errors; all other code
 * calls {@link fault}. Codes below `revision/` know only a path inside an operation; the files, lines and columns are
 * added on the way up ({@link locate}).
 */

/** The exit codes of the command line. `stopped` is added to the number of the signal. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  differences: 3,
  locked: 4,
  unreachable: 5,
  stopped: 128,
} as const

/** One of {@link EXIT}, or `EXIT.stopped` and the number of a signal. */
export type ExitCode = number

/** A place in a source file; line and col count from 1. `source` is the file's text, when a code frame can be shown. */
export interface Span {
  readonly file: string
  readonly line: number
  readonly col: number
  readonly source?: string
}

/** A path inside a YAML document or an operation: keys and list positions. */
export type Path = readonly (string | number)[]

export interface Problem {
  /** Stable, kebab-case: `no-such-column`, `unknown-key`. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** What is wrong, with the names quoted. */
  readonly message: string
  /** Where, relative to the operation (or the document) that was being looked at. */
  readonly path?: Path
  readonly at?: Span
  /** What to do about it. */
  readonly hint?: string
  /** The SQL that failed. */
  readonly sql?: FailedSql
  /** Further lines: a database's detail, what was applied and what was not. */
  readonly notes?: readonly string[]
}

/** The statement that a database refused, and its code (SQLSTATE, or SQLite's extended code). */
export interface FailedSql {
  readonly text: string
  /** Where in the text, in characters from 0. */
  readonly position?: number
  /** Which of the statements that were run together, from 0. */
  readonly index?: number
  readonly code?: string
}

/** What {@link fault} throws. One run may collect several problems (all schema errors of all files). */
export class ProblemError extends Error {
  readonly problems: readonly Problem[]
  readonly exit: ExitCode
  constructor(problems: readonly Problem[], exit: ExitCode, cause?: unknown) {
    super(problems.map((p) => p.message).join('\n'), cause === undefined ? undefined : { cause })
    this.name = 'ProblemError'
    this.problems = problems
    this.exit = exit
  }
}

export interface FaultDetails extends Partial<Omit<Problem, 'code' | 'message' | 'severity'>> {
  readonly exit?: ExitCode
  readonly cause?: unknown
}

/**
 * Stops what is being done with one problem.
 * @param code stable, kebab-case
 * @param message what is wrong, one sentence, names quoted with double quotes
 * @throws always a {@link ProblemError}; its exit code is `details.exit`, else 1
 */
export function fault(code: string, message: string, details: FaultDetails = {}): never {
  const { exit, cause, ...rest } = details
  throw new ProblemError([{ code, severity: 'error', message, ...rest }], exit ?? EXIT.failed, cause)
}

/** Stops with several problems at once. */
export function faults(problems: readonly Problem[], exit: ExitCode, cause?: unknown): never {
  throw new ProblemError(problems, exit, cause)
}

/** For the end of a switch over a union: does not compile while a case is missing. */
export function unreachable(value: never): never {
  return fault('internal', `limbeck met a value it does not know: ${JSON.stringify(value)}`)
}

/**
 * Runs `work` and rewrites the problems it throws: the way a caller that knows more (the file, the operation) adds it.
 */
export function locate<T>(rewrite: (problem: Problem) => Problem, work: () => T, exit?: ExitCode): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    throw new ProblemError(error.problems.map(rewrite), exit ?? error.exit, error.cause)
  }
}

/** As {@link locate}, for work that is waited for. */
export async function locateAsync<T>(
  rewrite: (problem: Problem) => Problem,
  work: () => Promise<T>,
  exit?: ExitCode,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    throw new ProblemError(error.problems.map(rewrite), exit ?? error.exit, error.cause)
  }
}

const NEAR = 3

/**
 * The known word nearest to a mistyped one, if one is near enough (an edit distance of at most a third of its length).
 */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.min(NEAR, Math.max(1, Math.floor(word.length / 3))) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

/** Damerau's edit distance: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, rows[i - 2]![j - 2]! + 1)
      }
      row.push(cost)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}

/**
 * The source line of a span with a caret under the column, as compilers print it:
 * ```
 *    6 |   - add_colum: { table: users }
 *      |     ^
 * ```
 * Long lines are cut around the column. Empty when the span has no source.
 */
export function codeFrame(span: Span): string {
  const line = span.source?.split(/\r\n|\r|\n/)[span.line - 1]
  if (line === undefined) return ''
  return frameLine(line, span.line, span.col - 1)
}

/** The line of an SQL text in which the position (in characters, from 0) lies, with a caret. */
export function sqlFrame(sql: string, position: number): string {
  const before = sql.slice(0, position).split('\n')
  const line = sql.split('\n')[before.length - 1] ?? ''
  return frameLine(line, before.length, before[before.length - 1]!.length)
}

const FRAME_WIDTH = 100

function frameLine(line: string, number: number, offset: number): string {
  const from = offset > FRAME_WIDTH - 20 ? offset - 40 : 0
  const shown = line.slice(from, from + FRAME_WIDTH).replaceAll('\t', ' ')
  const gutter = String(number).padStart(5)
  const lead = from > 0 ? '…' : ''
  const tail = line.length > from + FRAME_WIDTH ? '…' : ''
  const caret = ' '.repeat(Math.max(0, offset - from) + lead.length)
  return `${gutter} | ${lead}${shown}${tail}\n${' '.repeat(5)} | ${caret}^`
}
