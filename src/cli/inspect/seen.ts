/** The schema that `inspect` shows, by its options. */
import { EXIT, fault } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import { dialectOf } from '../../dialect/index.ts'
import type { Dialect } from '../../dialect/dialect.ts'
import type { Target } from '../../plan/compile.ts'
import { resolveWithCurrent } from '../../revision/graph/resolve.ts'
import { liveSchema } from '../../run/prepare/live-schema.ts'
import type { Invocation } from '../command.ts'
import { historyModel } from '../project/comparing.ts'
import { databaseUrl, offlineDialect, withConnection } from '../project/database.ts'
import { projectModels } from '../project/models.ts'
import { progress } from '../output/progress.ts'
import type { Project } from '../project/project.ts'
import { currentRows } from '../project/current-rows.ts'

export interface Seen extends Target {
  readonly model: Model
}

/** @throws `usage` for options that contradict each other, and whatever each way of seeing throws */
export async function seen(invocation: Invocation, project: Project): Promise<Seen> {
  const { options } = invocation
  const at = options.text('at')
  if (options.flag('models')) {
    if (at !== undefined) {
      fault('usage', '--at and --models are two schemas: choose one', { exit: EXIT.usage })
    }
    const dialect = await withoutDatabase(invocation, project)
    const target = { dialect, server: dialect.newest }
    return { model: await projectModels(invocation, project, target), ...target }
  }
  return at === undefined ? await inDatabase(invocation, project) : await atRevision(invocation, project, at)
}

async function atRevision(invocation: Invocation, project: Project, text: string): Promise<Seen> {
  const rows = text === 'current' ? (await currentRows(invocation, project)).rows : []
  const tips = resolveWithCurrent(project.graph, text, rows)
  const dialect = await withoutDatabase(invocation, project)
  const target = { dialect, server: dialect.newest }
  const ids = tips.map((one) => one.id)
  const model = await historyModel(invocation, project, target, ids, {
    missing: 'it is not in what is shown',
    hint: 'declare its `effects:`, or inspect a database',
  })
  return { model, ...target }
}

async function inDatabase(invocation: Invocation, project: Project): Promise<Seen> {
  const { config, history, versionTable, journal, settings } = project
  const reporter = await progress(invocation.io, invocation.options)
  return await withConnection(invocation, project, false, async (connection, dialect) => {
    const model = await liveSchema({
      connection,
      dialect,
      history,
      versionTable,
      journal,
      options: {
        transaction: 'per_revision',
        settings,
        reporter,
        ...(config.naming === undefined ? {} : { naming: config.naming }),
        ...(config.schemas === undefined ? {} : { schemas: config.schemas }),
      },
    })
    return { model, dialect, server: connection.server }
  })
}

/** The dialect that is asked for, else that of the database. */
async function withoutDatabase(invocation: Invocation, project: Project): Promise<Dialect> {
  return invocation.options.text('dialect') === undefined
    ? await dialectOf(databaseUrl(invocation, project).url)
    : await offlineDialect(invocation, project)
}
