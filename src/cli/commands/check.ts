import { setImmediate as yielded } from 'node:timers/promises'
import { EXIT, fault } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import { EMPTY } from '../../model/model.ts'
import type { Connection } from '../../dialect/dialect.ts'
import { dialectOf } from '../../dialect/index.ts'
import { differenceLines } from '../../diff/index.ts'
import type { Diff } from '../../diff/index.ts'
import { identical } from '../../model/identical.ts'
import { sharing } from '../../diff/shadow.ts'
import { hasModels } from '../../models/load.ts'
import type { Target } from '../../plan/compile.ts'
import { isAtHeads } from '../../revision/graph/listing.ts'
import { revisionsOfRows } from '../../revision/graph/resolve.ts'
import { rowsText } from '../../revision/graph/rows.ts'
import { fromOperation } from '../../revision/operation.ts'
import { appliedRevisions, editedOf, editedProblem, recordedMeanings } from '../../run/records/edited.ts'
import type { Edited } from '../../run/records/edited.ts'
import { readRows } from '../../run/records/version-table.ts'
import type { Command, Invocation } from '../command.ts'
import { compared, historyModel, liveModel, warnInvalid } from '../project/comparing.ts'
import { databaseUrl, withConnection } from '../project/database.ts'
import { projectModels } from '../project/models.ts'
import { printJson, shownPath } from '../output/print.ts'
import { othersIn, saidByHistory } from '../project/others.ts'
import type { Others } from '../project/others.ts'
import { journalIn, openProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { blamingSql, replayedSchemas } from '../project/replaying.ts'
import { warnUnfinished } from '../migrate/unfinished.ts'

/** Two of the three, and what leads from the one to the other. */
interface Comparison {
  readonly from: 'history' | 'database'
  readonly to: 'history' | 'models'
  readonly found: Pick<Diff, 'operations' | 'notes'>
}

const NOTHING: Comparison['found'] = { operations: [], notes: [] }

interface Checked {
  readonly comparisons: readonly Comparison[]
  /** The rows of the version table; undefined offline. */
  readonly rows?: readonly string[]
  /** The applied revisions that were changed since. */
  readonly edited?: readonly Edited[]
}

/**
 * `limbeck check`: compares the models, the history and the database, and says which disagree: exit code 3. The history is
 * compared with the database at the revisions that it is at.
 */
export const command: Command = async (invocation) => {
  const project = await openProject(invocation)
  const checked = invocation.options.flag('offline')
    ? await offline(invocation, project)
    : await online(invocation, project)
  return report(invocation, project, checked)
}

async function offline(invocation: Invocation, project: Project): Promise<Checked> {
  const dialect = await dialectOf(databaseUrl(invocation, project).url)
  const target = { dialect, server: dialect.newest }
  const models = await projectModels(invocation, project, target)
  const history = await blamingSql(
    invocation,
    project,
    target,
    () => historyModel(invocation, project, target, project.graph.heads),
  )
  return { comparisons: [await compare(project, target, ['history', history], ['models', models])] }
}

async function online(invocation: Invocation, project: Project): Promise<Checked> {
  const { config, graph, history, root } = project
  return await withConnection(invocation, project, false, async (connection, dialect) => {
    const target = { dialect, server: connection.server }
    const rows = await readRows(connection, dialect, project.versionTable, project.settings) ?? []
    // Models alone can be compared with a database whose revisions are another tool's.
    if (graph.byId.size > 0 || !hasModels(config.models, root)) revisionsOfRows(graph, rows)
    const session = journalIn(project, connection, dialect)
    const isRecorded = await warnUnfinished(invocation, project, session)
    const applied = appliedRevisions(graph, rows)
    const recorded = applied.length === 0 || !isRecorded ? undefined : await recordedMeanings(session)
    const schemas = replayedSchemas(invocation, project, target)
    const known = rows.filter((id) => graph.byId.has(id))
    let replaying: Promise<Model | undefined> | undefined
    const replayed = () => replaying ??= known.length === 0 ? Promise.resolve(EMPTY) : schemas(known)
    const live = await sent(liveModel(project, connection, dialect, { uncompared: true, likely: replayed }))
    // All are replayed anyway.
    const documents = await history.load([...graph.byId.keys()])
    const edited = recorded && await editedOf(recorded, applied, ({ id }) => documents.get(id)!.hash)
    const models = hasModels(config.models, root)
      ? await projectModels(invocation, project, target)
      : undefined
    const hasHistory = graph.byId.size > 0
    const atRows = hasHistory ? await replayed() : undefined
    const heads = hasHistory
      ? isAtHeads(project.graph, rows) ? atRows : await schemas(graph.heads)
      : undefined
    const sides = { rows, live, atRows, heads, models }
    const comparisons = await compareAll(invocation, project, target, sides, connection)
    if (comparisons.length === 0) faultNothing(hasHistory)
    warnInvalid(invocation, await live())
    return { comparisons, rows, ...(edited === undefined ? {} : { edited }) }
  })
}

/** What there is to compare; of what cannot be replayed, or is not there, there is nothing. */
interface Sides {
  readonly rows: readonly string[]
  live(): Promise<Model>
  /** The history at the rows of the database, and at the heads. */
  readonly atRows: Model | undefined
  readonly heads: Model | undefined
  readonly models: Model | undefined
}

async function compareAll(
  invocation: Invocation,
  project: Project,
  target: Target,
  { rows, atRows, heads, models, ...sides }: Sides,
  connection: Connection,
): Promise<Comparison[]> {
  const hasHistory = project.graph.byId.size > 0
  const found: Comparison[] = []
  const wanted = models && heads ? sharing(models, heads) : models
  // Mostly the models say to the letter what the history says: what differs from the one differs from the other.
  const isSaid = heads !== undefined && identical(heads, wanted)
  if (isSaid) found.push({ from: 'history', to: 'models', found: NOTHING })
  else if (wanted !== undefined && heads !== undefined) {
    found.push(await compare(project, target, ['history', heads], ['models', wanted]))
  }
  // The server has worked meanwhile.
  const live = await sides.live()
  const said = heads ?? (await saidByHistory(project, target)).model
  const others = othersIn(invocation, project, live, [said, atRows ?? EMPTY, models ?? EMPTY])
  if (atRows !== undefined) {
    found.push(
      await compare(project, target, ['database', live], ['history', atRows], { others, connection }),
    )
  }
  if (isSaid && atRows === heads) found.push({ ...found.at(-1)!, to: 'models' })
  else if (wanted !== undefined && (!hasHistory || isAtHeads(project.graph, rows))) {
    found.push(
      await compare(project, target, ['database', live], ['models', wanted], { others, connection }),
    )
  }
  return settled(found)
}

/**
 * The three comparisons, the first of which only the database can tell: `04:05` and `04:05:00` are one time, which is known
 * where it turned out to have both.
 */
function settled(comparisons: Comparison[]): Comparison[] {
  const [own, ...live] = comparisons
  if (own === undefined || live.length < 2 || live.some(differs)) return comparisons
  return [{ ...own, found: NOTHING }, ...live]
}

function differs({ found }: Comparison): boolean {
  return found.operations.length + found.notes.length > 0
}

/** There was nothing to compare the database with. @param hasHistory there are revisions, but they cannot be replayed */
function faultNothing(hasHistory: boolean): never {
  if (!hasHistory) {
    return fault('nothing-compared', 'nothing was compared: there are neither revisions nor models', {
      hint:
        '`limbeck revision --baseline` makes a first revision of the database, `limbeck inspect --split models` models',
      exit: EXIT.usage,
    })
  }
  return fault('nothing-compared', 'nothing was compared: the history cannot be replayed', {
    hint: 'say with `effects:` what its SQL does to the schema',
  })
}

/**
 * Lets a server work while files are read here: its queries are on their way when this returns.
 * @returns what waits for the answer
 */
async function sent<T>(work: Promise<T>): Promise<() => Promise<T>> {
  // Should the files be wrong, nobody waits for it.
  work.catch(() => {})
  await yielded()
  return () => work
}

async function compare(
  project: Project,
  target: Target,
  [from, current]: readonly [Comparison['from'], Model],
  [to, desired]: readonly [Comparison['to'], Model],
  how: { readonly others?: Others; readonly connection?: Connection } = {},
): Promise<Comparison> {
  const { others = {}, connection } = how
  const found = await compared(project, current, desired, target, { noRenames: true, others }, connection)
  return { from, to, found }
}

function report({ io, options }: Invocation, project: Project, checked: Checked): number {
  const { comparisons, rows, edited = [] } = checked
  const { heads } = project.graph
  const behind = rows !== undefined && project.graph.byId.size > 0 && !isAtHeads(project.graph, rows)
  const agree = !comparisons.some(differs) && edited.length === 0 && !behind
  if (options.flag('json')) {
    printJson(io, {
      agree,
      heads,
      ...(rows === undefined ? {} : { rows }),
      edited: edited.map(editedJson),
      comparisons: comparisons.map(json),
    })
  } else if (agree) io.stdout('No new upgrade operations detected.\n')
  else {
    if (behind) {
      const where = `the database is at ${rowsText(rows)}, the heads are ${rowsText(heads)}`
      io.stdout(`${where}: run \`limbeck upgrade heads\`\n`)
    }
    for (const one of comparisons) io.stdout(text(one))
    for (const one of edited) io.stdout(editedText(one, io.cwd))
  }
  return agree ? EXIT.done : EXIT.differences
}

function editedText(one: Edited, cwd: string): string {
  const { message, hint } = editedProblem(one)
  return `${shownPath(one.revision.file, cwd)}: ${message}\n  ${hint}\n`
}

function editedJson(one: Edited) {
  const { revision: { id, file }, row } = one
  return { id, file, ran_at: row.startedAt.toISOString(), message: editedProblem(one).message }
}

function text(one: Comparison): string {
  const lines = differenceLines(one.found)
  const what = `${one.from} and ${one.to}`
  if (lines.length === 0) return `${what} agree\n`
  return [`${what} differ; from the ${one.from} to the ${one.to}:`, ...lines.map((line) => `  ${line}`)]
    .map((line) => `${line}\n`).join('')
}

function json(one: Comparison) {
  return {
    from: one.from,
    to: one.to,
    differences: differenceLines(one.found),
    operations: one.found.operations.map(fromOperation),
  }
}
