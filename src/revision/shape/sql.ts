/** What is wrong with the SQL in data: a text that would take in, or end, what is written around it. */
import type { Path } from '../../problem.ts'
import { entry } from '../../entry.ts'
import type { DialectName } from '../../model/model.ts'
import { sqlFlaw } from '../../model/sql-flaw.ts'
import type { SqlFlaw, SqlKind } from '../../model/sql-flaw.ts'
import type { JsonSchema } from './json-schema.ts'
import { finding, isMapping } from './validate.ts'
import type { Finding } from './validate.ts'
import { label } from './wording.ts'

/** What `$comment` says of a text; `value` is anything, an expression when it is written `{ sql: … }`. */
const KINDS: Readonly<Record<string, SqlKind>> = {
  expression: 'expression',
  statement: 'statement',
  statements: 'statements',
}
const VALUE: JsonSchema = {
  anyOf: [{ type: 'string', $comment: 'expression' }, {
    additionalProperties: { type: 'string', $comment: 'expression' },
  }],
}

/** Nothing begins or ends in such a text: most are so. */
const HARMLESS = /^\w[\w ]*$/

const holding = new WeakMap<JsonSchema, boolean>()

/** Whether SQL can be anywhere in what has the shape. */
function holdsSql(schema: JsonSchema): boolean {
  const known = holding.get(schema)
  if (known !== undefined) return known
  const holds = schema.$comment === 'value' || KINDS[schema.$comment ?? ''] !== undefined ||
    inner(schema).some(holdsSql)
  holding.set(schema, holds)
  return holds
}

function inner({ properties, patternProperties, additionalProperties, items, anyOf }: JsonSchema) {
  return [
    ...Object.values(properties ?? {}),
    ...Object.values(patternProperties ?? {}),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ...(items === undefined ? [] : [items]),
    ...(anyOf ?? []),
  ]
}

/**
 * What is wrong with the SQL in data that has the shape.
 * @param path where the data stands in its document; the findings' paths begin with it
 */
export function sqlFindings(schema: JsonSchema, data: unknown, path: Path): Finding[] {
  if (data === null || !holdsSql(schema)) return []
  if (schema.$comment === 'value') return valueFindings(data, path)
  if (schema.anyOf !== undefined) {
    return schema.anyOf.map((branch) => sqlFindings(branch, data, path)).find((one) => one.length > 0) ?? []
  }
  if (typeof data === 'string') return textFindings(KINDS[schema.$comment ?? ''], data, path)
  const found: Finding[] = []
  if (Array.isArray(data)) {
    const { items } = schema
    if (items === undefined || !holdsSql(items)) return []
    for (const [i, one] of data.entries()) found.push(...sqlFindings(items, one, [...path, i]))
  } else if (isMapping(data)) {
    const others = Object.values(schema.patternProperties ?? {})[0] ?? schema.additionalProperties
    for (const key in data) {
      const field = entry(schema.properties ?? {}, key) ?? others
      if (typeof field !== 'object' || !holdsSql(field)) continue
      found.push(...sqlFindings(field, data[key], [...path, key]))
    }
  }
  return found
}

function valueFindings(data: unknown, path: Path): Finding[] {
  if (!isMapping(data) || Object.keys(data).join() !== 'sql') return []
  const { sql } = data
  return typeof sql === 'string' || isMapping(sql) ? sqlFindings(VALUE, sql, [...path, 'sql']) : []
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
  return first === undefined || flaws.includes(undefined) ? [] : [flawAt(first, path)]
}

function flawAt({ what, hint }: SqlFlaw, path: Path): Finding {
  return finding('bad-sql', `${label(path)} ${what}`, path, hint)
}
