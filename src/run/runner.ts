/**
 * Moving a database along the graph: heads are read under the lock, steps are found, all that can be checked is
 * checked, and each revision runs with its version row.
 */
import { fault } from '../problem.ts'
import type { Model } from '../model/model.ts'
import { applyChanges } from '../revision/graph/rows.ts'
import type { Step, Steps } from '../revision/graph/steps.ts'
import { look } from './look.ts'
import { checkedSteps, prepareSteps, refuseForbidden } from './prepare.ts'
import type { PreparedStep } from './prepare.ts'
import type { Session } from './session.ts'
import { executeStep } from './step.ts'
import { stepLine } from './step-line.ts'
import { atHome, ensureTables } from './tables.ts'
import { beginAt, listed, orRollback } from './transaction.ts'
import { refuseUnfinished } from './unfinished.ts'
import { readRows } from './version-table.ts'

/** A step that ran. */
export interface Ran {
  readonly step: Step
  readonly milliseconds: number
  /** The rows of the version table after it. */
  readonly heads: readonly string[]
}

/** What a run did. */
export interface RunResult {
  /** The rows of the version table before and after. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly steps: readonly Ran[]
  /** Revisions that had begun and not ended, and that a stamp settled. */
  readonly settled?: readonly string[]
}

/** Finds steps from the rows of the version table. It may throw (no such revision, …): nothing was changed then. */
export type Find = (rows: readonly string[]) => Steps

/** A run under way. */
interface Journey {
  readonly session: Session
  readonly done: Ran[]
  /** The revisions that were to run when the first of them had not run yet. */
  plan: ReadonlySet<string>
}

/**
 * Runs the steps that `find` sees from the heads of the database. Another process that moves the heads meanwhile is
 * noticed before each revision; the steps are found anew then, as long as they are still those of the beginning. Nothing
 * is made, not even the version table, before all that can be checked is.
 * @param find its target must not be relative to the rows: see `pinned`
 * @throws the problem of what failed, with notes on what was applied and what was not; `heads-moved` when another process
 *   moved the database elsewhere; `unfinished` when a revision was begun by another run and never ended
 */
export async function run(session: Session, find: Find): Promise<RunResult> {
  return await locked(session, async (home) => {
    const { connection, dialect, versionTable } = home
    const read = async () => await readRows(connection, dialect, versionTable) ?? []
    const before = await read()
    const journey: Journey = { session: home, done: [], plan: new Set() }
    const warned = new Set<string>()
    for (let rows = before;; rows = await read()) {
      const { steps, warnings } = find(rows)
      for (const message of warnings.filter((one) => !warned.has(one))) {
        warned.add(message)
        session.options.reporter.warn({ code: 'ambiguous', message })
      }
      checkPlan(journey, steps, rows)
      if (await runSteps(journey, steps, rows)) return { before, after: await read(), steps: journey.done }
    }
  })
}

/** Works under the migration lock, with the tool's own tables found. */
export async function locked<T>(session: Session, work: (home: Session) => Promise<T>): Promise<T> {
  const { connection, dialect, options, versionTable } = session
  // Without a lock of its own a run waits where it begins to write: the limit must be known by then.
  if (!dialect.lockHolds) await connection.run(dialect.settings(options.settings, false))
  // One migrator per version table of a database.
  const unlock = await dialect.lock(connection, `${versionTable.schema ?? ''}.${versionTable.name}`)
  try {
    return await work(await atHome(session))
  } finally {
    await unlock()
  }
}

/** @throws `heads-moved` when what is to run now was not to run in the beginning, or ran already */
function checkPlan(journey: Journey, steps: readonly Step[], rows: readonly string[]): void {
  const ids = steps.flatMap((one) => one.revisions)
  if (journey.done.length === 0) {
    journey.plan = new Set(ids)
    return
  }
  const ran = journey.done.flatMap(({ step }) => step.revisions)
  if (ids.every((id) => journey.plan.has(id) && !ran.includes(id))) return
  const word = journey.done[0]!.step.direction === 'up' ? 'applied' : 'reverted'
  fault('heads-moved', 'another process moved the database elsewhere meanwhile', {
    notes: [`${word}: ${listed(ran)}`, `now it is at ${rows.length === 0 ? 'base' : rows.join(', ')}`],
    hint: 'see that one process at a time moves it; then run the command again',
  })
}

/** @returns false when another process moved the heads meanwhile, so that the steps must be found anew */
async function runSteps(journey: Journey, steps: readonly Step[], rows: readonly string[]): Promise<boolean> {
  if (steps.length === 0) return true
  const { session, done } = journey
  const { connection, dialect, history, options } = session
  const target = { dialect, server: connection.server }
  const { naming, reporter } = options
  const prepared = await prepareSteps(steps, history, target, { naming, warn: reporter.warn })
  await refuseUnfinished(session, prepared, rows)
  const needsModel = prepared.some((one) => one.operations.length > 0)
  const model = needsModel ? await lookAt(session, rows) : undefined
  if (needsModel && model === undefined) return false
  const checked = model === undefined ? prepared : checkedSteps(prepared, model, target, done.length === 0)
  const shared = options.transaction === 'all'
  if (shared) refuseForbidden(checked, model, target)
  await ensureTables(session)
  reporter.begin(steps.length)
  try {
    return shared ? await runTogether(journey, checked, rows) : await runEach(journey, checked, rows)
  } finally {
    reporter.end()
  }
}

/** The schema that belongs to these heads; undefined when another process has moved the database since. */
async function lookAt(session: Session, rows: readonly string[]): Promise<Model | undefined> {
  if (session.dialect.lockHolds) return await look(session)
  if (!await beginAt(session, rows, { missing: true })) return undefined
  const model = await orRollback(session, () => look(session))
  await session.connection.rollback()
  return model
}

async function runEach(
  journey: Journey,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
): Promise<boolean> {
  const { session, done } = journey
  let expected = rows
  let known: Model | undefined
  for (const [i, one] of prepared.entries()) {
    const ran = await orRollback(
      session,
      () => runStep(session, one, 'own', { expected, known }),
      prepared,
      i,
    )
    if (ran === undefined) return false
    expected = ran.heads
    known = ran.known
    done.push(ran)
  }
  return true
}

async function runTogether(
  { session, done }: Journey,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
): Promise<boolean> {
  const rebuild = prepared.some(({ compilation, operations }) =>
    compilation?.rebuilds || operations.length > (compilation?.consumed ?? 0)
  )
  if (!await beginAt(session, rows, { rebuild })) return false
  const ran: Ran[] = []
  await orRollback(session, async () => {
    let expected = rows
    let known: Model | undefined
    for (const one of prepared) {
      const { heads, known: after, ...rest } = (await runStep(session, one, 'shared', { expected, known }))!
      expected = heads
      known = after
      ran.push({ ...rest, heads })
    }
    await session.connection.commit()
  }, prepared)
  done.push(...ran)
  return true
}

/** @returns undefined when the heads are not the expected ones */
async function runStep(
  session: Session,
  prepared: PreparedStep,
  scope: 'own' | 'shared',
  at: { readonly expected: readonly string[]; readonly known: Model | undefined },
): Promise<(Ran & { readonly known: Model | undefined }) | undefined> {
  const { reporter } = session.options
  const { step, document } = prepared
  const line = stepLine(step, document.message)
  reporter.start(line)
  const stepped = await executeStep(session, prepared, { scope, ...at })
  if (stepped === undefined) return undefined
  reporter.done(line, stepped.milliseconds)
  return { ...stepped, step, heads: applyChanges(at.expected, step.changes) }
}
