/** Values given on the command line (`-x key=value`) in the texts of operations. */
import type { Path } from '../problem.ts'
import { finding } from './shape/validate.ts'
import type { Finding } from './shape/validate.ts'

export type Vars = Readonly<Record<string, string>>

export interface Substituted<T> {
  readonly data: T
  readonly wrong: readonly Finding[]
}

// PostgreSQL writes texts between dollar signs ($${"a": 1}$$), so that only a whole placeholder is special.
const PLACEHOLDER = /\$(\$\{x:)|\$\{x:([^}]*)(\}?)/g
const NAME = /^[A-Za-z_][\w.-]*$/

/**
 * Replaces `${x:key}` and `${x:key:-default}` in every text; keys of mappings are left alone. `$${x:key}` stands for
 * the text `${x:key}`.
 * @param vars what `-x` gave
 * @param path where the data stands, for the findings: `missing-variable`, `bad-variable`
 */
export function substitute<T>(data: T, vars: Vars, path: Path): Substituted<T> {
  if (!isMentioned(data)) return { data, wrong: [] }
  const wrong: Finding[] = []
  return { data: walk(data, path, (text, at) => replace(text, vars, at, wrong)) as T, wrong }
}

/** What {@link substitute} makes the data of: texts that only look like variables stand for themselves. */
export function escaped<T>(data: T): T {
  return isMentioned(data) ? walk(data, [], (text) => text.replaceAll('${x:', () => '$${x:')) as T : data
}

/** Whether a variable may stand in a text. Most files have none, and need not be copied. */
function isMentioned(data: unknown): boolean {
  if (typeof data === 'string') return data.includes('${x:')
  if (typeof data !== 'object' || data === null) return false
  if (Array.isArray(data)) return data.some(isMentioned)
  const fields = data as Readonly<Record<string, unknown>>
  for (const key in fields) if (isMentioned(fields[key])) return true
  return false
}

/** The data with other texts; keys of mappings are left alone. */
function walk(data: unknown, path: Path, text: (old: string, path: Path) => string): unknown {
  if (typeof data === 'string') return data.includes('${x:') ? text(data, path) : data
  if (typeof data !== 'object' || data === null) return data
  if (Array.isArray(data)) return data.map((item, i) => walk(item, [...path, i], text))
  const entries = Object.entries(data).map(([key, value]) =>
    [key, walk(value, [...path, key], text)] as const
  )
  return Object.fromEntries(entries)
}

function replace(text: string, vars: Vars, path: Path, wrong: Finding[]): string {
  return text.replace(PLACEHOLDER, (whole, itself: string | undefined, inside: string, end: string) => {
    if (itself !== undefined) return itself
    const [, key = '', fallback] = /^(.*?)(?::-([^]*))?$/s.exec(inside) ?? []
    if (end === '' || !NAME.test(key)) {
      const hint = 'write ${x:key} or ${x:key:-default}; $${x: stands for the text itself'
      wrong.push(finding('bad-variable', `"${whole}" is not a variable`, path, hint))
      return whole
    }
    const value = Object.hasOwn(vars, key) ? vars[key] : fallback
    if (value !== undefined) return value
    const hint = `give -x ${key}=value, or a default: \${x:${key}:-default}`
    wrong.push(finding('missing-variable', `no value for the variable "${key}"`, path, hint))
    return whole
  })
}
