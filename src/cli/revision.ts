import path from 'node:path'
import type { Command } from './command.ts'
import { writeRevision } from './new-file.ts'
import { openProject } from './project.ts'

/** `limbeck revision`: writes a new, empty revision file. */
export const command: Command = async (invocation) => {
  const { options } = invocation
  const project = await openProject(invocation)
  const location = options.text('version-path')
  return await writeRevision(invocation, project, {
    heads: [options.text('head') ?? 'head'],
    splice: options.flag('splice'),
    dependsOn: options.texts('depends-on'),
    ...(location === undefined ? {} : { location: path.resolve(project.root, location) }),
  })
}
