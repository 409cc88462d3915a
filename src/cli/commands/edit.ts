import { EXIT, fault } from '../../problem.ts'
import { revisionsToEdit } from '../../revision/graph/listing.ts'
import { runShell } from '../../shell.ts'
import type { Command } from '../command.ts'
import { printJson } from '../output/print.ts'
import { openProject } from '../project/project.ts'
import { currentRows } from '../project/current-rows.ts'

/** `limbeck edit <revision>`: opens its file in $VISUAL or $EDITOR (else vi) and waits. */
export const command: Command = async (invocation) => {
  const { args, io, options } = invocation
  const project = await openProject(invocation)
  const text = args[0]!
  const rows = text === 'current' ? (await currentRows(invocation, project)).rows : []
  const revisions = revisionsToEdit(project.graph, text, rows)
  const editor = io.env.VISUAL || io.env.EDITOR || 'vi'
  const files = revisions.map((one) => one.file)
  // It may be a command line of its own (`code --wait`).
  const ended = await runShell(`${editor} "$@"`, files, { cwd: io.cwd })
  if (ended !== undefined) {
    fault('editor', `the editor "${editor}" ended ${ended}`, { hint: 'set VISUAL or EDITOR' })
  }
  if (options.flag('json')) printJson(io, { edited: files })
  return EXIT.done
}
