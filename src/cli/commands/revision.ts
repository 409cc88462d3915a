import path from 'node:path'
import { EXIT, fault } from '../../problem.ts'
import { autogenerate, sayNothing } from '../new-revision/autogenerate.ts'
import { baseline } from '../new-revision/baseline.ts'
import type { Command, Options } from '../command.ts'
import { writeRevision } from '../new-revision/new-file.ts'
import { openProject } from '../project/project.ts'

/**
 * `limbeck revision`: writes a new revision file, empty, or (`--autogenerate`) with what leads to the models, or
 * (`--baseline`) with all that the database holds.
 */
export const command: Command = async (invocation) => {
  const { options } = invocation
  const isBaseline = options.flag('baseline')
  const project = await openProject(invocation, { bare: isBaseline })
  const folder = options.text('version-path')
  const location = folder === undefined ? undefined : path.resolve(project.root, folder)
  if (isBaseline) {
    checkAlone(options)
    return await baseline(invocation, project, location)
  }
  const content = options.flag('autogenerate') ? await autogenerate(invocation, project) : undefined
  if (options.flag('autogenerate') && content === undefined) {
    sayNothing(invocation)
    return EXIT.done
  }
  return await writeRevision(invocation, project, {
    heads: [options.text('head') ?? 'head'],
    splice: options.flag('splice'),
    dependsOn: options.texts('depends-on'),
    ...(location === undefined ? {} : { location }),
    ...(content === undefined ? {} : { content }),
  })
}

/** @throws `usage` for options that contradict `--baseline` */
function checkAlone(options: Options): void {
  const other = ['autogenerate', 'offline', 'head', 'splice'].find((one) =>
    options.flag(one) || options.text(one) !== undefined
  )
  if (other === undefined) return
  fault('usage', `--baseline is the whole database as the first revision: --${other} has no place there`, {
    hint: 'leave one of the two out',
    exit: EXIT.usage,
  })
}
