import { readStampTargets } from '../revision/graph/range.ts'
import { refusePurgeInScript, stampSteps } from '../revision/graph/stamp.ts'
import { stamp } from '../run/stamp.ts'
import type { Command } from './command.ts'
import { withSession } from './database.ts'
import { printResult, printScript } from './move.ts'
import { openProject } from './project.ts'

/** `limbeck stamp <revisions>`: rewrites the version table and nothing else. */
export const command: Command = async (invocation) => {
  const { args, options } = invocation
  const project = await openProject(invocation)
  const sql = options.flag('sql')
  const purge = options.flag('purge')
  if (sql && purge) refusePurgeInScript()
  const { rows, targets } = readStampTargets(project.graph, args, sql)
  const find = (from: readonly string[]) => stampSteps(project.graph, from, targets, purge)
  if (sql) return await printScript(invocation, project, rows, find(rows))
  const check = async () => void find([])
  return printResult(
    invocation,
    await withSession(invocation, project, check, (session) => stamp(session, find)),
  )
}
