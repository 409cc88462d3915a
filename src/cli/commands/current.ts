import { EXIT } from '../../problem.ts'
import { checkHeads, listCurrent } from '../../revision/graph/listing.ts'
import { currentText } from '../../revision/graph/listing-text.ts'
import type { Command } from '../command.ts'
import { entryJson } from '../output/entry-json.ts'
import { printJson, printNote } from '../output/print.ts'
import { journalIn, openProject } from '../project/project.ts'
import { currentRows } from '../project/current-rows.ts'
import { warnUnfinished } from '../migrate/unfinished.ts'

/** `limbeck current`: the revisions the database is at. With `--check-heads` exit code 3 unless they are the heads. */
export const command: Command = async (invocation) => {
  const { options, io } = invocation
  const project = await openProject(invocation)
  const { rows, url } = await currentRows(
    invocation,
    project,
    (connection, dialect) => warnUnfinished(invocation, project, journalIn(project, connection, dialect)),
  )
  if (options.flag('check-heads')) checkHeads(project.graph, rows)
  const entries = listCurrent(project.graph, rows)
  if (options.flag('json')) {
    const held = new Set(rows)
    const revisions = entries.map((entry) => entryJson({ ...entry, isCurrent: held.has(entry.id) }, true))
    printJson(io, { database: url, rows, revisions })
    return EXIT.done
  }
  if (rows.length === 0) printNote(io, options, 'the database is at base: no revision is applied')
  if (options.flag('verbose')) io.stdout(`Current revision(s) for ${url}:\n`)
  io.stdout(currentText(entries, options.flag('verbose')))
  return EXIT.done
}
