/** Revisions that began, were committed in part, and never ended: not to be run again by chance. */
import { fault } from '../problem.ts'
import type { PreparedStep } from './prepare.ts'
import type { Session } from './session.ts'

/** A row of the journal that says so. */
export interface Unfinished {
  readonly revision: string
  readonly direction: string
  readonly status: string
  readonly startedAt: string
  readonly statements: number
  readonly by: string
}

const COLUMNS = ['revision', 'direction', 'status', 'started_at', 'statements', 'executed_by'] as const

/**
 * What began and did not end, oldest first. A later run of the same revision that ended settles it, and so does any later
 * stamp: it says in what state the database is.
 */
export async function unfinished({ connection, dialect, journal }: Session): Promise<readonly Unfinished[]> {
  if (!await dialect.hasTable(connection, journal)) return []
  const sql = dialect.spelling
  const table = sql.qualified(journal)
  const columns = COLUMNS.map((name) => `a.${sql.name(name)}`).join(', ')
  const rows = await connection.query(
    `SELECT ${columns} FROM ${table} AS a WHERE a.status <> 'done' AND NOT EXISTS (` +
      `SELECT 1 FROM ${table} AS b WHERE b.entry > a.entry AND (b.direction = 'stamp' OR ` +
      `(b.revision = a.revision AND b.status = 'done'))) ORDER BY a.entry`,
  )
  return rows.map((row) => ({
    revision: String(row['revision']),
    direction: String(row['direction']),
    status: String(row['status']),
    startedAt: String(row['started_at']),
    statements: Number(row['statements']),
    by: String(row['executed_by']),
  }))
}

/**
 * Refuses steps of which a revision was committed in part by another run: what of it is done would be done twice. One
 * that failed before anything was committed may run again.
 * @param rows the heads
 * @throws `unfinished`
 */
export async function refuseUnfinished(
  session: Session,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
): Promise<void> {
  const found = await unfinished(session)
  for (const step of prepared) {
    const one = found.findLast(({ revision }) => revision === step.step.revisions.join(','))
    if (one === undefined) continue
    const left = step.operations.some(({ operation }) => /concurrently/i.test(JSON.stringify(operation)))
    if (one.status === 'failed' && one.statements === 0 && !left) continue
    faultUnfinished(one, step, rows, left)
  }
}

function faultUnfinished(
  one: Unfinished,
  { document, step }: PreparedStep,
  rows: readonly string[],
  left: boolean,
): never {
  const done = one.statements === 1 ? 'one statement of it is' : `${one.statements} statements of it are`
  const stamp = (ids: readonly string[]) => `\`limbeck stamp ${ids.length === 0 ? 'base' : ids.join(' ')}\``
  return fault('unfinished', `the ${one.direction} of revision "${document.id}" was begun and did not end`, {
    at: document.node.at,
    notes: [
      `begun by ${one.by} at ${one.startedAt}; ${done} committed`,
      one.status === 'failed' ? 'a later statement failed' : 'it may be running still, or was stopped',
      ...(left ? ['an index whose build CONCURRENTLY was cut short is left INVALID: drop it'] : []),
    ],
    hint: `do the rest of the ${one.direction} by hand and say ${stamp(step.to)}; ` +
      `or undo what it did, say ${stamp(rows)}, and run it again`,
  })
}
