/** What an import tells: each revision, what is left to do, and what is wrong with the original. */
import path from 'node:path'
import { EXIT } from '../../problem.ts'
import type { ExitCode, Problem } from '../../problem.ts'
import { todosOf, verdictOf } from '../../import/imported.ts'
import type { Verdict } from '../../import/imported.ts'
import type { FoundNaming } from '../../import/alembic/naming.ts'
import type { Reviewed } from '../../import/review.ts'
import { flowText } from '../../revision/yaml/layout.ts'
import type { Invocation } from '../command.ts'
import { printJson, shownPath } from './print.ts'

interface Result {
  readonly revisions: readonly Reviewed[]
  /** Modules that are no revisions. */
  readonly skipped: readonly string[]
  /** Naming conventions of the original, which the configuration does not have. */
  readonly namings: readonly FoundNaming[]
  /** Of each revision, with its whole path. */
  readonly files: readonly string[]
  /** The whole path of an original, from what is shown of it. */
  whole(shown: string): string
  /** Whether there is a configuration. */
  readonly configured: boolean
}

const WORDS: Readonly<Record<Verdict, string>> = {
  complete: 'complete',
  raw: 'complete with raw SQL',
  person: 'needs a person',
}

/** Prints the report. @returns 3 when something is left to do, else 0 */
export function report({ io, options }: Invocation, result: Result): ExitCode {
  const verdicts = result.revisions.map(verdictOf)
  const totals = { complete: 0, raw: 0, person: 0 }
  for (const one of verdicts) totals[one]++
  const written = !options.flag('dry-run')
  if (options.flag('json')) {
    printJson(io, {
      written,
      totals,
      revisions: result.revisions.map((one, i) => json(one, result.files[i]!, result.whole)),
      skipped: result.skipped.map(result.whole),
      naming: result.namings.map(({ naming, at }) => ({ naming, file: at.file, line: at.line })),
    })
  } else io.stdout(text(result, verdicts, totals, written, io.cwd))
  return totals.person > 0 ? EXIT.differences : EXIT.done
}

function json(one: Reviewed, file: string, whole: Result['whole']): unknown {
  const told = ({ message, at }: Problem) => ({
    message,
    ...(at === undefined ? {} : { file: whole(at.file), line: at.line }),
  })
  return {
    id: one.id,
    file,
    original: whole(one.file),
    verdict: WORDS[verdictOf(one)],
    todo: todosOf(one).map(told),
    defects: one.defects.map(told),
    notes: one.notes.map(told),
  }
}

function text(
  { revisions, skipped, namings, files, configured }: Result,
  verdicts: readonly Verdict[],
  totals: Readonly<Record<Verdict, number>>,
  written: boolean,
  cwd: string,
): string {
  const width = Math.max(0, ...revisions.map((one) => one.id.length))
  const lines = revisions.map((one, i) =>
    `${one.id.padEnd(width)}  ${WORDS[verdicts[i]!]}${one.message === '' ? '' : `: ${one.message}`}`
  )
  const section = (title: string, problems: readonly Problem[]) =>
    problems.length === 0 ? [] : ['', title, ...problems.map(line)]
  const all = (read: (one: Reviewed) => readonly Problem[]) => revisions.flatMap(read)
  const folder = files[0] === undefined ? '' : shownPath(path.dirname(files[0]), cwd)
  return [
    ...lines,
    ...section('Left to do (`todo` in the revisions):', all(todosOf)),
    ...section('Defects of the original:', all((one) => one.defects)),
    ...section('Put otherwise:', all((one) => one.notes)),
    ...(namings.length === 0 ? [] : ['', NAMES, ...namings.map((one) => named(one, cwd))]),
    ...(skipped.length === 0 ? [] : ['', 'No revisions:', ...skipped.map((file) => `  ${file}`)]),
    '',
    `${count(revisions.length)}: ${totals.complete} complete, ${totals.raw} complete with raw SQL, ` +
    (totals.person === 1 ? '1 needs a person' : `${totals.person} need a person`),
    written
      ? `wrote ${folder === '' || folder === cwd ? 'them' : `${folder}/`}`
      : 'nothing was written (--dry-run)',
    ...(written && !configured ? ['', onward(folder)] : []),
    '',
  ].join('\n')
}

const NAMES =
  'Alembic names what has no name by a convention, checks of a name too; limbeck.yaml has to say it:'

function named({ naming, at }: FoundNaming, cwd: string): string {
  return `  naming: ${flowText(naming)}    # ${shownPath(at.file, cwd)}:${at.line}`
}

function onward(folder: string): string {
  const place = folder === '' || folder === 'revisions' ? '' : ` ${folder}`
  return `Next: \`limbeck init${place}\` writes limbeck.yaml; put the database's URL there: no import brings it.`
}

function line({ at, message }: Problem): string {
  return `  ${at === undefined ? '' : `${at.file}:${at.line}: `}${message}`
}

function count(revisions: number): string {
  return revisions === 1 ? '1 revision' : `${revisions} revisions`
}
