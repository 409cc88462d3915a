/** What a revision means, as one number: the journal keeps it, to tell whether a file was changed after it ran. */
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'

/** The part of a revision file that runs, as it was read: variables not replaced. */
export interface Meaning {
  readonly upgrade: unknown
  /** Absent: derived from the upgrade. */
  readonly downgrade?: unknown
  readonly settings?: unknown
  readonly transaction?: unknown
}

/**
 * The SHA-256 of a revision's meaning, in hexadecimal. Comments, layout, quotes and the order of keys do not count;
 * nor do the id, the links and the message.
 */
export function contentHash(meaning: Meaning): string {
  const { upgrade, downgrade, settings, transaction } = meaning
  const text = canonical({ upgrade, downgrade, settings, transaction })
  // Some runtimes take twice as long over a text.
  return createHash('sha256').update(Buffer.from(text)).digest('hex')
}

/** JSON with sorted keys and without undefined fields. Built up piece by piece: all revisions of a history come by. */
function canonical(data: unknown): string {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data) ?? 'null'
  // Joined: a text put together of thousands of pieces is slow to become one.
  if (Array.isArray(data)) return `[${data.map(itemText).join(',')}]`
  let text = ''
  const fields = data as Readonly<Record<string, unknown>>
  for (const [key, written] of inOrder(Object.keys(fields))) {
    if (fields[key] === undefined) continue
    text += `${text === '' ? '' : ','}${written}${canonical(fields[key])}`
  }
  return `{${text}}`
}

type Keys = readonly (readonly [key: string, written: string])[]

/** Keys as they follow one another in data, and in order: most data have the keys of other data. */
const ORDERS = new Map<string, Keys>()

/** The keys sorted, each with how it is written. */
function inOrder(keys: readonly string[]): Keys {
  const shape = keys.join('\0')
  const known = ORDERS.get(shape)
  if (known !== undefined) return known
  const sorted = keys.toSorted().map((key) => [key, `${JSON.stringify(key)}:`] as const)
  ORDERS.set(shape, sorted)
  return sorted
}

/** What is written alike is one piece of data (`yaml/quick-flow.ts`): the columns of most tables. */
const TEXTS = new WeakMap<object, string>()

function itemText(item: unknown): string {
  if (typeof item !== 'object' || item === null) return canonical(item)
  const known = TEXTS.get(item) ?? canonical(item)
  TEXTS.set(item, known)
  return known
}
