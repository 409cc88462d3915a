import { EXIT } from '../../problem.ts'
import { listBranches } from '../../revision/graph/listing.ts'
import { branchesText } from '../../revision/graph/listing-text.ts'
import type { Command } from '../command.ts'
import { entryJson } from '../output/entry-json.ts'
import { printJson } from '../output/print.ts'
import { openProject } from '../project/project.ts'

/** `limbeck branches`: the revisions at which branches begin, and what begins there. */
export const command: Command = async (invocation) => {
  const { options, io } = invocation
  const { graph } = await openProject(invocation)
  const branches = listBranches(graph)
  if (options.flag('json')) {
    printJson(
      io,
      branches.map(({ entry, children }) => ({
        ...entryJson(entry),
        children: children.map((child) => entryJson(child)),
      })),
    )
  } else io.stdout(branchesText(branches, options.flag('verbose')))
  return EXIT.done
}
