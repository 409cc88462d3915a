import path from 'node:path'
import { EXIT } from '../problem.ts'
import { autogenerate, sayNothing } from './autogenerate.ts'
import type { Command } from './command.ts'
import { writeRevision } from './new-file.ts'
import { openProject } from './project.ts'

/** `limbeck revision`: writes a new revision file, empty or (`--autogenerate`) with what leads to the models. */
export const command: Command = async (invocation) => {
  const { options } = invocation
  const project = await openProject(invocation)
  const location = options.text('version-path')
  const content = options.flag('autogenerate') ? await autogenerate(invocation, project) : undefined
  if (options.flag('autogenerate') && content === undefined) {
    sayNothing(invocation)
    return EXIT.done
  }
  return await writeRevision(invocation, project, {
    heads: [options.text('head') ?? 'head'],
    splice: options.flag('splice'),
    dependsOn: options.texts('depends-on'),
    ...(location === undefined ? {} : { location: path.resolve(project.root, location) }),
    ...(content === undefined ? {} : { content }),
  })
}
