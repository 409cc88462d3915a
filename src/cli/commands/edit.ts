import { spawn } from 'node:child_process'
import { EXIT, fault } from '../../problem.ts'
import { revisionsToEdit } from '../../revision/graph/listing.ts'
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
  await open(editor, files, io.cwd)
  if (options.flag('json')) printJson(io, { edited: files })
  return EXIT.done
}

/** The editor may be a command line of its own (`code --wait`), so a shell reads it; the files are its arguments. */
async function open(editor: string, files: readonly string[], cwd: string): Promise<void> {
  const child = spawn('sh', ['-c', `${editor} "$@"`, 'sh', ...files], { stdio: 'inherit', cwd })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (code !== 0) {
    fault('editor', `the editor "${editor}" ended with exit code ${code}`, { hint: 'set VISUAL or EDITOR' })
  }
}
