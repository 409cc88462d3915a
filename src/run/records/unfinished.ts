/** Revisions that began, were committed in part, and never ended. */
import { fault } from '../../problem.ts'
import type { Row } from '../../dialect/dialect.ts'
import type { Graph } from '../../revision/graph/graph.ts'
import type { Step } from '../../revision/graph/steps.ts'
import { time } from './journal-rows.ts'
import { readOwn } from './read-own.ts'
import type { JournalPlace } from './read-own.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Session } from '../session/session.ts'

/** A row of the journal that says so. */
export interface Unfinished {
  readonly entry: number
  readonly revision: string
  readonly direction: string
  readonly status: string
  /** `2026-07-28T12:00:00Z`. */
  readonly startedAt: string
  readonly statements: number
  readonly by: string
  /** How far it is; absent in the rows of a limbeck that did not write it down. */
  readonly progress?: Checkpoint
}

/**
 * What began and did not end, oldest first. A later run of the same kind that ended settles it, and so does any later
 * stamp: it says in what state the database is. What was stopped or failed before anything was committed is none.
 */
export async function unfinished(
  { connection, dialect, journal, options }: JournalPlace,
): Promise<readonly Unfinished[]> {
  if (!await dialect.hasTable(connection, journal)) return []
  const table = dialect.spelling.qualified(journal)
  const rows = await readOwn(
    connection,
    dialect,
    `SELECT a.* FROM ${table} AS a WHERE a.status <> 'done' AND NOT EXISTS (` +
      `SELECT 1 FROM ${table} AS b WHERE b.entry > a.entry AND (b.direction = 'stamp' OR ` +
      `(b.revision = a.revision AND b.direction = a.direction AND b.status = 'done'))) ORDER BY a.entry`,
    options?.settings,
  )
  return rows.map(toUnfinished).filter((one) =>
    one.progress !== undefined || one.statements > 0 || one.status === 'started'
  )
}

function toUnfinished(row: Row): Unfinished {
  const progress = row['progress']
  return {
    entry: Number(row['entry']),
    revision: String(row['revision']),
    direction: String(row['direction']),
    status: String(row['status']),
    startedAt: `${time(row['started_at']).toISOString().slice(0, 19)}Z`,
    statements: Number(row['statements']),
    by: String(row['executed_by']),
    ...(typeof progress === 'string' ? { progress: JSON.parse(progress) as Checkpoint } : {}),
  }
}

/** For each step what of it was begun and did not end, if it was. */
export async function begunSteps(
  session: Session,
  prepared: readonly PreparedStep[],
): Promise<readonly (Unfinished | undefined)[]> {
  const found = await unfinished(session)
  return prepared.map((step) => found.findLast((one) => one.revision === revisionOf(step.step)))
}

/** As the journal calls what a step runs. */
function revisionOf({ revisions }: Step): string {
  return revisions.join(',')
}

/**
 * Stops when something that began and did not end is none of some steps: the schema is not that of the heads, and what
 * runs now would be taken for its end later.
 * @throws `unfinished`
 */
export async function refuseOthers(session: Session, steps: readonly Step[]): Promise<void> {
  const others = async () => {
    const found = await unfinished(session)
    return found.filter((one) => !steps.some((step) => revisionOf(step) === one.revision))
  }
  if ((await others()).length === 0) return
  // Who began it may be at it still, where the migration lock does not hold over transactions.
  await session.lock?.hold?.()
  const [other] = await others()
  if (other !== undefined) faultOther(session, other)
}

function faultOther({ history: { graph } }: Session, one: Unfinished): never {
  const { message, notes } = inWords(one)
  const known = graph.byId.get(one.revision)
  return fault('unfinished', message, {
    ...(known?.at === undefined ? {} : { at: known.at }),
    notes: [...notes, 'until it ends nothing else may run'],
    hint: `go on with it: ${goingOn(one, graph)}; or put the schema in order by hand and say with ` +
      '`limbeck stamp` where the database is',
  })
}

/** What goes on with it, as it is typed: `limbeck upgrade a1`, in such quotes. */
export function goingOn({ direction, revision }: Unfinished, { byId }: Graph): string {
  const to = direction === 'upgrade' ? revision : byId.get(revision)?.parents[0] ?? 'base'
  return `\`limbeck ${direction} ${to}\``
}

/** How it is told: the message, and what is known of it. */
export function inWords(one: Unfinished): { readonly message: string; readonly notes: readonly string[] } {
  return {
    message: `the ${one.direction} of revision "${one.revision}" was begun and did not end`,
    notes: [`begun by ${one.by} at ${one.startedAt}; ${committed(one.statements)}`],
  }
}

/** How much of a revision that did not end is committed: `one statement of it is committed`. */
export function committed(statements: number): string {
  return statements === 1
    ? 'one statement of it is committed'
    : `${statements} statements of it are committed`
}

/**
 * Stops because nobody can go on with what was begun.
 * @param rows the heads
 * @throws `unfinished`
 */
export function faultUnfinished(
  one: Unfinished,
  { document, step }: PreparedStep,
  rows: readonly string[],
  why: string,
): never {
  const stamp = (ids: readonly string[]) => `\`limbeck stamp ${ids.length === 0 ? 'base' : ids.join(' ')}\``
  const { message, notes } = inWords({ ...one, revision: document.id })
  return fault('unfinished', message, {
    at: document.node.at,
    notes: [...notes, why],
    hint: `do the rest of the ${one.direction} by hand and say ${stamp(step.to)}; ` +
      `or undo what it did, say ${stamp(rows)}, and run it again`,
  })
}

/** @throws `unfinished` when it was begun in the other direction */
export function checkDirection(one: Unfinished, prepared: PreparedStep, rows: readonly string[]): void {
  if (one.direction === (prepared.step.direction === 'up' ? 'upgrade' : 'downgrade')) return
  faultUnfinished(one, prepared, rows, `the ${one.direction} must end before it can be turned round`)
}
