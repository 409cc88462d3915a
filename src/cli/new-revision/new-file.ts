/** Writing a new revision file: what `revision` and `merge` share. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { EXIT, fault } from '../../problem.ts'
import type { ExitCode } from '../../problem.ts'
import { planRevision } from '../../revision/graph/create.ts'
import type { NewRevisionRequest } from '../../revision/graph/create.ts'
import { createdText, fileName, newRevisionId } from '../../revision/file-name.ts'
import { revisionText } from '../../revision/write.ts'
import { runShell } from '../../shell.ts'
import type { Generated } from './autogenerate.ts'
import type { Invocation } from '../command.ts'
import { printJson, printNote, shownPath } from '../output/print.ts'
import { SCHEMA_FILE } from '../config/schema-file.ts'
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
  const name = fileName({ id, message, date }, {
    ...(config.file_template === undefined ? {} : { template: config.file_template }),
    ...(config.truncate_slug_length === undefined ? {} : { slugLength: config.truncate_slug_length }),
    ...(config.timezone === undefined ? {} : { timezone: config.timezone }),
  })
  if (name.includes('/') && !config.recursive) {
    fault('bad-template', `file_template would write "${name}", in a folder that is not read`, {
      hint: 'write `recursive: true` beside it in limbeck.yaml',
      exit: EXIT.usage,
    })
  }
  const file = path.join(planned.location ?? project.folders[0]!, name)
  const schema = path.join(project.root, SCHEMA_FILE)
  const text = revisionText({
    ...planned,
    created: createdText(date, config.timezone),
    upgrade: [],
    ...(planned.down.length > 1 ? { downgrade: [] } : {}),
    ...content,
    ...(existsSync(schema) ? { schema: posix(path.relative(path.dirname(file), schema)) } : {}),
  })
  create(file, text)
  if (options.flag('json')) printJson(io, { id, file, down_revision: planned.down })
  else io.stdout(`Generating ${shownPath(file, io.cwd)} ...  done\n`)
  for (const hook of config.post_write_hooks ?? []) await runHook(invocation, project, hook, file)
  return EXIT.done
}

function posix(file: string): string {
  return file.split(path.sep).join('/')
}

/** Never over a file that is there. */
function create(file: string, text: string): void {
  if (existsSync(file)) {
    fault('file-exists', `the file "${file}" exists already`, { hint: 'choose another message or --rev-id' })
  }
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text, { flag: 'wx' })
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
