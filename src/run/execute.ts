/**
 * One revision, run: its statements, the version row, the journal. All in one transaction, except what cannot be in
 * one: that runs by itself, in its place, and the journal tells how far it got.
 */
import { EXIT, faults, ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import type { Model } from '../model/model.ts'
import { definitionOf } from '../ops/index.ts'
import { compileOperations } from '../plan/compile.ts'
import type { Placed, PlannedStatement } from '../plan/placed.ts'
import { journalInsert, journalUpdate } from './journal.ts'
import type { JournalEntry } from './journal.ts'
import type { PreparedStep } from './prepare.ts'
import { look } from './look.ts'
import type { Session } from './session.ts'
import { sessionSettings } from './settings.ts'
import { checkCounts, rowStatement } from './version-table.ts'
import { VERSION } from '../version.ts'

/** Who opens and closes transactions: the revision itself, or a run that has one for everything. */
export type Scope = 'own' | 'shared'

/** One statement to run: an operation's, or the tool's own. */
interface Line {
  readonly sql: string
  readonly origin?: Placed
}

/** What a revision needs while it runs. */
interface Running {
  readonly session: Session
  readonly prepared: PreparedStep
  readonly scope: Scope
  readonly startedAt: Date
  open: boolean
  /** Whether the journal has a row for it, because part of it is committed already. */
  journaled: boolean
  statements: number
  /** How many of them are committed, whatever comes. */
  committed: number
  /** To be run first in the next transaction: they travel with its statements. */
  prelude: readonly Line[]
}

/**
 * Runs one prepared revision. In scope `own` a transaction is open already (the caller looked at the heads in it) and
 * is committed here; in scope `shared` it is left open.
 * @returns its time in milliseconds
 * @throws the problem of the statement that failed, at its operation; the transaction is still open then
 */
export async function executeStep(session: Session, prepared: PreparedStep, scope: Scope): Promise<number> {
  const running: Running = {
    session,
    prepared,
    scope,
    startedAt: new Date(),
    open: true,
    journaled: false,
    statements: 0,
    committed: 0,
    prelude: settingsOf(session, prepared),
  }
  try {
    for await (const { statements, last } of compilations(session, prepared)) {
      await runStatements(running, statements, last)
    }
    return await finish(running)
  } catch (error) {
    if (running.journaled) await noteFailure(running, error)
    if (!(error instanceof ProblemError)) throw error
    return faultOfRevision(running, error)
  }
}

/** A problem that has no place is the revision's; what of it is committed already is told. */
function faultOfRevision({ prepared, committed }: Running, error: ProblemError): never {
  const { document: { id, node } } = prepared
  const done = committed === 1 ? 'one statement of it is' : `${committed} statements of it are`
  const partly = committed === 0 ? [] : [`revision "${id}" is not one transaction: ${done} committed`]
  const hint = committed === 0
    ? {}
    : { hint: 'undo what was done, or take it out of the revision, before you run it again' }
  const tell = (problem: Problem): Problem => ({
    ...hint,
    ...(node.at === undefined ? {} : { at: node.at }),
    ...problem,
    notes: [...(problem.notes ?? []), ...partly],
  })
  return faults(error.problems.map(tell), error.exit, error.cause)
}

/** The limits of the session, with the revision's own. */
function settingsOf({ dialect, options }: Session, { document }: PreparedStep): Line[] {
  const settings = { ...options.settings, ...sessionSettings(document.settings) }
  return dialect.settings(settings, true).map((sql) => ({ sql }))
}

/** What the operations compile to; after one of unknown effect the database is looked at again. */
async function* compilations(
  session: Session,
  prepared: PreparedStep,
): AsyncGenerator<{ statements: readonly PlannedStatement[]; last: boolean }> {
  const { connection, dialect } = session
  const target = { dialect, server: connection.server }
  const { operations } = prepared
  let compilation = prepared.compilation ?? compileOperations(operations, await look(session), target)
  yield { statements: compilation.statements, last: compilation.consumed === operations.length }
  while (compilation.consumed < operations.length) {
    const before: Model = await look(session)
    compilation = compileOperations(operations, before, target, { from: compilation.consumed })
    yield { statements: compilation.statements, last: compilation.consumed === operations.length }
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
  const alone = (one: PlannedStatement) =>
    one.transaction === 'forbidden' || running.prepared.document.transaction === 'none'
  let together: PlannedStatement[] = []
  for (const statement of statements) {
    if (!alone(statement)) {
      together.push(statement)
      continue
    }
    await run(running, together)
    together = []
    await close(running)
    await run(running, [statement])
    await note(running)
  }
  if (!running.open) await reopen(running)
  if (last) await runLast(running, together)
  else await run(running, together)
}

/** Runs the last statements with the changes of the version table, which must change as many rows as they say. */
async function runLast(running: Running, statements: readonly Line[]): Promise<void> {
  const { dialect, versionTable } = running.session
  const changes = running.prepared.step.changes
  const rows = changes.map((change) => rowStatement(dialect.spelling, versionTable, change))
  const counts = await run(running, [...statements, ...rows.map(({ sql }) => ({ sql }))])
  running.statements -= rows.length
  checkCounts(rows, counts.slice(-rows.length), versionTable)
}

async function run(running: Running, lines: readonly Line[]): Promise<readonly number[]> {
  if (lines.length === 0) return []
  const all = running.open ? [...running.prelude, ...lines] : lines
  if (running.open) running.prelude = []
  try {
    const counts = await running.session.connection.run(all.map((one) => one.sql))
    running.statements += lines.length
    return counts
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return faultAtOperation(error, all)
  }
}

/** The problem of a failed statement, at its operation. */
function faultAtOperation(error: ProblemError, statements: readonly Line[]): never {
  const problems = error.problems.map((problem): Problem => {
    const origin = statements[problem.sql?.index ?? 0]?.origin
    if (origin === undefined) return problem
    const what = `in "${definitionOf(origin.operation).describe(origin.operation)}"`
    return origin.locate({ ...problem, path: [], notes: [what, ...(problem.notes ?? [])] })
  })
  return faults(problems, error.exit, error.cause)
}

/** Commits what ran so far and writes down how far that is. */
async function close(running: Running): Promise<void> {
  if (!running.open) return
  const { session } = running
  const first = !running.journaled
  running.journaled = true
  running.open = false
  const sql = session.dialect.spelling
  const entry = entryOf(running, 'started')
  const statement = first
    ? journalInsert(sql, session.journal, entry, VERSION)
    : journalUpdate(sql, session.journal, entry)
  await session.connection.commit([statement])
  running.committed = running.statements
}

/** Writes down that one more statement is done, outside any transaction. */
async function note(running: Running): Promise<void> {
  const { connection, dialect, journal } = running.session
  running.committed = running.statements
  await connection.run([journalUpdate(dialect.spelling, journal, entryOf(running, 'started'))])
}

async function reopen(running: Running): Promise<void> {
  await running.session.connection.begin()
  running.open = true
  running.prelude = settingsOf(running.session, running.prepared)
}

/** Writes the journal and ends the transaction. */
async function finish(running: Running): Promise<number> {
  const { session } = running
  const { connection, dialect } = session
  const entry = entryOf(running, 'done')
  const sql = running.journaled
    ? journalUpdate(dialect.spelling, session.journal, entry)
    : journalInsert(dialect.spelling, session.journal, entry, VERSION)
  if (running.scope === 'own') await connection.commit([sql])
  else await connection.run([sql])
  return Date.now() - running.startedAt.getTime()
}

function entryOf(running: Running, status: JournalEntry['status']): JournalEntry {
  const { prepared, startedAt, statements, session } = running
  return {
    revision: prepared.step.revisions.join(','),
    direction: prepared.step.direction === 'up' ? 'upgrade' : 'downgrade',
    status,
    startedAt,
    ...(status === 'started' ? {} : { durationMs: Date.now() - startedAt.getTime() }),
    hash: prepared.document.hash,
    statements,
    ...(session.options.tag === undefined ? {} : { tag: session.options.tag }),
  }
}

/** A revision that is partly committed is marked failed; when not even that works the first error stands. */
async function noteFailure(running: Running, error: unknown): Promise<void> {
  const { connection, dialect, journal } = running.session
  if (error instanceof ProblemError && error.exit === EXIT.unreachable) return
  if (running.open) await connection.rollback()
  running.statements = running.committed
  await connection.run([journalUpdate(dialect.spelling, journal, entryOf(running, 'failed'))])
}
