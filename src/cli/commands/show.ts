import { EXIT } from '../../problem.ts'
import { listShow } from '../../revision/graph/listing.ts'
import { showText } from '../../revision/graph/listing-text.ts'
import type { Command } from '../command.ts'
import { entryJson } from '../output/entry-json.ts'
import { printJson } from '../output/print.ts'
import { openProject } from '../project/project.ts'
import { currentRows } from '../project/current-rows.ts'

/** `limbeck show`: one revision, or all that a name like `heads` stands for; nothing for `base`. */
export const command: Command = async (invocation) => {
  const { args, options, io } = invocation
  const project = await openProject(invocation)
  const text = args[0]!
  const rows = text === 'current' ? (await currentRows(invocation, project)).rows : []
  const entries = listShow(project.graph, text, rows)
  if (options.flag('json')) printJson(io, entries.map((entry) => entryJson(entry)))
  else io.stdout(showText(entries))
  return EXIT.done
}
