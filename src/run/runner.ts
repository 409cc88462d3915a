/**
 * Moving a database along the graph: heads are read under the lock, steps are found, all that can be checked is
 * checked, and each revision runs with its version row.
 */
import { fault, faults, locate, ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { applyChanges } from '../revision/graph/rows.ts'
import type { Step, Steps } from '../revision/graph/steps.ts'
import type { Model } from '../model/model.ts'
import type { Target } from '../plan/compile.ts'
import { executeStep } from './execute.ts'
import { createJournal, journalInsert } from './journal.ts'
import { look } from './look.ts'
import { compileSteps, prepareSteps } from './prepare.ts'
import type { PreparedStep } from './prepare.ts'
import type { Session } from './session.ts'
import { stepLine } from './step-line.ts'
import { checkCounts, createVersionTable, readRows, rowStatement, selectRows } from './version-table.ts'
import { VERSION } from '../version.ts'

/** What a run did. */
export interface RunResult {
  /** The rows of the version table before and after. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly steps: readonly { readonly step: Step; readonly milliseconds: number }[]
}

/**
 * Runs the steps that `find` sees from the heads of the database. Another process that moves the heads meanwhile is
 * noticed before each revision, and the steps are found anew.
 * @param find steps from rows; it may throw (no such revision, …) before anything was changed
 * @throws the problem of what failed, with notes on what was applied and what was not
 */
export async function run(session: Session, find: (rows: readonly string[]) => Steps): Promise<RunResult> {
  const { connection, dialect, options } = session
  // Without a lock of its own a run waits where it begins to write: the limit must be known by then.
  if (!dialect.lockHolds) await connection.run(dialect.settings(options.settings, false))
  const unlock = await dialect.lock(connection, lockKey(session))
  try {
    await ensureTables(session)
    const done: { step: Step; milliseconds: number }[] = []
    const before = await readRows(connection, dialect, session.versionTable) ?? []
    let rows: readonly string[] = before
    for (;;) {
      const { steps, warnings } = find(rows)
      warnings.forEach((message) => session.options.reporter.warn({ code: 'ambiguous', message }))
      const moved = await runSteps(session, steps, rows, done)
      rows = await readRows(connection, dialect, session.versionTable) ?? []
      if (!moved) return { before, after: rows, steps: done }
    }
  } finally {
    await unlock()
  }
}

/** One migrator per version table of a database. */
function lockKey({ versionTable }: Session): string {
  return `${versionTable.schema ?? ''}.${versionTable.name}`
}

/** Creates the version table and the journal where they are missing. @returns the names of those it created */
export async function ensureTables(session: Session): Promise<readonly string[]> {
  const { connection, dialect, versionTable, journal } = session
  const sql = dialect.spelling
  const missing: { name: string; sql: string }[] = []
  if (!await dialect.hasTable(connection, versionTable)) {
    missing.push({
      name: versionTable.name,
      sql: createVersionTable(sql, versionTable, { ifNotExists: true }),
    })
  }
  if (!await dialect.hasTable(connection, journal)) {
    missing.push({ name: journal.name, sql: createJournal(sql, journal) })
  }
  if (missing.length === 0) return []
  await connection.begin()
  const hint = 'the version table and the journal must be made first; `version_table_schema:` says where'
  await orRollback(session, () => connection.run(missing.map((one) => one.sql)), [], 0, { hint })
  await connection.commit()
  return missing.map((one) => one.name)
}

/** @returns whether another process moved the heads meanwhile, so that the steps must be found anew */
async function runSteps(
  session: Session,
  steps: readonly Step[],
  rows: readonly string[],
  done: { step: Step; milliseconds: number }[],
): Promise<boolean> {
  if (steps.length === 0) return false
  if (steps[0]!.direction === 'stamp') return await runStamps(session, steps, rows, done)
  const { connection, dialect, history, options } = session
  const target = { dialect, server: connection.server }
  const prepared = await prepareSteps(steps, history, target, options.naming)
  const needsModel = prepared.some((one) => one.operations.length > 0)
  const model = needsModel ? await lookAt(session, rows) : undefined
  if (needsModel && model === undefined) return true
  const compiled = model === undefined ? prepared : compiledBefore(prepared, model, target, done.length === 0)
  const shared = options.transaction === 'all'
  if (shared) refuseForbidden(compiled)
  options.reporter.begin(steps.length)
  try {
    return shared
      ? await runTogether(session, compiled, rows, done)
      : await runEach(session, compiled, rows, done)
  } finally {
    options.reporter.end()
  }
}

/** The schema that belongs to these heads; undefined when another process has moved the database since. */
async function lookAt(session: Session, rows: readonly string[]): Promise<Model | undefined> {
  if (session.dialect.lockHolds) return await look(session)
  if (!await beginAt(session, rows, [])) return undefined
  const model = await orRollback(session, () => look(session))
  await session.connection.rollback()
  return model
}

/** Compiles as far as is known; what is wrong is told with the comfort that nothing ran, where nothing did. */
function compiledBefore(
  prepared: readonly PreparedStep[],
  model: Model,
  target: Target,
  untouched: boolean,
): readonly PreparedStep[] {
  const note = 'found before the first statement: nothing was changed'
  const comfort = (problem: Problem) => ({ ...problem, notes: [...(problem.notes ?? []), note] })
  return locate(untouched ? comfort : (problem) => problem, () => compileSteps(prepared, model, target))
}

async function runEach(
  session: Session,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
  done: { step: Step; milliseconds: number }[],
): Promise<boolean> {
  let expected = rows
  for (const [i, one] of prepared.entries()) {
    if (!await beginAt(session, expected, [one])) return true
    await orRollback(session, () => step(session, one, 'own', done), prepared, i)
    expected = applyChanges(expected, one.step.changes)
  }
  return false
}

async function runTogether(
  session: Session,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
  done: { step: Step; milliseconds: number }[],
): Promise<boolean> {
  if (!await beginAt(session, rows, prepared)) return true
  const ran: typeof done = []
  await orRollback(session, async () => {
    for (const one of prepared) await step(session, one, 'shared', ran)
    await session.connection.commit()
  }, prepared)
  done.push(...ran)
  return false
}

async function step(
  session: Session,
  prepared: PreparedStep,
  scope: 'own' | 'shared',
  done: { step: Step; milliseconds: number }[],
): Promise<void> {
  const { reporter } = session.options
  const line = stepLine(prepared.step, prepared.document.message)
  reporter.start(line)
  const milliseconds = await executeStep(session, prepared, scope)
  reporter.done(line, milliseconds)
  done.push({ step: prepared.step, milliseconds })
}

/**
 * Opens the transaction of some revisions. Where the lock does not hold over transactions the
 * heads are read again in it.
 * @returns false when they are not the expected ones; the transaction is closed then
 */
async function beginAt(
  session: Session,
  expected: readonly string[],
  prepared: readonly PreparedStep[],
): Promise<boolean> {
  const { connection, dialect, versionTable } = session
  const rebuild = prepared.some(({ compilation, operations }) =>
    compilation === undefined || compilation.rebuilds || compilation.consumed < operations.length
  )
  await connection.begin({ rebuild })
  if (dialect.lockHolds) return true
  const rows = await orRollback(session, () => selectRows(connection, dialect, versionTable))
  if ([...rows].sort().join() === [...expected].sort().join()) return true
  await connection.rollback()
  return false
}

/** Runs `work`; on an error rolls back, and says what was applied and what was not. */
async function orRollback<T>(
  { connection }: Session,
  work: () => Promise<T>,
  prepared: readonly PreparedStep[] = [],
  at = 0,
  more: Pick<Problem, 'hint'> = {},
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const notes = await rollback(connection.rollback.bind(connection))
    if (!(error instanceof ProblemError)) throw error
    const told = [...notes, ...outcome(prepared, at)]
    const tell = (problem: Problem) => ({ ...more, ...problem, notes: [...(problem.notes ?? []), ...told] })
    return faults(error.problems.map(tell), error.exit, error.cause)
  }
}

/** A rollback that fails (the connection is gone) must not hide why it was needed. */
async function rollback(work: () => Promise<void>): Promise<string[]> {
  try {
    await work()
    return []
  } catch (error) {
    return [`the rollback failed, too: ${error instanceof Error ? error.message : String(error)}`]
  }
}

function outcome(prepared: readonly PreparedStep[], at: number): string[] {
  if (prepared.length === 0) return []
  const ids = prepared.map((one) => one.step.revisions.join(', '))
  const word = prepared[0]!.step.direction === 'up' ? 'applied' : 'reverted'
  const some = (list: readonly string[]) =>
    list.length > 6 ? `${list.slice(0, 6).join(', ')} and ${list.length - 6} more` : list.join(', ')
  const before = at === 0 ? [] : [`${word}: ${some(ids.slice(0, at))}`]
  return [...before, `not ${word}: ${some(ids.slice(at))}`]
}

/** @throws `transaction-forbidden` for a statement that cannot be in the one transaction asked for */
function refuseForbidden(prepared: readonly PreparedStep[]): void {
  for (const { compilation, document } of prepared) {
    const statement = compilation?.statements.find((one) => one.transaction === 'forbidden')
    if (statement === undefined && document.transaction !== 'none') continue
    const problem = statement?.origin.locate({
      code: 'transaction-forbidden',
      severity: 'error',
      message: '',
      path: [],
    })
    fault('transaction-forbidden', `revision "${document.id}" cannot run in one transaction with others`, {
      at: problem?.at ?? document.node.at,
      hint: 'use `--transaction per_revision`',
    })
  }
}

/** All row changes of a stamp are one transaction. */
async function runStamps(
  session: Session,
  steps: readonly Step[],
  rows: readonly string[],
  done: { step: Step; milliseconds: number }[],
): Promise<boolean> {
  const { connection, dialect, versionTable, journal, options } = session
  if (!await beginAt(session, rows, [])) return true
  const startedAt = new Date()
  await orRollback(session, async () => {
    const sql = dialect.spelling
    const statements = steps.flatMap((one) =>
      one.changes.map((change) => rowStatement(sql, versionTable, change))
    )
    checkCounts(statements, await connection.run(statements.map((one) => one.sql)), versionTable)
    const entry = {
      direction: 'stamp',
      status: 'done',
      startedAt,
      statements: 0,
      ...tagOf(options.tag),
    } as const
    const revision = applyChanges(rows, steps.flatMap((one) => one.changes)).join(',') || 'base'
    await connection.commit([journalInsert(sql, journal, { ...entry, revision }, VERSION)])
  })
  for (const one of steps) {
    options.reporter.done(stepLine(one, ''), 0)
    done.push({ step: one, milliseconds: 0 })
  }
  return false
}

function tagOf(tag: string | undefined) {
  return tag === undefined ? {} : { tag }
}
