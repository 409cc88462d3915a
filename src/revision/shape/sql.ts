/** What is wrong with the SQL in data: a text that would take in, or end, what is written around it. */
import type { Path } from '../../problem.ts'
import type { DialectName } from '../../model/model.ts'
import { sqlFlaw } from '../../model/sql-flaw.ts'
import type { SqlFlaw } from '../../model/sql-flaw.ts'
import type { SqlKind } from '../../shape.ts'
import type { JsonSchema } from './json-schema.ts'
import { finding, isMapping } from './validate.ts'
import type { Finding } from './validate.ts'
import { label } from './wording.ts'

/** What `$comment` says of a text; `value` is anything, an expression when it is written `{ sql: … }`. */
const KINDS: readonly SqlKind[] = ['expression', 'statement', 'statements']
const VALUE: JsonSchema = {
  anyOf: [{ type: 'string', $comment: 'expression' }, {
    additionalProperties: { type: 'string', $comment: 'expression' },
  }],
}

/** Nothing begins or ends in such a text: most are so. */
const HARMLESS = /^\w[\w ]*$/

/** Where SQL is in what has a shape. Most of a document is none, and is not looked at. */
interface Places {
  /** What it is itself, when it is a text. */
  readonly kind: SqlKind | undefined
  /** Whether it is a value, which may be written `{ sql: … }`. */
  readonly isValue: boolean
  readonly branches: readonly Places[]
  readonly items: Places | undefined
  readonly fields: readonly (readonly [string, Places])[]
  /** Of the fields that have no shape of their own, as those in `known` have. */
  readonly others: Places | undefined
  readonly known: Readonly<Record<string, unknown>>
  /** Items that nothing was wrong with. What is written alike is one piece of data (`yaml/quick-flow.ts`). */
  readonly right: WeakSet<object>
}

const KNOWN = new WeakMap<JsonSchema, Places | null>()

/** @returns undefined where no SQL can be anywhere */
function placesIn(schema: JsonSchema | boolean | undefined): Places | undefined {
  if (typeof schema !== 'object') return undefined
  const known = KNOWN.get(schema)
  if (known !== undefined) return known ?? undefined
  const { properties = {}, patternProperties = {}, additionalProperties, items, anyOf = [] } = schema
  const isThere = (one: Places | undefined) => one !== undefined
  const places: Places = {
    kind: KINDS.find((one) => one === schema.$comment),
    isValue: schema.$comment === 'value',
    branches: anyOf.map(placesIn).filter(isThere),
    items: placesIn(items),
    fields: Object.entries(properties).flatMap(([key, one]) => {
      const inner = placesIn(one)
      return inner === undefined ? [] : [[key, inner] as const]
    }),
    others: placesIn(Object.values(patternProperties)[0] ?? additionalProperties),
    known: properties,
    right: new WeakSet(),
  }
  const { kind, isValue, branches, fields, others } = places
  const some = kind !== undefined || isValue || branches.length > 0 || isThere(places.items) ||
    fields.length > 0 || isThere(others)
  KNOWN.set(schema, some ? places : null)
  return some ? places : undefined
}

/**
 * What is wrong with the SQL in data that has the shape.
 * @param path where the data stands in its document; the findings' paths begin with it
 */
export function sqlFindings(schema: JsonSchema, data: unknown, path: Path): Finding[] {
  const found: Finding[] = []
  const places = placesIn(schema)
  if (places !== undefined) look(places, data, [...path], found)
  return found
}

/** @param path is as it was when this is done */
function look(places: Places, data: unknown, path: (string | number)[], found: Finding[]): void {
  const inside = (key: string | number, inner: Places, value: unknown) => {
    path.push(key)
    look(inner, value, path, found)
    path.pop()
  }
  for (const one of places.branches) {
    const before = found.length
    look(one, data, path, found)
    if (found.length > before) return
  }
  if (typeof data === 'string') found.push(...textFindings(places.kind, data, path))
  else if (Array.isArray(data)) {
    const { items } = places
    if (items === undefined) return
    data.forEach((one, i) => {
      const isData = typeof one === 'object' && one !== null
      if (isData && items.right.has(one)) return
      const before = found.length
      inside(i, items, one)
      if (isData && found.length === before) items.right.add(one)
    })
  } else if (isMapping(data)) {
    if (places.isValue && Object.keys(data).join() === 'sql') inside('sql', placesIn(VALUE)!, data['sql'])
    for (const [key, inner] of places.fields) {
      if (Object.hasOwn(data, key)) inside(key, inner, data[key])
    }
    const { others, known } = places
    if (others === undefined) return
    for (const key of Object.keys(data)) if (!Object.hasOwn(known, key)) inside(key, others, data[key])
  }
}

/** For which databases the text under a key is; absent: for both. */
const OF: ReadonlyMap<unknown, readonly DialectName[]> = new Map([
  ['postgres', ['postgres']],
  ['sqlite', ['sqlite']],
])

/** Of a text for both it is enough that it is right for one: for which of them it is, nobody says here. */
function textFindings(kind: SqlKind | undefined, text: string, path: Path): Finding[] {
  // A variable without a value, which is a finding of its own, is left as it is written.
  if (kind === undefined || HARMLESS.test(text) || text.includes('${x:')) return []
  const dialects = OF.get(path.at(-1)) ?? ['postgres', 'sqlite']
  const flaws = dialects.map((dialect) => sqlFlaw(text, kind, dialect))
  const [first] = flaws
  return first === undefined || flaws.includes(undefined) ? [] : [flawAt(first, [...path])]
}

function flawAt({ what, hint }: SqlFlaw, path: Path): Finding {
  return finding('bad-sql', `${label(path)} ${what}`, path, hint)
}
