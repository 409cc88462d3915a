/**
 * One revision, run: its statements, the version row, the journal. All in one transaction, except what cannot be in
 * one: that runs by itself, in its place, and the journal tells how far it got.
 */
import { locateAsync } from '../../problem.ts'
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
import { failStep } from './failed.ts'
import { cutAtRebuilds, kept, refuseMoved, tellComments } from './before-rebuild.ts'
import { begin, close, finish, goesOn, isApart, noteStatement, runningOf, within } from './running.ts'
import type { Running, StepOptions } from './running.ts'
import type { Session } from '../session/session.ts'
import { checkCounts, rowStatement } from '../records/version-table.ts'

/** A revision before its COMMIT. */
export interface Stepped {
  readonly startedAt: Date
  /** The schema after it, as the planner has it. */
  readonly known: Running['known']
  /**
   * Writes the journal and, in scope `own`, commits.
   * @returns how many milliseconds the revision took
   * @throws as {@link executeStep}
   */
  end(): Promise<number>
}

/**
 * Runs one prepared revision, all but its COMMIT. In scope `own` it opens its transactions; in scope `shared` one is open
 * already, for rebuilds if need be.
 * @returns undefined when the heads are not the expected ones: nothing was done then, and no transaction is open
 * @throws the problem of the statement that failed, at its operation; a transaction may be open then
 */
export async function executeStep(
  session: Session,
  prepared: PreparedStep,
  options: StepOptions,
): Promise<Stepped | undefined> {
  const running = runningOf(session, prepared, options)
  if (options.scope === 'own' && !await begin(running)) return undefined
  const orFail = <T>(work: () => Promise<T>) => work().catch((error: unknown) => failStep(running, error))
  await orFail(async () => {
    // The rest of the run's transaction has the configuration's limits.
    if (options.scope === 'shared' && prepared.document.settings !== undefined) {
      await session.connection.run(running.limits.local)
    }
    for await (const { statements, consumed, last } of compilations(running)) {
      Object.assign(running, { compiled: statements, position: 0, consumed })
      running.mark ??= { prepared, compiled: statements, position: 0, consumed }
      await runStatements(running, statements, last)
    }
  })
  const { startedAt } = options
  const end = async () => {
    await orFail(() => finish(running))
    return Date.now() - startedAt.getTime()
  }
  return { startedAt, known: running.known, end }
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
  const counts: number[] = []
  for (const part of cutAtRebuilds(lines)) {
    await refuseMoved(running.session, part[0])
    await tellComments(running.session, part[0])
    const back = await kept(running.session, part[0])
    counts.push(...await runLines(running.session.connection, part))
    if (back.length > 0) await running.session.connection.run(back)
  }
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
  const builds = concurrently && /^\s*CREATE\b/i.test(statement.sql)
  await session.connection.run(concurrently ? limits.given : limits.session)
  await locateAsync(
    builds ? tell : (problem) => problem,
    () => runLines(session.connection, [statement]),
  )
  await noteStatement(running, limits.reset)
}
