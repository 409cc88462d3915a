/** A project: its configuration, its revisions as a graph, and the tables it keeps its records in. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { EXIT, fault, locateAsync, ProblemError } from '../../problem.ts'
import type { Path, Problem, Span } from '../../problem.ts'
import type { QualifiedName } from '../../model/model.ts'
import type { Connection, Dialect, SessionSettings } from '../../dialect/dialect.ts'
import { buildGraph } from '../../revision/graph/graph.ts'
import type { Graph, RevisionNode } from '../../revision/graph/graph.ts'
import type { HeaderOptions } from '../../revision/header/headers.ts'
import type { LoadedRevision, LoadOptions } from '../../revision/load.ts'
import type { JournalPlace } from '../../run/records/read-own.ts'
import { journalOf, VERSION_TABLE } from '../../run/records/journal.ts'
import type { History } from '../../run/session/session.ts'
import { sessionSettings } from '../../run/session/settings.ts'
import type { Invocation, Options } from '../command.ts'
import { CONFIG_FILE, readConfig } from '../config/config.ts'
import type { Config } from '../config/config.ts'

export interface Project {
  readonly config: Config
  readonly configFile: string | undefined
  /** Where the relative paths of the configuration start. */
  readonly root: string
  /** Where something stands in the configuration; undefined when there is no file. */
  locate(path: Path): Span | undefined
  /** The folders of revisions, absolute. */
  readonly folders: readonly string[]
  readonly graph: Graph
  readonly history: History
  readonly versionTable: QualifiedName
  readonly journal: QualifiedName
  readonly settings: SessionSettings
  /** The scope of transactions: `--transaction`, else the configuration's. */
  transaction(options: Options): 'per_revision' | 'all'
}

/** The values of `-x key=value`. An argument without `=` is a key with an empty value, as in Alembic. */
function variables(options: Options): Readonly<Record<string, string>> {
  return Object.fromEntries(
    options.texts('x').map((text) => {
      const at = text.indexOf('=')
      return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}

/**
 * Opens the project that a command line means. Of the revision files only the heads are read.
 * @param options.bare whether it is a project without revisions when there is no folder of them and none is named
 * @throws all problems of the configuration, or of the graph, at file:line:col
 */
export async function openProject(
  invocation: Invocation,
  options: { readonly bare?: boolean } = {},
): Promise<Project> {
  const { config, file, root, locate } = await readConfig(invocation)
  const except = file === undefined ? {} : { except: path.resolve(invocation.io.cwd, file) }
  const folders = [config.revisions ?? 'revisions'].flat().map((one) => path.resolve(root, one))
  const none = options.bare && config.revisions === undefined && !existsSync(folders[0]!)
  const texts = new Map<string, string>()
  const nodes = none ? [] : await locateAsync(
    (problem) => elsewhere(problem, root, file),
    () => headers(folders, { recursive: config.recursive ?? false, ...except, texts }),
  )
  const graph = buildGraph(nodes, folders)
  const vars = variables(invocation.options)
  const versionTable = config.version_table ?? VERSION_TABLE
  const schema = config.version_table_schema === undefined ? {} : { schema: config.version_table_schema }
  return {
    config,
    configFile: file,
    root,
    locate,
    folders,
    graph,
    history: historyOf(graph, { vars, texts }),
    versionTable: { ...schema, name: versionTable },
    journal: { ...schema, name: journalOf(versionTable) },
    settings: sessionSettings(config.settings),
    transaction(options) {
      const asked = options.text('transaction') ?? config.transaction ?? 'per_revision'
      if (asked === 'per_revision' || asked === 'all') return asked
      return fault('usage', `--transaction is per_revision or all, not "${asked}"`, { exit: EXIT.usage })
    },
  }
}

/** Without a folder of revisions: what lies nearby that was meant, or can become one. */
function elsewhere(problem: Problem, root: string, file: string | undefined): Problem {
  if (problem.code !== 'unreadable-folder' || file !== undefined) return problem
  const folder = above(root)
  if (folder !== undefined) {
    const named = path.join(folder, CONFIG_FILE)
    return { ...problem, hint: `there is ${named}: run limbeck in ${folder}, or with -c ${named}` }
  }
  if (!existsSync(path.join(root, 'alembic.ini'))) return problem
  return {
    ...problem,
    hint: `\`limbeck import alembic alembic.ini\` makes it from Alembic's; ${problem.hint}`,
  }
}

/** The nearest folder above that has a configuration, relative: `../..`. */
function above(root: string): string | undefined {
  for (let up = '..'; path.resolve(root, up) !== path.parse(root).root; up = path.join(up, '..')) {
    if (existsSync(path.resolve(root, up, CONFIG_FILE))) return up
  }
  return undefined
}

/** The headers; where one is wrong all files are read whole, so that everything wrong is told at once. */
async function headers(
  folders: readonly string[],
  options: HeaderOptions,
): Promise<readonly RevisionNode[]> {
  const { readHeaders, revisionFiles } = await import('../../revision/header/headers.ts')
  try {
    return await readHeaders(folders, options)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems[0]?.code === 'unreadable-folder') throw error
    const { loadRevisions } = await import('../../revision/load.ts')
    await loadRevisions(revisionFiles(folders, options))
    throw error
  }
}

function historyOf(graph: Graph, options: LoadOptions): History {
  const loaded = new Map<string, LoadedRevision>()
  return {
    graph,
    loaded: (id) => loaded.get(id),
    async load(ids) {
      const { loadRevisions } = await import('../../revision/load.ts')
      const missing = ids.filter((id) => !loaded.has(id)).map((id) => graph.byId.get(id)!)
      for (const one of await loadRevisions(missing.map(({ file }) => file), options)) {
        loaded.set(one.id, one)
      }
      return loaded
    },
  }
}

/** The journal of the project in a database, read within the limits of the configuration. */
export function journalIn(
  { journal, settings }: Project,
  connection: Connection,
  dialect: Dialect,
): JournalPlace {
  return { connection, dialect, journal, options: { settings } }
}
