import { EXIT } from '../../problem.ts'
import { listHeads } from '../../revision/graph/listing.ts'
import { headsText } from '../../revision/graph/listing-text.ts'
import type { Command } from '../command.ts'
import { entryJson } from '../output/entry-json.ts'
import { printJson } from '../output/print.ts'
import { openProject } from '../project/project.ts'

/** `limbeck heads`: the revisions that no other follows. */
export const command: Command = async (invocation) => {
  const { options, io } = invocation
  const { graph } = await openProject(invocation)
  const entries = listHeads(graph, options.flag('resolve-dependencies'))
  if (options.flag('json')) printJson(io, entries.map((entry) => entryJson(entry)))
  else io.stdout(headsText(entries, options.flag('verbose')))
  return EXIT.done
}
