/** What upgrade and downgrade share: from where to where, online or as a script, and what is said in the end. */
import { EXIT } from '../../problem.ts'
import type { ExitCode } from '../../problem.ts'
import type { Graph } from '../../revision/graph/graph.ts'
import type { OfflineTarget } from '../../revision/graph/range.ts'
import { rowsText } from '../../revision/graph/rows.ts'
import type { Steps } from '../../revision/graph/steps.ts'
import type { Dialect } from '../../dialect/dialect.ts'
import type { CountedLoss } from '../../plan/losses.ts'
import { pinned } from '../../run/prepare/pin.ts'
import { rehearse } from '../../run/prepare/rehearse.ts'
import type { Rehearsal } from '../../run/prepare/rehearse.ts'
import { run } from '../../run/runner.ts'
import type { RunResult } from '../../run/runner.ts'
import { writeScript } from '../../run/script.ts'
import type { Invocation } from '../command.ts'
import { offlineDialect, withSession } from '../project/database.ts'
import { printJson, printNote, printWarning } from '../output/print.ts'
import { openProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { blamingSql } from '../project/replaying.ts'

export interface Movement {
  read(graph: Graph, sql: boolean): OfflineTarget
  steps(graph: Graph, rows: readonly string[], target: string): Steps
  /** Whether a SQLite file that is not there is made: there is nothing to downgrade in a new one. */
  readonly creates: boolean
  /** Told of data that it destroys; refuses by throwing. */
  approve?(losses: readonly CountedLoss[], project: Project): Promise<void>
}

export async function move(invocation: Invocation, movement: Movement): Promise<ExitCode> {
  const project = await openProject(invocation)
  const sql = invocation.options.flag('sql')
  const { rows, target } = movement.read(project.graph, sql)
  const find = () => pinned(project.graph, target, movement.steps)
  if (sql) return await printScript(invocation, project, rows, find()(rows))
  const { history, config: { naming } } = project
  let rehearsal: Rehearsal | undefined
  const create = movement.creates && (async (dialect: Dialect) => {
    rehearsal = await rehearse({ dialect, history, naming }, find())
  })
  const result = await withSession(invocation, project, create, (session) => {
    const approve = (losses: readonly CountedLoss[]) =>
      movement.approve?.(losses, project) ?? Promise.resolve()
    const options = movement.approve === undefined ? session.options : { ...session.options, approve }
    return run({ ...session, options }, find(), rehearsal)
  })
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
  const target = { dialect, server: dialect.newest }
  const script = await blamingSql(invocation, project, target, () =>
    writeScript(
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
    ))
  if (options.flag('json')) printJson(io, { sql: script })
  else io.stdout(script)
  return EXIT.done
}

/** Says what a run did. */
export function printResult({ io, options }: Invocation, result: RunResult): ExitCode {
  const { before, after, steps, settled = [] } = result
  if (options.flag('json')) {
    const ran = steps.map(({ step, milliseconds, heads }) => ({
      direction: step.direction === 'up' ? 'upgrade' : step.direction === 'down' ? 'downgrade' : 'stamp',
      revisions: step.revisions,
      from: step.from,
      to: step.to,
      heads,
      duration_ms: milliseconds,
    }))
    printJson(io, { before, after, steps: ran })
  } else if (settled.length > 0) {
    printNote(io, options, `settled what was begun and did not end: ${settled.join(', ')}`)
  } else if (steps.length === 0) {
    printNote(io, options, `nothing to do: the database is at ${rowsText(after)}`)
  }
  return EXIT.done
}
