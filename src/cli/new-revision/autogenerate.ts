/** `revision --autogenerate`: the operations that lead from the database, or the history, to the models. */
import { EXIT, fault } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import { wayBack } from '../../diff/index.ts'
import { dialectOf } from '../../dialect/index.ts'
import type { Dialect } from '../../dialect/dialect.ts'
import type { Rename, RenameCandidate } from '../../diff/index.ts'
import type { Operation } from '../../ops/index.ts'
import type { Target } from '../../plan/compile.ts'
import { liveSchema } from '../../run/prepare/live-schema.ts'
import { isAtHeads } from '../../revision/graph/listing.ts'
import { readRows } from '../../run/records/version-table.ts'
import type { Invocation } from '../command.ts'
import type { Io } from '../io.ts'
import { compared, historyModel, warnInvalid } from '../project/comparing.ts'
import type { Comparison } from '../project/comparing.ts'
import { databaseUrl, withSession } from '../project/database.ts'
import { projectModels } from '../project/models.ts'
import { printJson, printNote, printWarning } from '../output/print.ts'
import type { Project } from '../project/project.ts'
import { blamingSql } from '../project/replaying.ts'
import { othersIn, saidByHistory } from '../project/others.ts'
import type { Said } from '../project/others.ts'
import { commentsOn } from './comments.ts'
import { warnOfDrift } from './drift.ts'

/** What a revision file is filled with. */
export interface Generated {
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
  /** What a person should look at, by the operation it is about. */
  readonly comments: ReadonlyMap<Operation, readonly string[]>
}

interface Start extends Target {
  readonly current: Model
  readonly desired: Model
  /** What the revisions say, where it is a database that is compared. */
  readonly said?: Said
}

/**
 * Finds what a new revision has to do.
 * @returns undefined when there is nothing to do
 * @throws `not-up-to-date` when the database is not at the heads; `renamed` (exit code 2) with what may have been renamed
 *   while nobody says so
 */
export async function autogenerate(invocation: Invocation, project: Project): Promise<Generated | undefined> {
  const start = invocation.options.flag('offline')
    ? await offline(invocation, project)
    : await online(invocation, project)
  const found = await answered(invocation, project, start)
  for (const { message } of found.notes) {
    printWarning(invocation.io, invocation.options, {
      code: 'not-generated',
      message: `${message}; no operation changes that`,
    })
  }
  if (found.operations.length === 0) return undefined
  if (start.said !== undefined) warnOfDrift(invocation, start.said, found.operations)
  return {
    upgrade: found.operations,
    downgrade: wayBack(found, found.current, start.dialect, { server: start.server }).operations,
    comments: commentsOn(invocation, found, start),
  }
}

async function online(invocation: Invocation, project: Project): Promise<Start> {
  // A project that begins has no database yet; with models that are wrong it gets none.
  let models: Model | undefined
  const create = project.graph.byId.size === 0 && (async (dialect: Dialect) => {
    models = await projectModels(invocation, project, { dialect, server: dialect.newest })
  })
  return await withSession(invocation, project, create, async (session) => {
    const { connection, dialect } = session
    const target = { dialect, server: connection.server }
    const desired = models ?? await projectModels(invocation, project, target)
    const rows = await readRows(connection, dialect, project.versionTable, project.settings) ?? []
    if (!isAtHeads(project.graph, rows)) {
      fault('not-up-to-date', 'Target database is not up to date.', {
        hint: rows.length === 0
          ? 'run `limbeck upgrade heads` first, or `limbeck stamp heads` when its schema is there already'
          : `it is at ${rows.join(', ')}: run \`limbeck upgrade heads\` first`,
      })
    }
    const current = await liveSchema(session)
    warnInvalid(invocation, current)
    await dialect.loadComparison?.()
    const asked = await dialect.normalise?.(connection, desired, current)
    return { current, desired: asked ?? desired, said: await saidByHistory(project, target), ...target }
  })
}

async function offline(invocation: Invocation, project: Project): Promise<Start> {
  const dialect = await dialectOf(databaseUrl(invocation, project).url)
  const target = { dialect, server: dialect.newest }
  const current = await blamingSql(
    invocation,
    project,
    target,
    () => historyModel(invocation, project, target, project.graph.heads),
  )
  return { current, desired: await projectModels(invocation, project, target), ...target }
}

/** The renames that `--rename` names. */
function renamesGiven({ options }: Invocation): Rename[] {
  return options.texts('rename').map((text) => {
    const at = text.indexOf('=')
    if (at > 0 && at < text.length - 1) return { from: text.slice(0, at), to: text.slice(at + 1) }
    return fault('usage', `--rename takes old=new, not "${text}"`, {
      hint: 'such as --rename users.name=users.fullname, or --rename users=people',
      exit: EXIT.usage,
    })
  })
}

/** The difference, with everything that could be a rename answered: by options, or by a person at the terminal. */
async function answered(invocation: Invocation, project: Project, start: Start): Promise<Comparison> {
  const { io, options } = invocation
  const { current, desired, said } = start
  const others = said && othersIn(invocation, project, current, [desired, said.model])
  const renames = renamesGiven(invocation)
  const noRenames = options.flag('no-renames')
  const denied = new Set<string>()
  for (;;) {
    const found = await compared(project, current, desired, start, {
      renames,
      noRenames,
      ...(others === undefined ? {} : { others }),
    })
    const open = found.renameCandidates.filter((one) => !denied.has(shownRename(one)))
    const [first] = open
    if (first === undefined) return found
    if (io.ask === undefined) refuse(open)
    const yes = await answer(io.ask, question(first))
    if (yes === undefined) refuse(open)
    if (yes) renames.push(first)
    else denied.add(shownRename(first))
  }
}

/** Asks until the answer is yes or no, which nothing stands for; undefined: the input has ended. */
async function answer(ask: NonNullable<Io['ask']>, text: string): Promise<boolean | undefined> {
  for (;;) {
    const said = (await ask(text))?.trim()
    if (said === undefined) return undefined
    if (/^y(es)?$/i.test(said)) return true
    if (/^(no?)?$/i.test(said)) return false
  }
}

function shownRename({ from, to }: Rename): string {
  return `${from}=${to}`
}

function question({ kind, from, to, reasons }: RenameCandidate): string {
  return `Was the ${kind} "${from}" renamed to "${to}"? (${reasons.join(', ')}) [y/N] `
}

function refuse(open: readonly RenameCandidate[]): never {
  return fault('renamed', 'something that is gone and something that is new may be one, renamed', {
    notes: open.map((one) =>
      `${one.kind} "${one.from}" → "${one.to}" (${one.reasons.join(', ')}): --rename ${
        shellWord(shownRename(one))
      }`
    ),
    hint:
      'answer with --rename for what was renamed, and with --no-renames for all else; or write `was:` in the models',
    exit: EXIT.usage,
  })
}

function shellWord(text: string): string {
  return /^[\w.=@%+,:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** Says that there is nothing to write. */
export function sayNothing({ io, options }: Invocation): void {
  if (options.flag('json')) printJson(io, { id: null, file: null })
  printNote(io, options, 'No new upgrade operations detected: no file was written.')
}
