/** Revisions that were applied, and whose files mean something else since. */
import { EXIT, faults, ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { fileHash } from '../../revision/file-hash.ts'
import type { Graph, Revision } from '../../revision/graph/graph.ts'
import type { Step } from '../../revision/graph/steps.ts'
import { ancestors } from '../../revision/graph/traverse.ts'
import { journalRows } from './journal-rows.ts'
import type { JournalRow } from './journal-rows.ts'
import type { JournalPlace } from './read-own.ts'
import type { Session } from '../session/session.ts'

/** An applied revision whose file was edited. */
export interface Edited {
  readonly revision: Revision
  /** The last row of the journal that says what it meant. */
  readonly row: JournalRow
  /** Why the file cannot be read now; absent: it means something else. */
  readonly unreadable?: string
}

/** The revisions that some rows of the version table say are applied; unknown rows are passed over. */
export function appliedRevisions(graph: Graph, rows: readonly string[]): readonly Revision[] {
  const known = rows.map((id) => graph.byId.get(id)).filter((one) => one !== undefined)
  return [...ancestors(graph, known, 'all')].sort((a, b) => a.rank - b.rank)
}

/**
 * For each revision the last row that says what it meant when it ran, or when an edit of it was accepted. One that was
 * reverted and then stamped has none.
 */
export function recordedHashes(rows: readonly JournalRow[]): ReadonlyMap<string, JournalRow> {
  const last = new Map<string, JournalRow>()
  for (const row of rows) {
    if (row.status !== 'done' || row.direction === 'stamp') continue
    for (const id of row.revisions) {
      if (row.direction === 'downgrade') last.delete(id)
      else if (row.hash !== undefined) last.set(id, row)
    }
  }
  return last
}

/** What the journal says that revisions meant: {@link recordedHashes} of its rows. */
export async function recordedMeanings(where: JournalPlace): Promise<ReadonlyMap<string, JournalRow>> {
  return recordedHashes(await journalRows(where) ?? [])
}

/**
 * Those of some revisions that were edited since they ran, in the order of the history.
 * @param recorded what they meant
 * @param meaning what one means now
 */
export async function editedOf(
  recorded: ReadonlyMap<string, JournalRow>,
  revisions: readonly Revision[],
  meaning: (revision: Revision) => string | Promise<string> = ({ file }) => fileHash(file),
): Promise<readonly Edited[]> {
  const edited: Edited[] = []
  for (const revision of revisions) {
    const row = recorded.get(revision.id)
    const found = row === undefined ? undefined : await compared(revision, row, meaning)
    if (found !== undefined) edited.push(found)
  }
  return edited
}

async function compared(
  revision: Revision,
  row: JournalRow,
  meaning: (revision: Revision) => string | Promise<string>,
): Promise<Edited | undefined> {
  try {
    return await meaning(revision) === row.hash ? undefined : { revision, row }
  } catch (error) {
    if (!(error instanceof ProblemError) || error.exit !== EXIT.usage) throw error
    return { revision, row, unreadable: error.problems[0]!.message }
  }
}

/** What is to be said of one. */
export function editedProblem({ revision: { id, at }, row, unreadable }: Edited): Problem {
  const since = `since it ran at ${row.startedAt.toISOString()}`
  return {
    code: 'edited-revision',
    severity: 'error',
    message: unreadable === undefined
      ? `revision "${id}" was changed ${since}`
      : `revision "${id}" was changed ${since}, and cannot be read: ${unreadable}`,
    hint:
      'undo the edit and write a new revision instead; or, when it was reviewed and the database is as the file ' +
      `says, record it with \`limbeck journal accept ${id}\``,
    ...(at === undefined ? {} : { at }),
  }
}

/**
 * Looks at what was edited: before an upgrade at all that is applied, before a downgrade at what is to be reverted, whose
 * downgrade may be that of another revision now. It is told; to an upgrade that is to be strict it is an error.
 * @throws `edited-revision`, all of them at once
 */
export async function checkEdited(
  session: Session,
  rows: readonly string[],
  steps: readonly Step[],
): Promise<void> {
  const { history, options } = session
  const { graph } = history
  const down = steps[0]?.direction === 'down'
  const revisions = down
    ? steps.flatMap((one) => one.revisions).map((id) => graph.byId.get(id)!)
    : appliedRevisions(graph, rows)
  if (revisions.length === 0) return
  const meaning = ({ id, file }: Revision) => history.loaded?.(id)?.hash ?? fileHash(file)
  const problems = (await editedOf(await recordedMeanings(session), revisions, meaning)).map(editedProblem)
  if (problems.length === 0) return
  if (options.strict && !down) faults(problems, EXIT.failed)
  for (const { severity: _, ...problem } of problems) options.reporter.warn(problem)
}
