import { EXIT, fault } from '../../problem.ts'
import type { ExitCode, Problem } from '../../problem.ts'
import type { Connection, Dialect } from '../../dialect/dialect.ts'
import { dialectNamed, dialectOf } from '../../dialect/index.ts'
import { knownUpgrades } from '../../identify/measured.ts'
import { schemaAt } from '../../identify/schemas.ts'
import type { Model } from '../../model/model.ts'
import { hasModels } from '../../models/load.ts'
import type { Target } from '../../plan/compile.ts'
import type { Past } from '../../run/prepare/past.ts'
import type { Session } from '../../run/session/session.ts'
import { verifyInDatabase } from '../../verify/database.ts'
import { difference, Findings } from '../../verify/findings.ts'
import { proveBranches } from '../../verify/branches.ts'
import { checkHeads, provenPast, proveRevisions, readAll } from '../../verify/history.ts'
import type { Readable } from '../../verify/history.ts'
import type { Command, Invocation } from '../command.ts'
import { compared } from '../project/comparing.ts'
import { databaseUrl } from '../project/database.ts'
import { projectModels } from '../project/models.ts'
import { painter, printJson, problemJson, problemText } from '../output/print.ts'
import { openProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { scratchOf } from '../project/replaying.ts'

/**
 * `limbeck verify`: proves the history before it runs anywhere; with `--database` in a scratch database, with `--data`
 * with rows in it. Exit code 3 when anything is wrong.
 */
export const command: Command = async (invocation) => {
  const { options } = invocation
  const project = await openProject(invocation)
  const dialect = await verifiedDialect(invocation, project)
  const target = { dialect, server: dialect.newest }
  const { graph, history, config } = project
  const findings = new Findings()
  await dialect.loadComparison?.()
  checkHeads(graph, findings)
  const readable = await readAll(history, findings)
  const inDatabase = options.flag('database') || options.flag('data')
  const past = provenPast(graph, readable, target, config.naming, findings, inDatabase)
  await proveBranches(graph, readable, target, config.naming, findings)
  await proveRevisions(readable, past, target, findings, inDatabase)
  if (inDatabase) await runInDatabase(invocation, project, dialect, readable, past, findings)
  if (readable.revisions.length === graph.byId.size) {
    await findings.during(() => compareModels(invocation, project, target, past, findings, inDatabase))
  }
  return report(invocation, project, findings, inDatabase)
}

/** The dialect of `--dialect`, else of the configured database. */
async function verifiedDialect(invocation: Invocation, project: Project): Promise<Dialect> {
  const asked = invocation.options.text('dialect')
  return asked === undefined
    ? await dialectOf(databaseUrl(invocation, project).url)
    : await dialectNamed(asked)
}

/**
 * Finds what the models want and no revision does.
 * @param inDatabase whether a scratch database tells what SQL of unknown effect does
 */
async function compareModels(
  invocation: Invocation,
  project: Project,
  target: Target,
  past: Past,
  findings: Findings,
  inDatabase: boolean,
): Promise<void> {
  const { config, root, graph } = project
  if (!hasModels(config.models, root)) return
  const models = await projectModels(invocation, project, target)
  const { model: replayed, opaque } = await past.at(graph.realHeads)
  // What fails in the scratch database was found already.
  if (opaque.length > 0 && inDatabase && !findings.isEmpty) return
  const model = opaque.length > 0 && inDatabase
    ? await measuredSchema(invocation, project, target, graph.realHeads)
    : replayed
  const found = await compared(project, model, models, target, { noRenames: true })
  const at = graph.byId.get(graph.heads.at(-1) ?? '')?.at
  const one = difference('models-differ', 'the models are not what the revisions lead to', found, () => at)
  if (one !== undefined) {
    findings.add({
      ...one,
      hint: '`limbeck revision --autogenerate` writes what is missing in the revisions; or mend the models',
    })
  }
}

/** The schema at some revisions, with what SQL of unknown effect did in a scratch database. */
async function measuredSchema(
  invocation: Invocation,
  project: Project,
  target: Target,
  ids: readonly string[],
): Promise<Model> {
  const { history, graph, config: { naming } } = project
  const scratch = scratchOf(invocation, project, target.dialect)
  const upgrades = await knownUpgrades({ history, ...target, naming, scratch, note: () => {} })
  return schemaAt(graph, ids, upgrades, naming)
}

async function runInDatabase(
  invocation: Invocation,
  project: Project,
  dialect: Dialect,
  readable: Readable,
  past: Past,
  findings: Findings,
): Promise<void> {
  const { url } = databaseUrl(invocation, project)
  if (await dialectOf(url) !== dialect) {
    fault('usage', `a scratch database for ${dialect.name} needs a database of its kind`, {
      hint: 'name one with --url: `sqlite://`, or a PostgreSQL server whose user may create databases',
      exit: EXIT.usage,
    })
  }
  await verifyInDatabase({
    readable,
    past,
    dialect,
    findings,
    data: invocation.options.flag('data'),
    session: (connection) => scratchSession(project, connection, dialect),
    scratch: scratchOf(invocation, project, dialect),
  })
}

/** A run in a scratch database tells nobody what it does; its tables are where such a database has a place. */
function scratchSession(project: Project, connection: Connection, dialect: Dialect): Session {
  const quiet = () => {}
  const { history, versionTable, journal, settings, config } = project
  return {
    connection,
    dialect,
    history,
    versionTable: { name: versionTable.name },
    journal: { name: journal.name },
    options: {
      transaction: 'per_revision',
      settings,
      reporter: { begin: quiet, start: quiet, done: quiet, end: quiet, warn: quiet },
      ...(config.naming === undefined ? {} : { naming: config.naming }),
    },
  }
}

function report(
  { io, options }: Invocation,
  { graph }: Project,
  findings: Findings,
  inDatabase: boolean,
): ExitCode {
  const { all } = findings
  const errors = all.filter((one) => one.severity === 'error').length
  if (options.flag('json')) {
    printJson(io, {
      ok: findings.isEmpty,
      revisions: graph.byId.size,
      database: inDatabase,
      findings: all.map(problemJson),
    })
  } else {
    const paint = painter(io, io.stdoutIsTerminal)
    const shown = (one: Problem) => problemText(one, paint, io.cwd)
    const kept = options.flag('quiet') ? all.filter((one) => one.severity === 'error') : all
    kept.forEach((one) => io.stdout(shown(one)))
    io.stdout(`${summary(graph.byId.size, errors, inDatabase)}\n`)
  }
  return findings.isEmpty ? EXIT.done : EXIT.differences
}

function summary(revisions: number, errors: number, inDatabase: boolean): string {
  const what = revisions === 1 ? '1 revision' : `${revisions} revisions`
  if (errors > 0) return `${errors === 1 ? '1 thing is' : `${errors} things are`} wrong in ${what}`
  return `${what} verified${inDatabase ? ', in a scratch database' : ''}`
}
