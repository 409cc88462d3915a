import { EXIT } from '../../problem.ts'
import { listHistory } from '../../revision/graph/listing.ts'
import { historyText } from '../../revision/graph/listing-text.ts'
import { rangeNeedsRows } from '../../revision/graph/range.ts'
import type { Command } from '../command.ts'
import { entryJson } from '../output/entry-json.ts'
import { printJson } from '../output/print.ts'
import { openProject } from '../project/project.ts'
import { currentRows } from '../project/current-rows.ts'

/** `limbeck history`: the revisions, newest first. The database is asked only when `current` or `-i` needs it. */
export const command: Command = async (invocation) => {
  const { options, io } = invocation
  const project = await openProject(invocation)
  const range = options.text('rev-range') ?? null
  const indicateCurrent = options.flag('indicate-current')
  const needed = indicateCurrent || rangeNeedsRows(range)
  const rows = needed ? (await currentRows(invocation, project)).rows : []
  const entries = listHistory(project.graph, { range, rows, indicateCurrent })
  if (options.flag('json')) printJson(io, entries.map((entry) => entryJson(entry, indicateCurrent)))
  else io.stdout(historyText(entries, options.flag('verbose')))
  return EXIT.done
}
