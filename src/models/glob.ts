/** Files by pattern: `*` and `?` inside a name, `**` for folders in folders, `{a,b}` for one of several. */
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const MAGIC = /[*?{]/

/**
 * The files that a pattern names, sorted. Names that begin with a dot are matched only by patterns that say the dot.
 * @param pattern with "/" between folders, relative to `root` or absolute
 */
export function filesOf(pattern: string, root: string): string[] {
  const steps = pattern.replaceAll('\\', '/').split('/')
  const magic = steps.findIndex((one) => MAGIC.test(one))
  if (magic === -1) {
    const file = path.resolve(root, pattern)
    return isFile(file) ? [file] : []
  }
  const start = path.resolve(root, steps.slice(0, magic).join('/') || (pattern.startsWith('/') ? '/' : '.'))
  return walk(start, steps.slice(magic)).sort()
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true
}

function walk(folder: string, steps: readonly string[]): string[] {
  const [step, ...rest] = steps
  if (step === undefined || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  const entries = readdirSync(folder, { withFileTypes: true })
  if (step === '**') {
    const inner = rest.length === 0 ? ['*'] : rest
    const deeper = entries.filter((one) => one.isDirectory() && !one.name.startsWith('.'))
    const found = [
      ...walk(folder, inner),
      ...deeper.flatMap((one) => walk(path.join(folder, one.name), steps)),
    ]
    return [...new Set(found)]
  }
  const matches = matcher(step)
  return entries.filter((one) => matches.test(one.name)).flatMap((one) => {
    const full = path.join(folder, one.name)
    if (rest.length > 0) return walk(full, rest)
    return one.isFile() || (one.isSymbolicLink() && isFile(full)) ? [full] : []
  })
}

const SIGNS: Readonly<Record<string, string>> = { '*': '[^/]*', '?': '[^/]', '{': '(?:', '}': ')' }

function matcher(step: string): RegExp {
  let inBraces = false
  const source = [...step].map((sign) => {
    if (sign === '{' || sign === '}') inBraces = sign === '{'
    if (sign === ',' && inBraces) return '|'
    return SIGNS[sign] ?? sign.replace(/[\\^$.|+()[\]]/, '\\$&')
  }).join('')
  return new RegExp(`^${/^[*?]/.test(step) ? '(?!\\.)' : ''}${source}$`, 'u')
}
