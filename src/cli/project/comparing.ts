/** The schemas that `revision --autogenerate` and `check` compare: the models, the history, the database. */
import type { Model } from '../../model/model.ts'
import type { Connection, Dialect, IntrospectOptions } from '../../dialect/dialect.ts'
import { filtered, leftAlone } from '../../diff/filter.ts'
import { withoutTaken } from '../../diff/in-the-way.ts'
import { diff } from '../../diff/index.ts'
import type { Diff, DiffOptions } from '../../diff/index.ts'
import { definitionOf } from '../../ops/index.ts'
import type { Target } from '../../plan/compile.ts'
import { ancestors } from '../../revision/graph/traverse.ts'
import { modelAt } from '../../run/prepare/prepare.ts'
import { withNaming } from '../../run/session/session.ts'
import { patienceOf } from '../../run/session/settings.ts'
import type { Invocation } from '../command.ts'
import { printWarning } from '../output/print.ts'
import type { Others } from './others.ts'
import type { Project } from './project.ts'

/**
 * The schema of the database as it is, the tool's own tables left out.
 * @param options `uncompared` also where {@link compared} alone compares it: that loads what it needs
 */
export async function liveModel(
  project: Project,
  connection: Connection,
  dialect: Dialect,
  options: Pick<IntrospectOptions, 'likely' | 'uncompared'> = {},
): Promise<Model> {
  const { config, versionTable, journal, settings } = project
  const live = await dialect.introspect(connection, {
    ...options,
    ...patienceOf(settings),
    except: [versionTable, journal],
    ...(config.schemas === undefined ? {} : { schemas: config.schemas }),
  })
  return withNaming(live, config.naming)
}

/** Warns of indexes of a database that were built in part: they are dropped and created where they shall be. */
export function warnInvalid({ io, options }: Invocation, live: Model): void {
  for (const table of live.tables) {
    for (const { name } of table.indexes.filter((one) => one.invalid)) {
      printWarning(io, options, {
        code: 'invalid-index',
        message:
          `the index "${name}" of "${table.name}" is INVALID: it was built in part, and serves no reader`,
        hint:
          'unless it is being built still, REINDEX INDEX CONCURRENTLY mends it, and so does dropping and creating it',
      })
    }
  }
}

/** What is said of SQL whose effect on the schema is not known. */
interface UnknownEffect {
  /** What is without it. */
  readonly missing: string
  readonly hint: string
}

const COMPARED: UnknownEffect = {
  missing: 'the history is compared without it',
  hint: 'declare its `effects:`',
}

/**
 * The schema at some revisions, by replay. Warns of SQL whose effect is not known.
 * @throws the problems of the files, and of their operations
 */
export async function historyModel(
  invocation: Invocation,
  project: Project,
  target: Target,
  ids: readonly string[],
  { missing, hint }: UnknownEffect = COMPARED,
): Promise<Model> {
  const { graph, history } = project
  const model = await modelAt(history, ids, target, project.config.naming)
  const tips = ids.map((id) => graph.byId.get(id)!)
  const all = [...ancestors(graph, tips, 'all')].map((one) => one.id)
  const documents = await history.load(all)
  for (const id of all) {
    const { upgrade } = documents.get(id)!
    if (!upgrade.some(({ operation }) => definitionOf(operation).opaque?.(operation))) continue
    printWarning(invocation.io, invocation.options, {
      code: 'unknown-effect',
      message: `revision "${id}" has SQL whose effect on the schema is not known: ${missing}`,
      hint,
    })
  }
  return model
}

/** What leads from one schema to another, beside what is left alone. */
export interface Comparison extends Diff {
  /** The schema that the operations apply to: the one that was given, without what is left alone and in their way. */
  readonly current: Model
}

/**
 * What leads from one schema to another, of what the configuration does not leave out. No operation touches what it
 * leaves out, not even what is in the way of one.
 * @param options `others`: what is not compared either, and the schemas that are where the configuration does not say
 * @param connection to the database that holds the current one, if it is there to be asked what texts mean
 */
export async function compared(
  project: Project,
  current: Model,
  desired: Model,
  { dialect, server }: Target,
  { others = {}, ...options }: DiffOptions & { readonly others?: Others },
  connection?: Connection,
): Promise<Comparison> {
  const { include, exclude = [], schemas = others.schemas } = project.config
  const filter = {
    ...(include === undefined ? {} : { include }),
    exclude: [...exclude, ...others.exclude ?? []],
    ...(schemas === undefined ? {} : { schemas }),
  }
  const wanted = filtered(desired, current, filter)
  const known = connection === undefined ? undefined : await dialect.normalise?.(connection, wanted, current)
  let both: readonly [Model, Model] = [current, known ?? wanted]
  const found = () => diff(...both, dialect, { server, ...options })
  let first = found()
  // What texts are understood by takes a while to load, and mostly they are the same to the letter.
  if (dialect.comparedBlindly?.() === true) {
    await dialect.loadComparison?.()
    first = found()
  }
  const left = leftAlone(current, filter)
  for (let last = first;; last = found()) {
    const fewer = left && withoutTaken(both, last.operations, left)
    if (fewer === undefined) return { ...last, current: both[0] }
    both = fewer
  }
}
