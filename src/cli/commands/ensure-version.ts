import { EXIT } from '../../problem.ts'
import { ensureTables } from '../../run/records/tables.ts'
import { createVersionTable } from '../../run/records/version-table.ts'
import type { Command } from '../command.ts'
import { offlineDialect, withSession } from '../project/database.ts'
import { printJson, printNote } from '../output/print.ts'
import { openProject } from '../project/project.ts'

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
  const created = await withSession(invocation, project, true, ensureTables)
  if (options.flag('json')) printJson(io, { version_table: project.versionTable.name, created })
  else if (created.length === 0) printNote(io, options, 'nothing to do: the version table is there')
  else printNote(io, options, `created ${created.map((name) => `"${name}"`).join(' and ')}`)
  return EXIT.done
}
