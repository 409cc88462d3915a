/** How problems and results are shown to people, and to programs (`--json`). */
import path from 'node:path'
import { styleText } from 'node:util'
import { maskWithin } from '../../dialect/mask-url.ts'
import { codeFrame, EXIT, ProblemError, sqlFrame } from '../../problem.ts'
import type { ExitCode, Problem } from '../../problem.ts'
import type { Io } from '../io.ts'
import type { Options } from '../command.ts'

type Style = Parameters<typeof styleText>[0]

/** Colours a text, or not: only for a terminal, and never with NO_COLOR (https://no-color.org). */
export type Paint = (style: Style, text: string) => string

/** @param terminal whether the stream that the text is for is one */
export function painter(io: Io, terminal: boolean): Paint {
  const forced = (io.env.FORCE_COLOR ?? '') !== '' && io.env.FORCE_COLOR !== '0'
  const colours = (io.env.NO_COLOR ?? '') === '' && io.env.TERM !== 'dumb' && (terminal || forced)
  return (style, text) => colours ? styleText(style, text, { validateStream: false }) : text
}

/** A path as people near it write it: relative to the working directory when it is inside. */
export function shownPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, path.resolve(cwd, file))
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}

/** A text with the paths below the working directory shown as people near it write them. */
export function near(text: string, cwd: string): string {
  const folder = cwd.endsWith(path.sep) ? cwd : `${cwd}${path.sep}`
  // What is left of a path in the root is no path.
  if (folder === path.parse(folder).root) return text
  return text.split(folder).reduce((left, right) =>
    // In the middle of a path it is another folder.
    /[\p{L}\p{N}._~-]$/u.test(left) ? `${left}${folder}${right}` : `${left}${right}`
  )
}

/** `file:6:14: error[no-such-column]: …` with the line, a caret, notes and a hint; of URLs in them without passwords. */
export function problemText(problem: Problem, paint: Paint, cwd: string): string {
  const { at, severity, code, sql } = problem
  const message = near(maskWithin(problem.message), cwd)
  const place = at === undefined ? '' : `${shownPath(at.file, cwd)}:${at.line}:${at.col}: `
  const colour = severity === 'error' ? 'red' : 'yellow'
  const lines = [`${paint('bold', place)}${paint(colour, `${severity}[${code}]`)}: ${message}`]
  if (at !== undefined) lines.push(paint('dim', maskWithin(codeFrame(at))))
  if (sql !== undefined) lines.push(...sqlLines(sql, paint).map(maskWithin))
  problem.notes?.forEach((note) => lines.push(`  ${paint('dim', 'note:')} ${near(maskWithin(note), cwd)}`))
  if (problem.hint !== undefined) lines.push(`  ${paint('cyan', 'hint:')} ${near(problem.hint, cwd)}`)
  return `${lines.filter((line) => line !== '').join('\n')}\n`
}

function sqlLines(sql: NonNullable<Problem['sql']>, paint: Paint): string[] {
  const code = sql.code === undefined ? '' : ` (${sql.code})`
  if (sql.position !== undefined) {
    return [`  ${paint('dim', `the SQL${code}:`)}`, sqlFrame(sql.text, sql.position)]
  }
  const text = sql.text.split('\n')
  const shown = text.length > 8 ? [...text.slice(0, 7), '…'] : text
  return [`  ${paint('dim', `the SQL${code}:`)}`, ...shown.map((line) => `      | ${line}`)]
}

/** A problem for programs: where it is as plain fields, without the file's text; of URLs in it without passwords. */
export function problemJson({ at, path: _, ...problem }: Problem) {
  const { message, notes, sql } = problem
  return {
    ...problem,
    message: maskWithin(message),
    ...(notes === undefined ? {} : { notes: notes.map(maskWithin) }),
    ...(sql === undefined ? {} : { sql: maskedSql(sql) }),
    ...(at === undefined ? {} : { file: at.file, line: at.line, col: at.col }),
  }
}

function maskedSql({ text, position, ...sql }: NonNullable<Problem['sql']>): NonNullable<Problem['sql']> {
  const at = position === undefined ? {} : { position: maskWithin(text.slice(0, position)).length }
  return { text: maskWithin(text), ...at, ...sql }
}

/** Writes one JSON document to standard output. */
export function printJson(io: Io, value: unknown): void {
  io.stdout(`${JSON.stringify(value, null, 2)}\n`)
}

/** Writes a warning, unless `--quiet`. */
export function printWarning(io: Io, options: Options, problem: Omit<Problem, 'severity'>): void {
  if (options.flag('quiet')) return
  io.stderr(problemText({ severity: 'warning', ...problem }, painter(io, io.stderrIsTerminal), io.cwd))
}

/** Writes a message for people to standard error, unless `--quiet` or `--json`. */
export function printNote(io: Io, options: Options, text: string): void {
  if (!options.flag('quiet') && !options.flag('json')) io.stderr(`${text}\n`)
}

export interface FailureOptions {
  readonly json: boolean
  /** Show the stack, too. */
  readonly stack: boolean
}

/**
 * Shows what stopped a command.
 * @returns the exit code
 */
export function printFailure(io: Io, error: unknown, options: FailureOptions): ExitCode {
  const known = error instanceof ProblemError
  const problems: readonly Problem[] = known ? error.problems : [unforeseen(error)]
  const exit = known ? error.exit : EXIT.failed
  const document = { ok: false, exit, problems: problems.map(problemJson) }
  const unwritten = options.json && !problems.some(isUnwritten) ? unwrittenJson(io, document) : []
  const paint = painter(io, io.stderrIsTerminal)
  for (const problem of [...problems, ...unwritten]) io.stderr(problemText(problem, paint, io.cwd))
  if (options.stack && error instanceof Error) io.stderr(maskWithin(`${error.stack}\n${causes(error)}`))
  return exit
}

const isUnwritten = ({ code }: Problem) => code === 'unwritten'

/** Writes one JSON document. @returns what kept it from being written: how the command failed shall be told all the same */
function unwrittenJson(io: Io, document: object): readonly Problem[] {
  try {
    printJson(io, document)
    return []
  } catch (error) {
    if (error instanceof ProblemError && error.problems.every(isUnwritten)) return error.problems
    throw error
  }
}

/** What the system refuses (no permission, no space left) is no mistake in limbeck. */
function unforeseen(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error)
  // Its own codes are words in capitals; Node's begin with ERR_.
  if (error instanceof Error && 'code' in error && /^E[A-Z0-9]+$/.test(String(error.code))) {
    return { code: 'system', severity: 'error', message: `the system refused: ${message}` }
  }
  return {
    code: 'internal',
    severity: 'error',
    message: `limbeck failed: ${message}`,
    hint: 'this is a mistake in limbeck: please report it with what `--raiseerr` shows',
  }
}

function causes(error: Error): string {
  return error.cause instanceof Error ? `caused by: ${error.cause.stack}\n${causes(error.cause)}` : ''
}
