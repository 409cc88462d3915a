/** Writing a new revision file: what `revision` and `merge` share. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { EXIT, fault } from '../../problem.ts'
import type { ExitCode } from '../../problem.ts'
import { planRevision } from '../../revision/graph/create.ts'
import type { NewRevisionRequest } from '../../revision/graph/create.ts'
import { createdText, fileName, newRevisionId } from '../../revision/file-name.ts'
import type { FileNameParts } from '../../revision/file-name.ts'
import { revisionText } from '../../revision/write.ts'
import { runShell } from '../../shell.ts'
import type { Generated } from './autogenerate.ts'
import type { Invocation } from '../command.ts'
import { writeNewFiles } from '../output/new-files.ts'
import { printJson, printNote, shownPath } from '../output/print.ts'
import type { Config } from '../config/config.ts'
import { SCHEMA_FILE, schemaPointer } from '../config/schema-file.ts'
import type { Project } from '../project/project.ts'

/**
 * Plans a revision, checks the graph with it, writes its file, and runs the post-write hooks.
 * @param request.content its operations; absent: none. Without a downgrade there it is derived
 * @throws what Alembic refuses (several heads, not a head, …), before anything is written
 */
export async function writeRevision(
  invocation: Invocation,
  project: Project,
  { content, ...request }: Omit<NewRevisionRequest, 'id' | 'message' | 'labels'> & {
    readonly content?: Omit<Generated, 'downgrade'> & Partial<Generated>
  },
): Promise<ExitCode> {
  const { options, io } = invocation
  const message = options.text('message') ?? ''
  const id = options.text('rev-id') ?? newRevisionId()
  const planned = planRevision(project.graph, {
    ...request,
    id,
    message,
    labels: options.texts('branch-label'),
  })
  const { config } = project
  const date = new Date()
  const file = path.join(planned.location ?? project.folders[0]!, newFileName({ id, message, date }, config))
  const schema = schemaPointer(project.root, SCHEMA_FILE, path.dirname(file))
  const text = revisionText({
    ...planned,
    created: createdText(date, config.timezone),
    upgrade: [],
    ...(planned.down.length > 1 ? { downgrade: [] } : {}),
    ...content,
    ...(schema === undefined ? {} : { schema }),
  })
  create(file, text)
  const json = options.flag('json')
  if (!json) io.stdout(`Generating ${shownPath(file, io.cwd)} ...  done\n`)
  for (const hook of config.post_write_hooks ?? []) await runHook(invocation, project, hook, file)
  // Where a hook fails, that is the document.
  if (json) printJson(io, { id, file, down_revision: planned.down })
  return EXIT.done
}

/**
 * The name of a new revision file, as the configuration wants it.
 * @throws `bad-template` also for one in a folder in which nobody would look for it
 */
export function newFileName(parts: FileNameParts, config: Config): string {
  const { file_template: template, truncate_slug_length: slugLength, timezone, recursive } = config
  const name = fileName(parts, {
    ...(template === undefined ? {} : { template }),
    ...(slugLength === undefined ? {} : { slugLength }),
    ...(timezone === undefined ? {} : { timezone }),
  })
  if (!name.includes('/') || recursive) return name
  return fault('bad-template', `file_template would write "${name}", in a folder that is not read`, {
    hint: 'write `recursive: true` beside it in limbeck.yaml',
    exit: EXIT.usage,
  })
}

/** Never over a file that is there. */
function create(file: string, text: string): void {
  if (existsSync(file)) {
    fault('file-exists', `the file "${file}" exists already`, { hint: 'choose another message or --rev-id' })
  }
  writeNewFiles([{ file, text }])
}

interface Hook {
  readonly command: string
  readonly name?: string
}

/** Runs a post-write hook in the project's folder. @throws `post-write-hook` when it fails: the file stays */
async function runHook(
  { io, options }: Invocation,
  project: Project,
  hook: Hook,
  file: string,
): Promise<void> {
  const label = hook.name ?? hook.command
  printNote(io, options, `Running post write hook "${label}" ...`)
  const named = hook.command.replaceAll(/\{\}|REVISION_SCRIPT_FILENAME/g, '"$1"')
  const script = named === hook.command ? `${named} "$1"` : named
  const heard = { stdout: io.stderr, stderr: io.stderr }
  const ended = await runShell(script, [file], { cwd: project.root, heard })
  if (ended !== undefined) {
    fault('post-write-hook', `the post-write hook "${label}" ended ${ended}`, {
      hint: `the file was written: ${shownPath(file, io.cwd)}`,
    })
  }
}
