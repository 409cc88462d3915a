import { EXIT, fault } from '../../problem.ts'
import type { ExitCode } from '../../problem.ts'
import { resolveAll } from '../../revision/graph/resolve.ts'
import { unique } from '../../revision/graph/unique.ts'
import { accept } from '../../run/accept.ts'
import { journalRows } from '../../run/records/journal-rows.ts'
import type { JournalRow } from '../../run/records/journal-rows.ts'
import type { Command, Invocation } from '../command.ts'
import { withConnection, withSession } from '../project/database.ts'
import { printJson, printNote, shownPath } from '../output/print.ts'
import { duration } from '../output/progress.ts'
import { journalIn, openProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { usage } from '../usage.ts'

/**
 * `limbeck journal`: what ran, when, how long and by whom, newest last. `limbeck journal accept <revisions>`: an edit of
 * an applied revision was reviewed.
 */
export const command: Command = async (invocation) => {
  const [word, ...names] = invocation.args
  if (word === undefined) {
    refuseOptions(invocation, 'journal', ['tag'])
    return await list(invocation, await openProject(invocation, { bare: true }))
  }
  if (word !== 'accept') {
    usage(`journal takes no "${word}"`, 'usage: limbeck journal, or limbeck journal accept <revision>...')
  }
  if (names.length === 0) {
    usage('journal accept needs a revision', 'usage: limbeck journal accept <revision>...')
  }
  refuseOptions(invocation, 'journal accept', ['revision', 'last'])
  return await acceptEdits(invocation, await openProject(invocation), names)
}

/** @throws `usage` for an option that the other of the two takes */
function refuseOptions({ options }: Invocation, name: string, others: readonly string[]): void {
  const given = others.find((one) => options.text(one) !== undefined)
  if (given !== undefined) {
    usage(
      `${name} takes no --${given}`,
      'usage: limbeck journal [-r revision] [--last count], or limbeck journal accept <revision>... [--tag text]',
    )
  }
}

async function acceptEdits(
  invocation: Invocation,
  project: Project,
  names: readonly string[],
): Promise<ExitCode> {
  const { io, options } = invocation
  const revisions = unique(names.flatMap((name) => resolveAll(project.graph, name)))
  const { accepted, unchanged } = await withSession(
    invocation,
    project,
    false,
    (session) => accept(session, revisions),
  )
  const json = ({ id, file }: (typeof revisions)[number]) => ({ id, file })
  if (options.flag('json')) printJson(io, { accepted: accepted.map(json), unchanged: unchanged.map(json) })
  for (const { id, file } of accepted) {
    printNote(io, options, `accepted: revision "${id}" is what ${shownPath(file, io.cwd)} says now`)
  }
  for (const { id } of unchanged) {
    printNote(io, options, `nothing to accept: revision "${id}" is what the journal says`)
  }
  return EXIT.done
}

async function list(invocation: Invocation, project: Project): Promise<ExitCode> {
  const { io, options } = invocation
  const last = countOf(options.text('last'))
  const rows = await withConnection(
    invocation,
    project,
    false,
    (connection, dialect) => journalRows(journalIn(project, connection, dialect)),
  )
  const found = filtered(rows ?? [], project, options.text('revision'))
  const shown = last === undefined ? found : found.slice(Math.max(0, found.length - last))
  if (options.flag('json')) printJson(io, { journal: rows === undefined ? null : shown.map(json) })
  else io.stdout(table(shown))
  if (rows === undefined) {
    printNote(io, options, 'the database has no journal: limbeck changed nothing in it yet')
  } else if (shown.length === 0) printNote(io, options, 'the journal has no such entries')
  return EXIT.done
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d*$/.test(text)) return text === undefined ? undefined : Number(text)
  return fault('usage', `--last takes a number from 1 on, not "${text}"`, { exit: EXIT.usage })
}

/** The rows of one revision; its file need not be there any more. */
function filtered(rows: readonly JournalRow[], { graph }: Project, name: string | undefined) {
  if (name === undefined) return rows
  const journaled = unique(rows.flatMap((one) => one.revisions))
  const gone = journaled.filter((id) => !graph.byId.has(id) && id.startsWith(name))
  const ids = new Set(gone.length > 0 ? gone : resolveAll(graph, name).map((one) => one.id))
  return rows.filter((one) => one.revisions.some((id) => ids.has(id)))
}

/** In a word what became of it. */
function stateOf({ direction, status }: JournalRow): string {
  if (status === 'started') return 'unfinished'
  if (status !== 'done') return status
  if (direction === 'stamp') return 'stamped'
  return direction === 'accept' ? 'accepted' : 'done'
}

function revisionsText({ revisions }: JournalRow): string {
  return revisions.length === 0 ? 'base' : revisions.join(', ')
}

function table(rows: readonly JournalRow[]): string {
  const width = Math.max(0, ...rows.map((one) => revisionsText(one).length))
  return rows.map((one) => {
    const { startedAt, direction, milliseconds, statements, by, version, tag } = one
    const state = stateOf(one)
    const partly = state === 'done' || statements === 0
      ? ''
      : ` after ${statements} statement${statements === 1 ? '' : 's'}`
    const time = milliseconds === undefined ? '' : ` (${duration(milliseconds)})`
    const words = [
      `${startedAt.toISOString().slice(0, 19)}Z`,
      direction.padEnd(9),
      revisionsText(one).padEnd(width),
      `${state}${partly}${time}`,
      `by ${by}, limbeck ${version}${tag === undefined ? '' : `, tag ${tag}`}`,
    ]
    return `${words.join('  ')}\n`
  }).join('')
}

function json(one: JournalRow) {
  const { revisions, direction, startedAt, milliseconds, hash, statements, by, version, tag } = one
  return {
    revisions,
    direction,
    state: stateOf(one),
    started_at: startedAt.toISOString(),
    duration_ms: milliseconds ?? null,
    statements,
    hash: hash ?? null,
    by,
    limbeck_version: version,
    tag: tag ?? null,
  }
}
