/** Files by pattern: `*` and `?` inside a name, `**` for folders in folders, `{a,b}` for one of several. */
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const MAGIC = /[*?{]/

/**
 * The files that a pattern names, sorted. Names that begin with a dot are matched only by patterns that say the dot.
 * @param pattern with "/" between folders, relative to `root` or absolute
 */
export function filesOf(pattern: string, root: string): string[] {
  return [...new Set(matching(pattern, root))].sort()
}

/** Whether a pattern names any file. */
export function namesFiles(pattern: string, root: string): boolean {
  return matching(pattern, root).next().done !== true
}

function* matching(pattern: string, root: string): Generator<string> {
  const all = patternsOf(pattern.replaceAll('\\', '/'))
  for (const one of all) yield* matchingOne(one, root)
}

/** A pattern whose braces hold folders is several: `{a,b/c}.yaml` is `a.yaml` and `b/c.yaml`. */
function patternsOf(pattern: string): readonly string[] {
  const braces = /\{([^{}]*)\}/.exec(pattern)
  if (braces === null || !/\{[^}]*\//.test(pattern)) return [pattern]
  const [whole, choices = ''] = braces
  const [before, after] = [pattern.slice(0, braces.index), pattern.slice(braces.index + whole.length)]
  return choices.split(',').flatMap((one) => patternsOf(`${before}${one}${after}`))
}

function* matchingOne(pattern: string, root: string): Generator<string> {
  const steps = pattern.split('/')
  const magic = steps.findIndex((one) => MAGIC.test(one))
  if (magic === -1) {
    const file = path.resolve(root, pattern)
    if (isFile(file)) yield file
    return
  }
  const start = path.resolve(root, steps.slice(0, magic).join('/') || (pattern.startsWith('/') ? '/' : '.'))
  yield* walk(start, steps.slice(magic))
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true
}

function* walk(folder: string, steps: readonly string[]): Generator<string> {
  const [step, ...rest] = steps
  if (step === undefined || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return
  const entries = readdirSync(folder, { withFileTypes: true })
  if (step === '**') {
    yield* walk(folder, rest.length === 0 ? ['*'] : rest)
    const deeper = entries.filter((one) => one.isDirectory() && !one.name.startsWith('.'))
    for (const one of deeper) yield* walk(path.join(folder, one.name), steps)
    return
  }
  const matches = matcher(step)
  for (const one of entries) {
    if (!matches.test(one.name)) continue
    const full = path.join(folder, one.name)
    if (rest.length > 0) yield* walk(full, rest)
    else if (one.isFile() || (one.isSymbolicLink() && isFile(full))) yield full
  }
}

const WILD: Readonly<Record<string, string>> = { '*': '[^/]*', '?': '[^/]' }

function matcher(step: string): RegExp {
  return new RegExp(`^${sourceOf(step, true)}$`, 'u')
}

/**
 * The regular expression of a name, or of a part of one; a brace without its other is a character.
 * @param begins whether the name begins there
 */
function sourceOf(text: string, begins: boolean): string {
  return text.replace(/\{([^{}]*)\}|./gsu, (sign, choices: string | undefined, at: number) => {
    const first = begins && at === 0
    if (choices !== undefined) {
      return `(?:${choices.split(',').map((one) => sourceOf(one, first)).join('|')})`
    }
    const wild = WILD[sign]
    if (wild !== undefined) return first ? `(?!\\.)${wild}` : wild
    return sign.replace(/[\\^$.|+()[\]{}]/, '\\$&')
  })
}
