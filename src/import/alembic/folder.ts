/** Where Alembic's revisions are: a folder of them, a folder of migrations, or what alembic.ini names. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { EXIT, fault, faults, ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import { ownValue } from '../../own-value.ts'
import { readText } from '../../revision/yaml/text.ts'
import { loadGrammar } from '../python/parse.ts'
import type { Imported } from '../imported.ts'
import type { Options } from './context.ts'
import { namingsAround } from './naming.ts'
import type { FoundNaming } from './naming.ts'
import { Neighbours } from './neighbours.ts'
import { readRevision } from './revision.ts'

export interface Original {
  readonly revisions: readonly Imported[]
  /** Modules that are no revisions. */
  readonly skipped: readonly string[]
  /** The naming conventions that the application holds. */
  readonly namings: readonly FoundNaming[]
}

/**
 * Reads all revisions that are there.
 * @param place a folder or alembic.ini
 * @param show how paths are shown
 * @throws all that cannot be read, with exit code 2
 */
export async function readAlembic(
  place: string,
  options: Options,
  show: (file: string) => string,
): Promise<Original> {
  const files = revisionModules(place)
  const grammar = await loadGrammar()
  const neighbours = new Neighbours(grammar)
  const problems: Problem[] = []
  const revisions: Imported[] = []
  const skipped: string[] = []
  for (const file of files) {
    try {
      const constant = (dotted: string) => neighbours.constant(dotted, file)
      const one = readRevision(grammar, readText(file), show(file), { ...options, constant })
      if (one === undefined) skipped.push(show(file))
      else revisions.push(one)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      problems.push(
        ...error.problems.map((problem) =>
          problem.at === undefined ? { ...problem, at: { file: show(file), line: 1, col: 1 } } : problem
        ),
      )
    }
  }
  if (problems.length > 0) faults(problems, EXIT.usage)
  return { revisions, skipped, namings: namingsAround(path.dirname(files[0]!), neighbours) }
}

function revisionModules(place: string): string[] {
  if (!existsSync(place)) {
    fault('no-such-folder', `there is no "${place}"`, {
      exit: EXIT.usage,
      hint: 'name the folder of revisions, or alembic.ini',
    })
  }
  const found = statSync(place).isDirectory()
    ? { folders: inFolder(place), recursive: false }
    : fromIni(place)
  const files = found.folders.flatMap((folder) => modules(folder, found.recursive))
  if (files.length > 0) return files
  return fault('no-revisions', `there are no revisions of Alembic in "${place}"`, {
    exit: EXIT.usage,
    hint: 'they are the .py files of a folder that is mostly called "versions"',
  })
}

/** The folder itself, or its "versions" when it is a folder of migrations, or what its alembic.ini names. */
function inFolder(folder: string): string[] {
  const versions = path.join(folder, 'versions')
  if (existsSync(versions)) return [versions]
  const ini = path.join(folder, 'alembic.ini')
  return existsSync(ini) ? fromIni(ini).folders : [folder]
}

/** As Alembic looks for them: all `.py` files but `__init__` and those that an editor leaves. */
function modules(folder: string, recursive: boolean): string[] {
  if (!existsSync(folder)) {
    fault('no-such-folder', `there is no folder "${folder}"`, {
      exit: EXIT.usage,
      hint: 'name the folder of the revisions instead',
    })
  }
  return readdirSync(folder, { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py') && !/(^|[\\/])(__init__\.py$|\.#|__pycache__)/.test(name))
    .sort().map((name) => path.join(folder, name))
}

/** `script_location` and `version_locations` of [alembic]; paths are relative to where Alembic is run. */
function fromIni(file: string): { folders: string[]; recursive: boolean } {
  const here = path.dirname(path.resolve(file))
  const values = section(readText(file), here)
  const location = values.get('script_location')
  if (location === undefined) {
    return fault('no-script-location', `"${file}" has no script_location in [alembic]`, {
      exit: EXIT.usage,
      hint: 'name the folder of revisions instead',
    })
  }
  const resolved = (one: string) => path.resolve(here, one.replace(/^\w+:/, ''))
  const several = values.get('version_locations')
  const folders = several === undefined || several === ''
    ? [path.join(resolved(location), 'versions')]
    : several.split(separator(values.get('path_separator') ?? values.get('version_path_separator')))
      .filter((one) => one.trim() !== '').map((one) => resolved(one.trim()))
  return { folders, recursive: values.get('recursive_version_locations') === 'true' }
}

const SEPARATORS: Readonly<Record<string, string | RegExp>> = {
  os: path.delimiter,
  ':': ':',
  ';': ';',
  space: /\s+/,
  newline: '\n',
}

function separator(name: string | undefined): string | RegExp {
  return ownValue(SEPARATORS, name ?? '') ?? /[\s,]+|(?<!\b[A-Za-z]):/
}

/** The values of [alembic] as Python's ConfigParser reads them: `key = value`, `%(here)s`, continuation lines. */
function section(text: string, here: string): Map<string, string> {
  const values = new Map<string, string>()
  let inside = false
  let last: string | undefined
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*[#;]/.test(line)) continue
    const header = /^\[([^\]]*)\]/.exec(line)
    const entry = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line)
    if (header !== null) inside = header[1] === 'alembic'
    else if (inside && entry !== null) {
      last = entry[1]!.toLowerCase()
      values.set(last, entry[2]!.trim())
    } else if (inside && last !== undefined && /^\s+\S/.test(line)) {
      values.set(last, `${values.get(last)!}\n${line.trim()}`.trim())
    }
  }
  return new Map(
    [...values].map(([key, value]) => [key, value.replaceAll('%(here)s', here).replaceAll('%%', '%')]),
  )
}
