/** `revision --baseline`: a database without any history becomes its first revision. */
import { EXIT, fault } from '../../problem.ts'
import type { ExitCode, Problem } from '../../problem.ts'
import { EMPTY } from '../../model/model.ts'
import type { Model } from '../../model/model.ts'
import { find, shown } from '../../model/edit.ts'
import type { UnsaidObject } from '../../dialect/dialect.ts'
import { filtered } from '../../diff/filter.ts'
import { diff, differenceLines } from '../../diff/index.ts'
import { has, wordsOf } from '../../diff/mention.ts'
import type { Operation } from '../../ops/index.ts'
import type { Target } from '../../plan/compile.ts'
import { replay } from '../../plan/replay.ts'
import { newRevisionId } from '../../revision/file-name.ts'
import { fromOperation } from '../../revision/operation.ts'
import type { Step } from '../../revision/graph/steps.ts'
import { withNaming } from '../../run/session/session.ts'
import type { Session } from '../../run/session/session.ts'
import { stamp } from '../../run/stamp.ts'
import type { Invocation } from '../command.ts'
import { compared, liveModel } from '../project/comparing.ts'
import { withSession } from '../project/database.ts'
import { writeRevision } from './new-file.ts'
import type { Project } from '../project/project.ts'

/**
 * Writes the first revision with all that the database holds, and stamps the database.
 * @throws `has-revisions`, `stamped-already`, `nothing-there` (exit code 2); `not-sayable` with what no SQL is known for
 */
export async function baseline(
  invocation: Invocation,
  project: Project,
  location?: string,
): Promise<ExitCode> {
  const { graph } = project
  if (graph.byId.size > 0) {
    fault('has-revisions', 'there are revisions already: a baseline is the first one', {
      hint: '`limbeck identify` finds which of them the database is at; `limbeck stamp --auto` says so',
      exit: EXIT.usage,
    })
  }
  const id = invocation.options.text('rev-id') ?? newRevisionId()
  let written: ExitCode | undefined
  await withSession(invocation, project, false, (session) =>
    stamp(session, async (rows) => {
      refuseStamped(rows)
      const upgrade = await everything(project, session)
      // Another process moved the heads meanwhile, and the database is still not stamped: the file stays as it is.
      written ??= await writeRevision(named(invocation, id), project, {
        heads: ['head'],
        splice: false,
        dependsOn: invocation.options.texts('depends-on'),
        ...(location === undefined ? {} : { location }),
        content: { upgrade, comments: new Map() },
      })
      const step: Step = {
        direction: 'stamp',
        revisions: [id],
        from: [],
        to: [id],
        changes: [{ change: 'insert', id }],
      }
      return { steps: [step], warnings: [] }
    }))
  return written ?? EXIT.done
}

function refuseStamped(rows: readonly string[]): void {
  if (rows.length === 0) return
  fault('stamped-already', `the database has a history already: it is at ${rows.join(', ')}`, {
    hint:
      'fetch its revision files; or, if they are gone for good, forget them: `limbeck stamp --purge base`',
    exit: EXIT.usage,
  })
}

/** The invocation with an id that is known before the file is written, and a message in any case. */
function named(invocation: Invocation, id: string): Invocation {
  const { options } = invocation
  const text = (name: string) =>
    name === 'rev-id' ? id : options.text(name) ?? (name === 'message' ? 'baseline' : undefined)
  return { ...invocation, options: { ...options, text } }
}

/** The operations that make what the database holds. */
async function everything(project: Project, session: Session): Promise<readonly Operation[]> {
  const { connection, dialect } = session
  const { config } = project
  const whole = await liveModel(project, connection, dialect)
  const live = filtered(whole, EMPTY, config)
  const unsaid = await dialect.unsaid(connection, live, config)
  refuseUnwritten(unsaid.filter((one) => one.sql === undefined).map((one) => one.what))
  const start = withNaming(EMPTY, config.naming)
  const operations = inOrder(start, live, unsaid, session)
  if (operations.length === 0) {
    fault('nothing-there', 'there is nothing in the database to begin with', {
      hint: '`limbeck revision -m "…"` writes an empty first revision',
      exit: EXIT.usage,
    })
  }
  const made = after(operations, start, session)
  refuseUnwritten(keysOfNothing(live, made))
  await proveWhole(project, session, live, made)
  return operations
}

/** The foreign keys that refer to nothing, which SQLite takes and no operation makes. */
function keysOfNothing(live: Model, made: Model): readonly string[] {
  return live.tables.flatMap((table) =>
    table.foreignKeys.flatMap(({ name, references }) => {
      if (find(made, 'tables', table)?.foreignKeys.some((one) => one.name === name)) return []
      const why = find(live, 'tables', references) === undefined
        ? `there is no table "${shown(references)}"`
        : `"${shown(references)}" has no unique key of (${references.columns.join(', ')})`
      return [`the foreign key "${name}" of "${shown(table)}": ${why}`]
    })
  )
}

function refuseUnwritten(words: readonly string[]): void {
  if (words.length === 0) return
  fault('not-sayable', 'the database has what limbeck cannot write down', {
    notes: words,
    hint:
      'a baseline leaves nothing out: write the first revision by hand (`limbeck inspect --format sql` is a start)',
  })
}

/** @throws `not-sayable` when the operations would make another schema */
async function proveWhole(project: Project, session: Session, live: Model, made: Model): Promise<void> {
  refuseUnwritten(
    differenceLines(
      await compared(project, live, made, targetOf(session), { noRenames: true }, session.connection),
    ),
  )
}

function targetOf({ dialect, connection: { server } }: Session): Target {
  return { dialect, server }
}

/** The schema after operations that stand in no file yet. */
function after(operations: readonly Operation[], before: Model, session: Session): Model {
  const placed = operations.map((operation) => ({ operation, locate: (problem: Problem) => problem }))
  return replay(placed, before, targetOf(session))
}

/**
 * The operations that lead to a schema, with SQL for what they cannot say: types and the like behind the enums and domains
 * that they may be made of and before the tables, all else behind them.
 */
function inOrder(
  start: Model,
  live: Model,
  unsaid: readonly UnsaidObject[],
  session: Session,
): readonly Operation[] {
  const { connection, dialect } = session
  const options = { noRenames: true, server: connection.server }
  const tables = new Map(
    unsaid.flatMap((one) => one.table === undefined ? [] : [[shown(one.table), one] as const]),
  )
  const written = (some: readonly UnsaidObject[]) =>
    some.filter((one) => one.table === undefined).map((one) => raw(one, 'none', session))
  const early = written(unsaid.filter((one) => one.early))
  const { unmanaged: _, ...sayable } = live
  const { schemas, extensions, enums, domains } = live
  const first = early.length === 0
    ? []
    : diff(start, { ...start, schemas, extensions, enums, domains }, dialect, options).operations
  const rest = diff(after(first, start, session), sayable, dialect, options).operations
  const late = unsaid.filter((one) => !one.early)
  const [body, tail] = beforeUsers(rest, late.filter((one) => one.name !== undefined), session)
  const before = dialect.preamble?.(live)
  return [
    ...before === undefined ? [] : written([before]),
    ...first,
    ...early,
    ...body.flatMap((one) => asWritten(one, tables, session)),
    ...tail,
    ...written(late.filter((one) => one.name === undefined)),
  ]
}

/**
 * The operations with each object before the first that names it, and behind what it names itself; and those objects that
 * none does.
 */
function beforeUsers(
  operations: readonly Operation[],
  objects: readonly UnsaidObject[],
  session: Session,
): [Operation[], Operation[]] {
  const body = [...operations]
  const tail: Operation[] = []
  // The last first: a partition may be made of one before it.
  for (const one of objects.toReversed()) {
    const operation = raw(one, 'none', session)
    const user = body.findIndex((each) => has(wordsOf(...textsOf(each)), one.name!))
    const words = wordsOf(one.sql)
    const made = body.findLastIndex((each) =>
      'name' in each && each.name !== undefined && has(words, each.name)
    )
    if (user < 0) tail.unshift(operation)
    else body.splice(Math.max(user, made + 1), 0, operation)
  }
  return [body, tail]
}

/** All texts in a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

function raw(
  { sql, back }: UnsaidObject,
  effects: 'none' | Record<string, unknown>[],
  { dialect }: Session,
): Operation {
  return {
    op: 'execute',
    only: dialect.name,
    sql: sql!,
    effects,
    ...(back === undefined ? {} : { downgrade: back }),
  }
}

/** A table that the model cannot say in full is made by its own SQL; its indexes stand by themselves. */
function asWritten(
  operation: Operation,
  tables: ReadonlyMap<string, UnsaidObject>,
  session: Session,
): Operation[] {
  const one = operation.op === 'create_table' ? tables.get(shown(operation)) : undefined
  if (operation.op !== 'create_table' || one === undefined) return [operation]
  const { indexes = [], ...table } = operation
  return [
    raw(one, [fromOperation(table)], session),
    ...indexes.map((index): Operation => ({ op: 'create_index', table: table.name, ...index })),
  ]
}
