/**
 * One revision, run: its statements, the version row, the journal. All in one transaction, except what cannot be in
 * one: that runs by itself, in its place, and the journal tells how far it got.
 */
import { faults, locateAsync, ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { compileOperations } from '../../plan/compile.ts'
import type { PlannedStatement } from '../../plan/placed.ts'
import { segments } from '../../plan/segments.ts'
import { runBatches } from './backfill.ts'
import { own, runLines } from '../session/lines.ts'
import type { Line } from '../session/lines.ts'
import { liveSchema } from '../prepare/live-schema.ts'
import { faultForbidden } from '../prepare/prepare.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import { begin, close, finish, goesOn, isApart, noteFailure, noteStatement, within } from './running.ts'
import type { Running, StepOptions } from './running.ts'
import type { Session } from '../session/session.ts'
import { DEFAULT_LIMITS, limitsOf } from '../session/settings.ts'
import { checkCounts, rowStatement } from '../records/version-table.ts'

/** How a revision ended. */
export interface Stepped {
  readonly startedAt: Date
  /** When it is committed: how many milliseconds it took. Rejects with what {@link Stepped.failed} has to be told. */
  readonly ended: Promise<number>
  /** Writes down that it was not committed; no other revision may be under way. @throws the problem, at its place */
  failed(error: unknown): Promise<never>
  /** The schema after it, as the planner has it. */
  readonly known: Running['known']
}

/**
 * Runs one prepared revision. In scope `own` it opens its transactions and commits the last; in scope `shared` one is
 * open already, for rebuilds if need be, and is left open.
 * @returns when its COMMIT is sent; undefined when the heads are not the expected ones, or the revision before was not
 *   committed: nothing was done then, and no transaction is open
 * @throws the problem of the statement that failed, at its operation; a transaction may be open then
 */
export async function executeStep(
  session: Session,
  prepared: PreparedStep,
  options: StepOptions,
): Promise<Stepped | undefined> {
  const { dialect, options: { settings } } = session
  const running: Running = {
    ...options,
    session,
    prepared,
    limits: limitsOf(dialect, settings, prepared.document.settings, DEFAULT_LIMITS),
    open: { rebuild: true },
    known: options.known,
    journaled: false,
    statements: 0,
    committed: 0,
    compiled: [],
    position: 0,
    consumed: 0,
  }
  if (options.scope === 'own' && !await begin(running)) return undefined
  const fail = async (error: unknown): Promise<never> => {
    const notes = await noteFailure(running, error)
    if (!(error instanceof ProblemError)) throw error
    return faultOfRevision(running, error, notes)
  }
  try {
    // The rest of the run's transaction has the configuration's limits.
    if (options.scope === 'shared' && prepared.document.settings !== undefined) {
      await session.connection.run(running.limits.local)
    }
    for await (const { statements, consumed, last } of compilations(running)) {
      Object.assign(running, { compiled: statements, position: 0, consumed })
      running.mark ??= { prepared, compiled: statements, position: 0, consumed }
      await runStatements(running, statements, last)
    }
  } catch (error) {
    return await fail(error)
  }
  const previous = await (options.previous ?? options.startedAt)
  if (previous === undefined) {
    await session.connection.rollback()
    return undefined
  }
  running.startedAt = previous
  return { startedAt: previous, ended: finish(running), failed: fail, known: running.known }
}

/** A problem that has no place is the revision's; what of it is committed already is told. */
function faultOfRevision(
  { prepared, committed }: Running,
  error: ProblemError,
  more: readonly string[],
): never {
  const { document: { id, node } } = prepared
  const done = committed === 1 ? 'one statement of it is' : `${committed} statements of it are`
  const partly = committed === 0 ? [] : [`revision "${id}" is not one transaction: ${done} committed`]
  const stopped = error.problems[0]?.code === 'stopped'
  const hint = committed === 0 ? {} : {
    hint: `${
      stopped ? '' : 'mend what is wrong and '
    }run the command again: it goes on where this run stopped`,
  }
  const tell = (problem: Problem): Problem => ({
    ...hint,
    ...(node.at === undefined ? {} : { at: node.at }),
    ...problem,
    notes: [...(problem.notes ?? []), ...partly, ...more],
  })
  return faults(error.problems.map(tell), error.exit, error.cause)
}

interface Part {
  readonly statements: readonly PlannedStatement[]
  /** How many operations of the prepared step are done with them. */
  readonly consumed: number
  /** Whether the revision ends with them. */
  readonly last: boolean
}

/** What the operations compile to; after one of unknown effect the database is looked at again. */
async function* compilations(running: Running): AsyncGenerator<Part> {
  const { session, prepared: { operations, compilation: first, resumed } } = running
  const { connection, dialect } = session
  const target = { dialect, server: connection.server }
  if (resumed !== undefined && resumed.left.length > 0) {
    yield { statements: resumed.left, consumed: 0, last: operations.length === 0 }
    if (operations.length === 0) return
  }
  if (operations.length === 0) return yield { statements: [], consumed: 0, last: true }
  let compilation = first ?? compileOperations(operations, await liveSchema(session, running.known), target)
  for (;;) {
    running.known = compilation.after
    const last = compilation.consumed === operations.length
    yield { statements: compilation.statements, consumed: compilation.consumed, last }
    if (last) return
    const before = await liveSchema(session, running.known)
    compilation = compileOperations(operations, before, target, { from: compilation.consumed })
  }
}

/**
 * Statements that can be in a transaction run together; each other one alone, between transactions. The `last` of a
 * revision take the change of the version rows with them.
 */
async function runStatements(
  running: Running,
  statements: readonly PlannedStatement[],
  last: boolean,
): Promise<void> {
  const cut = segments(statements, { apart: isApart(running.prepared) })
  for (const [i, segment] of cut.entries()) {
    if ('alone' in segment) {
      await runAlone(running, segment.alone)
      continue
    }
    const ends = i === cut.length - 1
    await within(running, segment.rebuild || (ends && goesOn(running.prepared, last)))
    if (ends && last) return await runLast(running, segment.together)
    await run(running, segment.together)
    if (isApart(running.prepared)) await close(running)
  }
  if (!last) return
  await within(running, false)
  await runLast(running, [])
}

/** Runs the last statements with the changes of the version table, which must change as many rows as they say. */
async function runLast(running: Running, statements: readonly Line[]): Promise<void> {
  const { dialect, versionTable } = running.session
  const changes = running.prepared.step.changes
  const rows = changes.map((change) => rowStatement(dialect.spelling, versionTable, change))
  const counts = await run(running, [...statements, ...own(rows.map(({ sql }) => sql))])
  running.statements -= rows.length
  checkCounts(rows, counts.slice(-rows.length), versionTable)
}

async function run(running: Running, lines: readonly Line[]): Promise<readonly number[]> {
  if (lines.length === 0) return []
  const counts = await runLines(running.session.connection, lines)
  running.statements += lines.length
  running.position += lines.filter((one) => one.origin !== undefined).length
  return counts
}

/** A statement outside any transaction: what ran before it is committed first. The revision's limits hold for it. */
async function runAlone(running: Running, statement: PlannedStatement): Promise<void> {
  const { session, limits, prepared, scope } = running
  if (scope === 'shared') faultForbidden(prepared.document, statement.origin)
  await close(running)
  if (statement.batches !== undefined) {
    await runBatches(running, statement.batches, statement.origin)
    return await noteStatement(running)
  }
  const invalid = 'if the build had begun it left an INVALID index: the next run drops it and builds it again'
  const tell = (problem: Problem): Problem => ({ ...problem, notes: [...(problem.notes ?? []), invalid] })
  const concurrently = /\bCONCURRENTLY\b/i.test(statement.sql)
  await session.connection.run(concurrently ? limits.given : limits.session)
  await locateAsync(
    concurrently ? tell : (problem) => problem,
    () => runLines(session.connection, [statement]),
  )
  await noteStatement(running, limits.reset)
}
