/**
 * The rules of the house on files and what is between them: imports go down only and make no cycles, nothing is loaded
 * before it is needed, files stay short and their names say something. (Rules on single pieces of code are
 * `house/lint.ts`'s.) As a program it prints what breaks them.
 */
import * as fs from 'node:fs'
import { basename, join, relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { cycles, eager, importsOf, upward } from './house/imports.ts'
import type { Source } from './house/imports.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['src', 'scripts', 'tests']
const FILE_LINES = 300

/** Everything that breaks a rule, as `file:line: what`. */
export function houseProblems(sources: readonly Source[]): string[] {
  const imports = sources.filter(({ file }) => file.startsWith('src/')).flatMap(importsOf)
  return [
    ...sources.flatMap(size),
    ...sources.flatMap(fileName),
    ...new Set(imports.flatMap(upward)),
    ...cycles(imports),
    ...eager(imports),
  ]
}

/** The TypeScript files of the repository. */
export function houseSources(): Source[] {
  return FOLDERS.flatMap((folder) => {
    if (!fs.existsSync(join(ROOT, folder))) return []
    return fs.readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts')).sort().map((name) => join(ROOT, folder, name))
  }).map((path) => ({
    file: relative(ROOT, path).replaceAll('\\', '/'),
    text: fs.readFileSync(path, 'utf8'),
  }))
}

function size({ file, text }: Source): string[] {
  const lines = text.split('\n').length - 1
  return lines > FILE_LINES ? [`${file}:${FILE_LINES}: ${lines} lines; at most ${FILE_LINES}`] : []
}

function fileName({ file }: Source): string[] {
  const name = basename(file).replace(/(\.test)?\.ts$/, '')
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return [`${file}:1: names of files are kebab-case`]
  return /(^|-)(utils?|helpers?|managers?|impl)$/.test(name)
    ? [`${file}:1: its name does not say what it is`]
    : []
}

if (import.meta.main) {
  const problems = houseProblems(houseSources())
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
