import type { Command } from '../command.ts'
import { writeRevision } from '../new-revision/new-file.ts'
import { openProject } from '../project/project.ts'

/** `limbeck merge <revisions>`: writes a revision that joins several heads. */
export const command: Command = async (invocation) => {
  const project = await openProject(invocation)
  return await writeRevision(invocation, project, {
    heads: invocation.args,
    splice: invocation.options.flag('splice'),
  })
}
