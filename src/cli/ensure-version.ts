import { EXIT } from '../problem.ts'
import { ensureTables } from '../run/runner.ts'
import { createVersionTable } from '../run/version-table.ts'
import type { Command } from './command.ts'
import { offlineDialect, withSession } from './database.ts'
import { printJson } from './print.ts'
import { openProject } from './project.ts'

/** `limbeck ensure-version`: creates the version table and the journal where they are missing. */
export const command: Command = async (invocation) => {
  const { options, io } = invocation
  const project = await openProject(invocation)
  if (options.flag('sql')) {
    const { spelling } = await offlineDialect(invocation, project)
    const sql = `${createVersionTable(spelling, project.versionTable)};\n`
    if (options.flag('json')) printJson(io, { sql })
    else io.stdout(sql)
    return EXIT.done
  }
  await withSession(invocation, project, ensureTables)
  if (options.flag('json')) printJson(io, { version_table: project.versionTable.name })
  return EXIT.done
}
