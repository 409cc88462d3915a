/** Accepting an edit: the journal is told that an applied revision means from now on what its file says. */
import { fault } from '../problem.ts'
import { fileHash } from '../revision/file-hash.ts'
import type { Revision } from '../revision/graph/graph.ts'
import { appliedRevisions, recordedHashes } from './records/edited.ts'
import { journalInsert } from './records/journal.ts'
import { journalRows } from './records/journal-rows.ts'
import { locked } from './records/locked.ts'
import type { Session } from './session/session.ts'
import { ownLimits } from './session/settings.ts'
import { beginAt, orRollback } from './records/transaction.ts'
import { goingOn, inWords, unfinished } from './records/unfinished.ts'
import { readRows } from './records/version-table.ts'
import { VERSION } from '../version.ts'

export interface Accepted {
  /** Those of which the journal said something else, or nothing. */
  readonly accepted: readonly Revision[]
  /** Those of which it said that already. */
  readonly unchanged: readonly Revision[]
}

/**
 * Writes down what some applied revisions mean now.
 * @throws `no-journal`; `not-applied` when one of them is not; `unfinished`; what is wrong with its file
 */
export async function accept(session: Session, revisions: readonly Revision[]): Promise<Accepted> {
  return await locked(session, async (home) => {
    const { connection, dialect, versionTable, history, options } = home
    const recorded = await journalRows(home)
    if (recorded === undefined) {
      fault('no-journal', 'the database has no journal: nothing is recorded that a file could differ from', {
        hint: 'the first `limbeck upgrade` or `limbeck stamp` makes it',
      })
    }
    const rows = await readRows(connection, dialect, versionTable, options.settings) ?? []
    checkApplied(new Set(appliedRevisions(history.graph, rows)), revisions)
    await checkEnded(home, revisions)
    const known = recordedHashes(recorded)
    const hashes = new Map<Revision, string>()
    for (const one of revisions) hashes.set(one, await fileHash(one.file))
    const accepted = revisions.filter((one) => known.get(one.id)?.hash !== hashes.get(one))
    if (accepted.length > 0) await write(home, rows, accepted, hashes)
    return { accepted, unchanged: revisions.filter((one) => !accepted.includes(one)) }
  })
}

function checkApplied(applied: ReadonlySet<Revision>, revisions: readonly Revision[]): void {
  const other = revisions.find((one) => !applied.has(one))
  if (other === undefined) return
  fault('not-applied', `revision "${other.id}" is not applied: it runs as its file says when it does`, {
    hint: '`limbeck current` shows what is applied',
  })
}

/** What is under way means what its file said when it began. */
async function checkEnded(session: Session, revisions: readonly Revision[]): Promise<void> {
  const ids = revisions.map((one) => one.id)
  const begun = (await unfinished(session)).find((one) =>
    one.revision.split(',').some((id) => ids.includes(id))
  )
  if (begun === undefined) return
  fault('unfinished', inWords(begun).message, {
    hint: `let it end first, with the file as it was then: ${goingOn(begun, session.history.graph)}`,
  })
}

async function write(
  session: Session,
  rows: readonly string[],
  revisions: readonly Revision[],
  hashes: ReadonlyMap<Revision, string>,
): Promise<void> {
  const { connection, dialect, journal, options } = session
  if (!await beginAt(session, rows, { first: ownLimits(session) })) {
    fault('heads-moved', 'another process moved the database meanwhile', { hint: 'run the command again' })
  }
  const tag = options.tag === undefined ? {} : { tag: options.tag }
  const entries = revisions.map((one) =>
    journalInsert(dialect.spelling, journal, {
      revision: one.id,
      direction: 'accept',
      status: 'done',
      startedAt: new Date(),
      hash: hashes.get(one)!,
      statements: 0,
      ...tag,
    }, VERSION)
  )
  await orRollback(session, () => connection.commit(entries))
}
