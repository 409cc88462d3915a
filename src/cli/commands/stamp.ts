import { readStampTargets } from '../../revision/graph/range.ts'
import { refuseImplied, refusePurgeInScript, stampSteps } from '../../revision/graph/stamp.ts'
import { stamp } from '../../run/stamp.ts'
import type { FindStamp } from '../../run/stamp.ts'
import type { Command, Invocation } from '../command.ts'
import { withSession } from '../project/database.ts'
import { printResult, printScript } from '../migrate/move.ts'
import { openProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { findAuto, findVerified } from '../migrate/stamp-by-schema.ts'
import { usage } from '../usage.ts'

/**
 * `limbeck stamp <revisions>`: rewrites the version table and nothing else. `--verify` compares the schema first;
 * `--auto` finds the revision by it.
 */
export const command: Command = async (invocation) => {
  const { args, options } = invocation
  checkOptions(invocation)
  const project = await openProject(invocation)
  const purge = options.flag('purge')
  if (options.flag('auto')) {
    return await stampBySchema(invocation, project, findAuto(invocation, project, purge))
  }
  const sql = options.flag('sql')
  if (sql && purge) refusePurgeInScript()
  const { rows, targets } = readStampTargets(project.graph, args, sql)
  const find = (from: readonly string[]) => stampSteps(project.graph, from, targets, purge)
  if (sql) return await printScript(invocation, project, rows, find(rows))
  // What is wrong with the targets is told before a database is looked for.
  const check = async () => void find([])
  if (options.flag('verify')) {
    refuseImplied(project.graph, targets)
    await check()
    return await stampBySchema(invocation, project, findVerified(invocation, project, find))
  }
  return printResult(
    invocation,
    await withSession(invocation, project, check, (session) => stamp(session, find)),
  )
}

/** There is nothing to compare in a database that is not there: it is not made. */
async function stampBySchema(invocation: Invocation, project: Project, find: FindStamp) {
  return printResult(
    invocation,
    await withSession(invocation, project, false, (session) => stamp(session, find)),
  )
}

/** @throws `usage` for options that contradict each other */
function checkOptions({ args, options }: Invocation): void {
  const auto = options.flag('auto')
  if (auto && args.length > 0) {
    usage('--auto finds the revision itself', 'leave out the revision, or say --verify')
  }
  if (!auto && args.length === 0) {
    usage('stamp needs revisions', 'usage: limbeck stamp <revision>..., or limbeck stamp --auto')
  }
  if (!auto && !options.flag('verify')) return
  const asked = auto ? '--auto' : '--verify'
  if (options.flag('sql')) usage(`${asked} looks at the database, and --sql does not`, 'use one of the two')
}
