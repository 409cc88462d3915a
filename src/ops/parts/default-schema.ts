/** The default schema of a database is the one that is not named: introspection leaves it out, and so do operations. */
import type { Operation } from '../index.ts'

/** The fields that name a schema, and those below which others do. Rows, whose columns may be called so, are none. */
const NAMES: ReadonlySet<string> = new Set(['schema', 'function_schema'])
const WITHIN: ReadonlySet<string> = new Set(['column', 'columns', 'type', 'references', 'foreign_keys'])

type Fields = Readonly<Record<string, unknown>>

/**
 * The operation without the default schema's name, where it names that; the same object where it does not. What an
 * extension goes into stays as it is written: that is no part of its name.
 * @param home the default schema; absent: not known, or there are none
 */
export function unnamed<O extends Operation>(operation: O, home: string | undefined): O {
  return home === undefined || operation.op.endsWith('_extension') ? operation : without(operation, home) as O
}

function without(data: unknown, home: string): unknown {
  if (Array.isArray(data)) return changed(data, (one) => without(one, home))
  if (typeof data !== 'object' || data === null) return data
  let kept = data as Fields
  for (const [key, value] of Object.entries(data)) {
    if (key === 'inherits') {
      const parents = value as readonly string[]
      const next = changed(parents, (one) => one.startsWith(`${home}.`) ? one.slice(home.length + 1) : one)
      if (next !== value) kept = { ...kept, inherits: next }
    } else if (NAMES.has(key) && value === home) {
      const { [key]: _, ...rest } = kept
      kept = rest
    } else if (WITHIN.has(key) || key === 'effects') {
      const next = key === 'effects' ? effects(value, home) : without(value, home)
      if (next !== value) kept = { ...kept, [key]: next }
    }
  }
  return kept
}

/** What SQL does by its own account: `{ add_column: { … } }` each. */
function effects(declared: unknown, home: string): unknown {
  if (!Array.isArray(declared)) return declared
  return changed(declared, (one: Fields) => {
    const [[kind, fields] = []] = Object.entries(one)
    const next = without(fields, home)
    return next === fields ? one : { [kind!]: next }
  })
}

function changed<T>(list: readonly T[], change: (one: T) => T): readonly T[] {
  const next = list.map(change)
  return next.some((one, i) => one !== list[i]) ? next : list
}
