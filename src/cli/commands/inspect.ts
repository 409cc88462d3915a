import { EXIT, fault } from '../../problem.ts'
import { groupBy } from '../../group.ts'
import { EMPTY } from '../../model/model.ts'
import type { Model } from '../../model/model.ts'
import { filtered } from '../../diff/filter.ts'
import { find, findColumn, shown } from '../../model/edit.ts'
import { withInherited } from '../../model/inherited.ts'
import type { Command, Invocation, Options } from '../command.ts'
import { FORMATS } from '../inspect/formats.ts'
import type { Format } from '../inspect/formats.ts'
import { seen } from '../inspect/seen.ts'
import { writeFiles } from '../inspect/split.ts'
import { printJson, printWarning } from '../output/print.ts'
import { openProject } from '../project/project.ts'

/**
 * `limbeck inspect`: the schema of the database (`--at`: of a revision; `--models`: of the models) as a models document
 * that is read as the same schema again, or as SQL, JSON or a picture: what the configuration's `include`, `exclude`
 * and `schemas` leave of it. What is there and not managed is warned of.
 */
export const command: Command = async (invocation) => {
  const { options, io } = invocation
  const format = formatOf(options)
  const folder = options.text('split')
  if (folder !== undefined && format !== 'yaml') {
    fault('usage', `--split writes models files, not ${format}`, {
      hint: 'leave --format out',
      exit: EXIT.usage,
    })
  }
  const project = await openProject(invocation, { bare: true })
  const { model: whole, dialect, server } = await seen(invocation, project)
  const model = filtered(whole, EMPTY, project.config)
  warnOfUnmanaged(invocation, model)
  warnOfReferences(invocation, model, whole)
  if (folder !== undefined) {
    const files = writeFiles(invocation, project, folder, model, dialect)
    if (options.flag('json')) printJson(io, { files })
    else files.forEach((file) => io.stdout(`wrote ${file}\n`))
    return EXIT.done
  }
  const { write } = FORMATS[format]
  const text = await write(model, { dialect, server })
  if (options.flag('json') && format !== 'json') printJson(io, { [format]: text })
  else io.stdout(text)
  return EXIT.done
}

function formatOf(options: Options): Format {
  const text = options.text('format') ??
    (options.flag('json') && options.text('split') === undefined ? 'json' : 'yaml')
  if (Object.hasOwn(FORMATS, text)) return text as Format
  return fault('usage', `--format is ${Object.keys(FORMATS).join(', ')}, not "${text}"`, { exit: EXIT.usage })
}

/** Says what the database has and the models cannot say. */
function warnOfUnmanaged({ io, options }: Invocation, model: Model): void {
  const words = [
    ...(model.unmanaged ?? []).map((one) => one.what),
    ...model.tables.flatMap((table) =>
      (table.unmanaged ?? []).map((one) => `of table "${shown(table)}": ${one}`)
    ),
  ]
  // One kind of thing, which hundreds of columns may have, is one warning.
  for (const [kind, all] of groupBy(words, (one) => /^[^"]* (?="[^"]*"$)/.exec(one)?.[0] ?? one)) {
    const named = all.map((one) => one.slice(kind.length)).join(', ')
    printWarning(io, options, { code: 'unmanaged', message: `seen and not managed: ${kind}${named}` })
  }
}

/**
 * Says which foreign keys lead to tables that the configuration leaves out, or (on SQLite) to nothing: models do not load
 * with them.
 */
function warnOfReferences({ io, options }: Invocation, model: Model, whole: Model): void {
  for (const table of model.tables) {
    for (const { references } of table.foreignKeys) {
      const bare = find(model, 'tables', references)
      const target = bare && (withInherited(model, bare) ?? bare)
      const missing = references.columns.find((one) => target === undefined || !findColumn(target, one))
      if (missing === undefined) continue
      const leads = `table "${shown(table)}" refers to "${shown(references)}`
      printWarning(
        io,
        options,
        target === undefined && find(whole, 'tables', references) !== undefined
          ? {
            code: 'left-out',
            message: `${leads}", which the configuration leaves out`,
            hint: 'leave both out or none',
          }
          : {
            code: 'refers-to-nothing',
            message: `${leads}${target === undefined ? '' : `.${missing}`}", which is not there`,
            hint: 'drop the foreign key: no row can follow it, and neither models nor SQL can make it',
          },
      )
    }
  }
}
