/** Steps whose COMMIT was sent and never answered: the database says whether they are done. */
import { journalRows } from '../records/journal-rows.ts'
import type { RunState } from '../session/run-state.ts'
import type { Session } from '../session/session.ts'
import { stepLine } from '../session/step-line.ts'

/**
 * Takes the steps for done that the journal says are: its row is in their transaction. Nobody is at them any more,
 * because the migration lock is ours (PostgreSQL), or a transaction that writes waits for theirs (SQLite).
 */
export async function settleDoubts(session: Session, state: RunState): Promise<void> {
  const { doubts } = state
  state.doubts = []
  if (doubts.length === 0) return
  const { reporter } = session.options
  const rows = await journalRows(session) ?? []
  for (const { prepared: { document, step, resumed }, startedAt, heads } of doubts) {
    const row = rows.findLast((one) =>
      one.status === 'done' && one.revisions.join(',') === step.revisions.join(',') &&
      // What was gone on with has the row of the run that began it.
      (resumed === undefined ? one.startedAt.getTime() === startedAt.getTime() : one.entry === resumed.entry)
    )
    if (row === undefined) return
    const milliseconds = row.milliseconds ?? 0
    state.done.push({ step, milliseconds, heads })
    reporter.done(`${stepLine(step, document.message)}, though the connection was lost`, milliseconds)
  }
}
