import { EXIT } from '../problem.ts'
import type { Model } from '../model/model.ts'
import { EMPTY } from '../model/model.ts'
import type { Connection } from '../dialect/dialect.ts'
import { dialectOf } from '../dialect/index.ts'
import type { Diff } from '../diff/index.ts'
import { hasModels } from '../models/load.ts'
import { definitionOf } from '../ops/index.ts'
import type { Target } from '../plan/compile.ts'
import { fromOperation } from '../revision/operation.ts'
import { readRows } from '../run/version-table.ts'
import type { Command, Invocation } from './command.ts'
import { compared, historyModel, liveModel } from './comparing.ts'
import { databaseUrl, withConnection } from './database.ts'
import { projectModels } from './models.ts'
import { printJson } from './print.ts'
import { openProject } from './project.ts'
import type { Project } from './project.ts'

/** Two of the three, and what leads from the one to the other. */
interface Comparison {
  readonly from: 'history' | 'database'
  readonly to: 'history' | 'models'
  readonly found: Diff
}

interface Checked {
  readonly comparisons: readonly Comparison[]
  /** The rows of the version table; undefined offline. */
  readonly rows?: readonly string[]
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
  const models = await projectModels(invocation, project, dialect)
  const history = await historyModel(invocation, project, target, project.graph.heads)
  return { comparisons: [await compare(project, target, ['history', history], ['models', models])] }
}

async function online(invocation: Invocation, project: Project): Promise<Checked> {
  const { config, graph, root } = project
  const models = hasModels(config.models, root)
    ? await projectModels(invocation, project, await dialectOf(databaseUrl(invocation, project).url))
    : undefined
  return await withConnection(invocation, project, false, async (connection, dialect) => {
    const target = { dialect, server: connection.server }
    const rows = await readRows(connection, dialect, project.versionTable) ?? []
    const database = await liveModel(project, connection, dialect)
    const comparisons: Comparison[] = []
    if (graph.byId.size > 0) {
      const known = rows.filter((id) => graph.byId.has(id))
      const there = known.length === 0 ? EMPTY : await historyModel(invocation, project, target, known)
      const heads = isAtHeads(project, rows)
        ? there
        : await historyModel(invocation, project, target, graph.heads)
      if (models !== undefined) {
        comparisons.push(await compare(project, target, ['history', heads], ['models', models]))
      }
      comparisons.push(await compare(project, target, ['database', database], ['history', there], connection))
    }
    if (models !== undefined && (graph.byId.size === 0 || isAtHeads(project, rows))) {
      comparisons.push(await compare(project, target, ['database', database], ['models', models], connection))
    }
    return { comparisons, rows }
  })
}

function isAtHeads({ graph }: Project, rows: readonly string[]): boolean {
  return rows.length === graph.heads.length && graph.heads.every((id) => rows.includes(id))
}

async function compare(
  project: Project,
  target: Target,
  [from, current]: readonly [Comparison['from'], Model],
  [to, desired]: readonly [Comparison['to'], Model],
  connection?: Connection,
): Promise<Comparison> {
  const found = await compared(project, current, desired, target, { noRenames: true }, connection)
  return { from, to, found }
}

function report({ io, options }: Invocation, project: Project, { comparisons, rows }: Checked): number {
  const { heads } = project.graph
  const behind = rows !== undefined && project.graph.byId.size > 0 && !isAtHeads(project, rows)
  const differ = comparisons.filter(({ found }) => found.operations.length + found.notes.length > 0)
  const agree = differ.length === 0 && !behind
  if (options.flag('json')) {
    printJson(io, {
      agree,
      heads,
      ...(rows === undefined ? {} : { rows }),
      comparisons: comparisons.map(json),
    })
  } else if (agree) io.stdout('No new upgrade operations detected.\n')
  else {
    if (behind) io.stdout(`the database is at ${shownIds(rows)}, the heads are ${shownIds(heads)}\n`)
    for (const one of comparisons) io.stdout(text(one))
  }
  return agree ? EXIT.done : EXIT.differences
}

function shownIds(ids: readonly string[]): string {
  return ids.length === 0 ? 'base' : ids.join(', ')
}

function differences({ found }: Comparison): string[] {
  return [
    ...found.operations.map((one) => definitionOf(one).describe(one)),
    ...found.notes.map((one) => one.message),
  ]
}

function text(one: Comparison): string {
  const lines = differences(one)
  const what = `${one.from} and ${one.to}`
  if (lines.length === 0) return `${what} agree\n`
  return [`${what} differ; from the ${one.from} to the ${one.to}:`, ...lines.map((line) => `  ${line}`)]
    .map((line) => `${line}\n`).join('')
}

function json(one: Comparison) {
  return {
    from: one.from,
    to: one.to,
    differences: differences(one),
    operations: one.found.operations.map(fromOperation),
  }
}
