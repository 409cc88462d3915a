import { existsSync } from 'node:fs'
import path from 'node:path'
import { EXIT, fault, faults, ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import type { DialectName } from '../../model/model.ts'
import { dialectNamed, loadDialect } from '../../dialect/index.ts'
import { review } from '../../import/review.ts'
import { importedText } from '../../import/text.ts'
import type { Reviewed } from '../../import/review.ts'
import { typeShape } from '../../ops/parts/type.ts'
import type { TypeSpec } from '../../ops/parts/type.ts'
import { stopAt } from '../../revision/document.ts'
import type { JsonSchema } from '../../revision/shape/json-schema.ts'
import { findings } from '../../revision/shape/validate.ts'
import { loadValidator } from '../../revision/shape/validator.ts'
import { parseSource } from '../../revision/yaml/source.ts'
import type { Command, Invocation } from '../command.ts'
import { report } from '../output/import-report.ts'
import { writeNewFiles } from '../output/new-files.ts'
import type { NewFile } from '../output/new-files.ts'
import { shownPath } from '../output/print.ts'
import { openProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { SCHEMA_FILE, schemaPointer } from '../config/schema-file.ts'
import { newFileName } from '../new-revision/new-file.ts'

/**
 * `limbeck import alembic <folder>`, `limbeck import sql <folder>`: revisions of another tool become revisions of this
 * one. Nothing of the original is run. Exit code 3 when something is left for a person to do.
 */
export const command: Command = async (invocation) => {
  const { args, options, io } = invocation
  const [format = '', named, ...more] = args
  if (format !== 'alembic' && format !== 'sql') {
    fault('usage', `"${format}" cannot be imported`, {
      exit: EXIT.usage,
      hint: 'limbeck import alembic <folder or alembic.ini>, or limbeck import sql <folder>',
    })
  }
  const ini = format === 'alembic' && existsSync(path.join(io.cwd, 'alembic.ini')) ? 'alembic.ini' : undefined
  const place = named ?? ini
  if (place === undefined || more.length > 0) {
    fault('usage', `import ${format} takes one folder`, {
      exit: EXIT.usage,
      hint: `limbeck import ${format} <folder>`,
    })
  }
  const project = await openProject(invocation, { bare: true })
  const asked = options.text('dialect')
  const dialect = asked === undefined ? undefined : await dialectNamed(asked)
  await loadValidator()
  const shown = shownFiles(io.cwd)
  const read = await readOriginal(format, path.resolve(io.cwd, place), invocation, shown, dialect?.name)
  const { naming } = project.config
  const namings = naming === undefined ? read.namings : []
  const taken = naming ?? (namings.length === 1 ? namings[0]!.naming : undefined)
  const reviewed = review(read.revisions, dialect ?? await loadDialect('postgres'), taken, read.syntax)
  const files = filesOf(reviewed, invocation, project)
  if (!options.flag('dry-run')) {
    checkFree(files, project)
    writeNewFiles(files)
  }
  return report(invocation, {
    ...read,
    namings,
    revisions: reviewed,
    files: files.map((one) => one.file),
    whole: shown.whole,
    configured: project.configFile !== undefined,
  })
}

interface NewRevision extends NewFile {
  readonly id: string
}

interface ShownFiles {
  /** An original as people, and what is left to do, name it: below the working directory, or by its own folder. */
  show(file: string): string
  /** The whole path of what was shown. */
  whole(shown: string): string
}

function shownFiles(cwd: string): ShownFiles {
  const originals = new Map<string, string>()
  return {
    show(file) {
      const relative = shownPath(file, cwd)
      const shown = relative === file
        ? path.join(path.basename(path.dirname(file)), path.basename(file))
        : relative
      originals.set(shown, file)
      return shown
    },
    whole: (shown) => originals.get(shown) ?? shown,
  }
}

/** @throws what cannot be read, at the whole path of its file */
async function readOriginal(
  format: 'alembic' | 'sql',
  place: string,
  invocation: Invocation,
  { show, whole }: ShownFiles,
  dialect?: DialectName,
) {
  try {
    return await readFormat(format, place, invocation, show, dialect)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const problems = error.problems.map((one) =>
      one.at === undefined ? one : { ...one, at: { ...one.at, file: whole(one.at.file) } }
    )
    return faults(problems, error.exit)
  }
}

async function readFormat(
  format: 'alembic' | 'sql',
  place: string,
  invocation: Invocation,
  show: ShownFiles['show'],
  dialect?: DialectName,
) {
  if (format === 'sql') {
    const { readSqlFolder } = await import('../../import/sql/folder.ts')
    const { syntaxOf } = await import('../../import/sql/syntax.ts')
    const read = readSqlFolder(place, dialect ?? 'postgres', show)
    return { ...read, namings: [], syntax: await syntaxOf(dialect ?? 'postgres') }
  }
  const { readAlembic } = await import('../../import/alembic/folder.ts')
  const types = await typesOf(invocation)
  const read = await readAlembic(place, dialect === undefined ? { types } : { types, dialect }, show)
  return { ...read, syntax: undefined }
}

/** `--type app.types.Money=numeric(12, 2)`: what comes after the sign is a type as YAML writes it. */
async function typesOf({ options }: Invocation): Promise<ReadonlyMap<string, TypeSpec>> {
  const types = new Map<string, TypeSpec>()
  for (const text of options.texts('type')) {
    const at = text.indexOf('=')
    if (at < 1) {
      fault('usage', `--type is <name>=<type>, not "${text}"`, {
        exit: EXIT.usage,
        hint: 'for instance --type app.types.Money="numeric(12, 2)"',
      })
    }
    const name = text.slice(0, at)
    const { data, locate } = await parseSource(text.slice(at + 1), `--type ${name}`)
    stopAt(findings(typeShape as JsonSchema, data), locate)
    types.set(name, data as TypeSpec)
  }
  return types
}

function filesOf(
  revisions: readonly Reviewed[],
  { options, io }: Invocation,
  project: Project,
): NewRevision[] {
  const { config } = project
  const asked = options.text('version-path')
  const folder = asked === undefined ? project.folders[0]! : path.resolve(io.cwd, asked)
  return revisions.map((one) => {
    const { id, message, created } = one
    const file = path.join(folder, newFileName({ id, message, date: new Date(created ?? 0) }, config))
    const schema = schemaPointer(project.root, SCHEMA_FILE, path.dirname(file))
    return { id, file, text: importedText(one, schema) }
  })
}

/** @throws with exit code 2, listing all that is there already */
function checkFree(files: readonly NewRevision[], project: Project): void {
  const problems: Problem[] = []
  const seen = new Map<string, string>()
  for (const { file, id } of files) {
    const known = project.graph.byId.get(id)?.file ?? seen.get(id)
    seen.set(id, file)
    if (known !== undefined) {
      problems.push({
        code: 'id-exists',
        severity: 'error',
        message: `the revision "${id}" exists already: ${known}`,
      })
    } else if (existsSync(file)) {
      problems.push({ code: 'file-exists', severity: 'error', message: `the file "${file}" exists already` })
    }
  }
  const last = problems.at(-1)
  if (last === undefined) return
  const hint = 'nothing was written; name another folder with --version-path, or remove what is there'
  faults([...problems.slice(0, -1), { ...last, hint }], EXIT.usage)
}
