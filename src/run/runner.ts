/**
 * Moving a database along the graph: heads are read under the lock, steps are found, all that can be checked is
 * checked, and each revision runs with its version row.
 */
import { fault, locate } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { rowsText, sameRows } from '../revision/graph/rows.ts'
import type { Model } from '../model/model.ts'
import type { Step } from '../revision/graph/steps.ts'
import { approveLosses } from './prepare/approve.ts'
import { settleDoubts } from './resume/doubt.ts'
import { checkEdited } from './records/edited.ts'
import type { Find, RunResult, RunState } from './session/run-state.ts'
import { locked } from './records/locked.ts'
import { liveSchemaAt, schemaAhead } from './prepare/live-schema.ts'
import { persistently } from './session/persist.ts'
import { checkedSteps, prepareSteps, refuseForbidden } from './prepare/prepare.ts'
import type { PreparedStep } from './session/prepared-step.ts'
import { warnHidden } from './prepare/warn-hidden.ts'
import { warnTakenAway } from './prepare/warn-taken-away.ts'
import { rehearsed } from './prepare/rehearse.ts'
import type { Rehearsal } from './prepare/rehearse.ts'
import { resumeStep } from './resume/resume.ts'
import type { Session } from './session/session.ts'
import { runEach, runTogether } from './execute/steps.ts'
import { ensureTables } from './records/tables.ts'
import { listed } from './records/transaction.ts'
import { begunSteps, refuseOthers } from './records/unfinished.ts'
import { readRows } from './records/version-table.ts'

export type { Find, Ran, RunResult } from './session/run-state.ts'

/** A run, and what was compiled for it before there was a database. */
interface RehearsedRun extends RunState {
  readonly rehearsal: Rehearsal | undefined
}

/**
 * Runs the steps that `find` sees from the heads of the database. Another process that moves the heads meanwhile is
 * noticed before each revision; the steps are found anew then, as long as they are still those of the beginning. Nothing
 * is made, not even the version table, before all that can be checked is.
 * @param find its target must not be relative to the rows: see `pinned`
 * @param rehearsal what was compiled before the database was made: not compiled again if nothing differs
 * @throws the problem of what failed, with notes on what was applied and what was not; `heads-moved` when another process
 *   moved the database elsewhere; `unfinished` when a revision was begun by another run and never ended
 */
export async function run(session: Session, find: Find, rehearsal?: Rehearsal): Promise<RunResult> {
  const state: RehearsedRun = {
    rehearsal,
    done: [],
    warned: new Set(),
    before: undefined,
    plan: new Set(),
    approved: false,
    resume: session.options.resume,
    doubts: [],
  }
  return await persistently(
    session,
    () => state.done.length,
    () => locked(session, (home) => runToTarget(home, state, find)),
  )
}

async function runToTarget(session: Session, state: RehearsedRun, find: Find): Promise<RunResult> {
  const { connection, dialect, versionTable, options } = session
  const { reporter } = options
  const read = async () => await readRows(connection, dialect, versionTable, options.settings) ?? []
  await settleDoubts(session, state)
  for (;;) {
    const rows = await read()
    const { steps, warnings } = find(rows)
    for (const message of warnings.filter((one) => !state.warned.has(one))) {
      state.warned.add(message)
      reporter.warn({ code: 'ambiguous', message })
    }
    if (state.before === undefined) await checkEdited(session, rows, steps)
    // What others did while this run waited was there before it.
    const before = state.done.length === 0 ? rows : state.before ?? rows
    state.before = before
    checkPlan(state, steps, rows)
    await refuseOthers(session, steps)
    if (steps.length === 0 || await runSteps(session, state, steps, rows)) {
      return { before, after: await read(), steps: state.done }
    }
  }
}

/** @throws `heads-moved` when what is to run now was not to run in the beginning, or ran already */
function checkPlan(state: RunState, steps: readonly Step[], rows: readonly string[]): void {
  const ids = steps.flatMap((one) => one.revisions)
  if (state.done.length === 0) {
    state.plan = new Set(ids)
    return
  }
  const ran = state.done.flatMap(({ step }) => step.revisions)
  if (ids.every((id) => state.plan.has(id) && !ran.includes(id))) return
  const word = state.done[0]!.step.direction === 'up' ? 'applied' : 'reverted'
  fault('heads-moved', 'another process moved the database elsewhere meanwhile', {
    notes: [`${word}: ${listed(ran)}`, `now it is at ${rowsText(rows)}`],
    hint: 'see that one process at a time moves it; then run the command again',
  })
}

/** @returns false when the steps must be found anew: another process moved the heads meanwhile, or not all were run */
async function runSteps(
  session: Session,
  state: RehearsedRun,
  steps: readonly Step[],
  rows: readonly string[],
): Promise<boolean> {
  const { connection, dialect, history, options } = session
  const target = { dialect, server: connection.server }
  const { naming, reporter } = options
  const ahead = await schemaAhead(session, steps.length)
  const prepared = await prepareSteps(steps, history, target, { naming, warn: reporter.warn })
  const begun = await begunSteps(session, prepared)
  if (begun[0] !== undefined) return await resumeBegun(session, state, prepared[0]!, rows)
  // One that was begun is looked at when it is the first.
  const before = begun.findIndex((one) => one !== undefined)
  const now = before === -1 ? prepared : prepared.slice(0, before)
  const checked = await checkSteps(session, state, now, rows, ahead).catch(async (error: unknown) => {
    if (dialect.lockHolds || !await isMoved(session, now, rows)) throw error
    return undefined
  })
  if (checked === undefined) return false
  await ensureTables(session)
  reporter.begin(checked.length)
  try {
    const runAll = options.transaction === 'all' ? runTogether : runEach
    return await runAll(session, state, checked, rows) && before === -1
  } finally {
    reporter.end()
  }
}

/** Whether another process has been at work since: what was looked at may have been the middle of a revision. */
async function isMoved(
  session: Session,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
): Promise<boolean> {
  const { connection, dialect, versionTable, options } = session
  // In this order: one that was begun and ends between the two has moved the heads.
  if ((await begunSteps(session, prepared)).some((one) => one !== undefined)) return true
  const now = await readRows(connection, dialect, versionTable, options.settings) ?? []
  return !sameRows(now, rows)
}

/** @returns undefined when another process moved the heads meanwhile */
async function checkSteps(
  session: Session,
  state: RehearsedRun,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
  ahead: (() => Promise<Model>) | undefined,
): Promise<readonly PreparedStep[] | undefined> {
  const { rehearsal, done } = state
  const { connection, dialect, options } = session
  const target = { dialect, server: connection.server }
  const needsModel = prepared.some((one) => one.operations.length > 0)
  const model = needsModel ? await (ahead?.() ?? liveSchemaAt(session, rows)) : undefined
  if (needsModel && model === undefined) return undefined
  const known = model && rehearsal && rehearsed(rehearsal, prepared, model, target.server)
  const checked = model === undefined ? prepared : known ?? locate(
    (problem) => rows.length === 0 && model.tables.length > 0 ? unstamped(problem) : problem,
    () => checkedSteps(prepared, model, target, done.length === 0),
  )
  if (options.transaction === 'all') refuseForbidden(checked, model, target)
  if (model !== undefined && done.length === 0 && !state.approved) {
    warnTakenAway(checked, model, options.reporter.warn)
    await warnHidden(session, checked, model)
    await approveLosses(session, checked, model)
    state.approved = true
  }
  return checked
}

/** What is there already, though no revision is said to have run, may be what revisions made. */
function unstamped(problem: Problem): Problem {
  if (!problem.code.endsWith('-exists') || problem.hint !== undefined) return problem
  return {
    ...problem,
    hint:
      'no revision is recorded as applied: if the schema is there already, `limbeck stamp --auto` finds at which it is',
  }
}

/** Goes on with a revision that a run began and did not end. @returns false: what comes after it is found anew */
async function resumeBegun(
  session: Session,
  state: RunState,
  prepared: PreparedStep,
  rows: readonly string[],
): Promise<boolean> {
  const { dialect, connection, lock, options: { reporter } } = session
  // Who began it may be at it still, where the migration lock does not hold over transactions.
  await lock?.hold?.()
  const [begun] = await begunSteps(session, [prepared])
  if (begun === undefined) return false
  const said = state.resume
  state.resume = undefined
  const resumed = await resumeStep(session, prepared, begun, { rows, said })
  if (resumed === undefined) return false
  const target = { dialect, server: connection.server }
  const [step] = checkedSteps([resumed.prepared], resumed.model, target, false)
  reporter.begin(1)
  try {
    await runEach(session, state, [step!], rows)
    return false
  } finally {
    reporter.end()
  }
}
