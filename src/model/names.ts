/**
 * The names PostgreSQL gives to what has none (src/backend/commands/indexcmds.c, ChooseRelationName and
 * makeObjectName): `t_a_key`, `t_a_b_fkey`, `t_pkey`, cut to 63 bytes, numbered when taken. They are the
 * names by which unnamed constraints are known on both dialects.
 */
import type { Model, QualifiedName, Table } from './model.ts'
import { find, sameSchema } from './edit.ts'
import { following } from './following.ts'
import { keyOf } from './identical.ts'

const LIMIT = 63
const encoder = new TextEncoder()

function bytes(text: string): number {
  // deno-lint-ignore no-control-regex -- ASCII, which most names are, needs no encoding
  return /^[\x00-\x7f]*$/.test(text) ? text.length : encoder.encode(text).length
}

/** The longest prefix of at most `limit` bytes that ends at a character boundary. */
export function clip(text: string, limit = LIMIT): string {
  if (bytes(text) <= limit) return text
  let cut = ''
  let used = 0
  for (const character of text) {
    used += bytes(character)
    if (used > limit) break
    cut += character
  }
  return cut
}

/**
 * `table_columns_label`. While it is too long the longer of the first two parts loses a byte, the second on a
 * tie.
 */
export function objectName(table: string, columns: string, label: string): string {
  // Three bytes are the most that a unit of a text takes in UTF-8: nothing need be counted.
  if ((table.length + columns.length + label.length + 2) * 3 <= LIMIT) {
    return columns === '' ? `${table}_${label}` : `${table}_${columns}_${label}`
  }
  const fixed = bytes(label) + 1 + (columns === '' ? 0 : 1)
  let a = bytes(table)
  let b = bytes(columns)
  while (a + b + fixed > LIMIT) {
    if (a > b) a--
    else b--
  }
  return [clip(table, a), clip(columns, b), label].filter((part) => part !== '').join('_')
}

/** The columns joined by `_`; the joined part is itself capped at 63 bytes. */
export function joined(columns: readonly string[]): string {
  return clip(columns.join('_'))
}

const LABELS = {
  primary_key: 'pkey',
  unique: 'key',
  foreign_key: 'fkey',
  check: 'check',
  exclude: 'excl',
  index: 'idx',
} as const

/**
 * The name PostgreSQL would give a constraint of the table.
 * @param columns for a check: the one column its expression uses, else none; for a key: with its INCLUDE columns; for
 *   an exclusion: its {@link partNames}
 * @param taken names that it must avoid: {@link takenNames}
 */
export function implicitName(
  kind: keyof typeof LABELS,
  table: QualifiedName,
  columns: readonly string[],
  taken: Taken,
): string {
  const part = kind === 'primary_key' ? '' : joined(columns)
  for (let pass = 0;; pass++) {
    const name = objectName(table.name, part, `${LABELS[kind]}${pass === 0 ? '' : pass}`)
    if (!taken.has(name)) return name
  }
}

/** Names that are taken. A predicate, not a set: a schema of a thousand tables is looked through for one or two names. */
export interface Taken {
  has(name: string): boolean
}

/** What shares names in a schema: the relations, the constraints, the tables with their indexes. */
type Space = 'relations' | 'constraints' | 'indexes'

/** The names that a table brings into a name space. */
function namesOf(table: Table, space: Space): string[] {
  const { name, primaryKey, uniques, excludes, foreignKeys, checks, indexes } = table
  const names = space === 'constraints' ? [] : [name]
  if (space !== 'constraints') { for (const one of indexes) names.push(one.name) }
  if (space === 'indexes') return names
  if (primaryKey !== undefined) names.push(primaryKey.name)
  for (const one of uniques) names.push(one.name)
  for (const one of excludes) names.push(one.name)
  if (space === 'relations') return names
  for (const one of foreignKeys) names.push(one.name)
  for (const one of checks) names.push(one.name)
  return names
}

/** Whether a table brings the name into a name space. */
function bears(table: Table, space: Space, name: string): boolean {
  const { primaryKey, uniques, excludes, foreignKeys, checks, indexes } = table
  const isIt = (one: { readonly name: string }) => one.name === name
  if (space !== 'constraints' && (table.name === name || indexes.some(isIt))) return true
  if (space === 'indexes') return false
  if (primaryKey?.name === name || uniques.some(isIt) || excludes.some(isIt)) return true
  return space === 'constraints' && (foreignKeys.some(isIt) || checks.some(isIt))
}

/** How often tables bring each name, by schema and name. */
type Counts = { readonly [S in Space]: Map<string, number> }

function count(counts: Counts, table: Table, by: 1 | -1): void {
  for (const space of ['relations', 'constraints', 'indexes'] as const) {
    for (const name of namesOf(table, space)) {
      const key = keyOf({ schema: table.schema, name })
      counts[space].set(key, (counts[space].get(key) ?? 0) + by)
    }
  }
}

const counted = following<Counts>(
  () => ({ relations: new Map(), constraints: new Map(), indexes: new Map() }),
  (counts, table) => count(counts, table, 1),
  (counts, table) => count(counts, table, -1),
)

/** Whether a table of the schema has the name; the table itself is taken instead of the model's of its name. */
function isTaken(model: Model, table: Table, space: Space, name: string): boolean {
  if (bears(table, space, name)) return true
  const all = counted(model.tables)[space].get(keyOf({ schema: table.schema, name })) ?? 0
  if (all === 0) return false
  const known = find(model, 'tables', table)
  return known === undefined || all > namesOf(known, space).filter((one) => one === name).length
}

/** Whether an index of the table cannot have the name: a table or an index of the schema has it. */
export function isIndexNameTaken(model: Model, table: Table, name: string): boolean {
  return isTaken(model, table, 'indexes', name)
}

/**
 * The names of the relations in the schema of the table: tables, views, materialized ones too, sequences, indexes, and
 * the constraints that have an index of their name.
 * @param table taken instead of the model's table of that name
 */
export function relationNames(model: Model, table: Table): Taken {
  return {
    has(name) {
      const isIt = (one: QualifiedName) => one.name === name && sameSchema(one, table)
      return model.views.some(isIt) || model.sequences.some(isIt) || hasMaterialized(model, table, name) ||
        isTaken(model, table, 'relations', name)
    },
  }
}

/** Whether a materialized view of the table's schema, or an index of one, has the name. */
function hasMaterialized(model: Model, table: Table, name: string): boolean {
  return model.materializedViews.some((view) =>
    sameSchema(view, table) && (view.name === name || view.indexes.some((one) => one.name === name))
  )
}

/**
 * The names that an implicit name of this kind avoids: all constraints of the schema, not of the table alone;
 * and for constraints that have an index all relations too (ChooseConstraintName and ChooseRelationName).
 */
export function takenNames(model: Model, table: Table, kind: keyof typeof LABELS): Taken {
  const relations = kind === 'check' || kind === 'foreign_key' ? undefined : relationNames(model, table)
  return {
    has(name) {
      if (relations?.has(name)) return true
      return kind !== 'index' && isTaken(model, table, 'constraints', name)
    },
  }
}

/**
 * What the elements of an exclusion constraint add to its name: columns by their names, expressions by
 * {@link expressionName}; one that stands there already is numbered (ChooseIndexColumnNames).
 */
export function partNames(
  elements: readonly { readonly column?: string; readonly expression?: string }[],
): string[] {
  const names: string[] = []
  for (const one of elements) {
    const base = one.column ?? expressionName(one.expression ?? '')
    let name = base
    for (let i = 1; names.includes(name); i++) name = `${base}${i}`
    names.push(name)
  }
  return names
}

const WORD = /(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")/u.source
const PATH = `${WORD}(?:\\s*\\.\\s*${WORD})*`
const CAST = new RegExp(`^(.*?)\\s*::\\s*(${PATH})(?:\\s*\\([\\d\\s,]*\\))?$`, 'us')
const COLLATED = new RegExp(`^(.*?)\\s+collate\\s+${PATH}$`, 'uis')
const CALL = new RegExp(`^(${PATH})\\s*\\(`, 'u')
const REFERENCE = new RegExp(`^${PATH}$`, 'u')

/**
 * The name PostgreSQL finds for an expression (FigureColname): that of the column, the function, or the type
 * cast to; else `expr`. It reads calls, casts, COLLATE and parentheses, not all of SQL.
 */
export function expressionName(expression: string): string {
  const text = expression.trim()
  if (isWrapped(text, 0)) return expressionName(text.slice(1, -1))
  if (REFERENCE.test(text)) return lastWord(text)
  const collated = COLLATED.exec(text)
  if (collated !== null) return expressionName(collated[1]!)
  const cast = CAST.exec(text)
  if (cast !== null) {
    const inner = expressionName(cast[1]!)
    return inner === 'expr' ? lastWord(cast[2]!) : inner
  }
  const call = CALL.exec(text)
  return call !== null && isWrapped(text, call[0].length - 1) ? lastWord(call[1]!) : 'expr'
}

/** Whether the parenthesis at `from` closes at the very end. */
function isWrapped(text: string, from: number): boolean {
  if (text[from] !== '(') return false
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]!
    if (character === "'" || character === '"') {
      at = text.indexOf(character, at + 1)
      if (at < 0) return false
    } else if (character === '(') depth++
    else if (character === ')') depth--
    if (depth === 0) return at === text.length - 1 && at > from
  }
  return false
}

function lastWord(path: string): string {
  const last = path.match(new RegExp(WORD, 'gu'))!.at(-1)!
  return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last.toLowerCase()
}

/** What a naming convention is filled with. */
interface ConventionNames {
  readonly table: QualifiedName
  readonly columns: readonly string[]
  /** A foreign key's target. */
  readonly referred?: QualifiedName & { readonly columns: readonly string[] }
}

/** The tokens of SQLAlchemy's naming conventions, with the same meaning. */
const TOKEN =
  /%\((?:(table|referred_table|constraint)_name|(referred_)?column_(\d+)(_?N)?_(name|label|key))\)s/g

/**
 * The name that the model's naming convention gives an unnamed constraint or index; undefined when it has
 * none for this kind, or when it asks for a name to start from (`%(constraint_name)s`).
 */
export function conventionalName(
  model: Model,
  kind: keyof typeof LABELS,
  { table, columns, referred }: ConventionNames,
): string | undefined {
  const pattern = model.naming?.[kind]
  if (pattern === undefined || pattern.includes('%(constraint_name)s')) return undefined
  return pattern.replace(TOKEN, (...match: (string | undefined)[]) => {
    const [, name, other, first, many, what] = match
    if (name !== undefined) return (name === 'table' ? table.name : referred?.name) ?? ''
    const owner = other === undefined ? table.name : referred?.name ?? ''
    const all = (other === undefined ? columns : referred?.columns ?? []).slice(Number(first))
    const some = many === undefined ? all.slice(0, 1) : all
    return some.map((one) => what === 'label' ? `${owner}_${one}` : one).join(many === '_N' ? '_' : '')
  })
}
