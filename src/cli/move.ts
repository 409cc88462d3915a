/** What upgrade and downgrade share: from where to where, online or as a script, and what is said in the end. */
import { EXIT } from '../problem.ts'
import type { ExitCode } from '../problem.ts'
import type { Graph } from '../revision/graph/graph.ts'
import type { OfflineTarget } from '../revision/graph/range.ts'
import { applyChanges } from '../revision/graph/rows.ts'
import type { Steps } from '../revision/graph/steps.ts'
import { run } from '../run/runner.ts'
import type { RunResult } from '../run/runner.ts'
import { writeScript } from '../run/script.ts'
import type { Invocation } from './command.ts'
import { offlineDialect, withSession } from './database.ts'
import { printJson, printNote, printWarning } from './print.ts'
import { openProject } from './project.ts'
import type { Project } from './project.ts'

export interface Movement {
  read(graph: Graph, sql: boolean): OfflineTarget
  steps(graph: Graph, rows: readonly string[], target: string): Steps
}

export async function move(invocation: Invocation, movement: Movement): Promise<ExitCode> {
  const project = await openProject(invocation)
  const sql = invocation.options.flag('sql')
  const { rows, target } = movement.read(project.graph, sql)
  const find = (from: readonly string[]) => movement.steps(project.graph, from, target)
  if (sql) return await printScript(invocation, project, rows, find(rows))
  const result = await withSession(invocation, project, (session) => run(session, find))
  return printResult(invocation, result)
}

/** Writes the SQL of some steps to standard output. */
export async function printScript(
  invocation: Invocation,
  project: Project,
  rows: readonly string[],
  { steps, warnings }: Steps,
): Promise<ExitCode> {
  const { io, options } = invocation
  const dialect = await offlineDialect(invocation, project)
  const warn = (message: string) => printWarning(io, options, { code: 'script', message })
  warnings.forEach(warn)
  const script = await writeScript(
    {
      dialect,
      history: project.history,
      versionTable: project.versionTable,
      transaction: project.transaction(options),
      settings: project.settings,
      naming: project.config.naming,
      warn,
    },
    rows,
    steps,
  )
  if (options.flag('json')) printJson(io, { sql: script })
  else io.stdout(script)
  return EXIT.done
}

/** Says what a run did. */
export function printResult({ io, options }: Invocation, { before, after, steps }: RunResult): ExitCode {
  if (options.flag('json')) {
    let heads = before
    const ran = steps.map(({ step, milliseconds }) => ({
      direction: step.direction === 'up' ? 'upgrade' : step.direction === 'down' ? 'downgrade' : 'stamp',
      revisions: step.revisions,
      from: step.from,
      to: step.to,
      heads: heads = applyChanges(heads, step.changes),
      duration_ms: milliseconds,
    }))
    printJson(io, { before, after, steps: ran })
  } else if (steps.length === 0) {
    printNote(
      io,
      options,
      `nothing to do: the database is at ${after.length === 0 ? 'base' : after.join(', ')}`,
    )
  }
  return EXIT.done
}
