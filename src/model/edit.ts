/**
 * Looking things up in a model and changing it, always into a new model. `table()` faults when there is none,
 * `findTable()` returns undefined; so for every kind of thing.
 */
import { following, replaced } from './following.ts'
import { keyOf } from './identical.ts'
import { didYouMean, fault } from '../problem.ts'
import type { Path } from '../problem.ts'
import type { Column, GrantKind, Model, QualifiedName, Sequence, Table } from './model.ts'

/** `public.users`, or `users` in the default schema: for messages, never for SQL. */
export function shown(name: QualifiedName): string {
  return name.schema === undefined ? name.name : `${name.schema}.${name.name}`
}

/** Whether two things are in one schema. */
export function sameSchema(a: Pick<QualifiedName, 'schema'>, b: Pick<QualifiedName, 'schema'>): boolean {
  return (a.schema ?? '') === (b.schema ?? '')
}

export function sameName(a: QualifiedName, b: QualifiedName): boolean {
  return a.name === b.name && sameSchema(a, b)
}

/** The parts of a model that hold qualified names. Functions and triggers have more to them: `routine.ts`, `trigger.ts`. */
type Named = 'tables' | 'views' | 'materializedViews' | 'enums' | 'domains' | 'sequences'
const WORDS: Record<Named, string> = {
  tables: 'table',
  views: 'view',
  materializedViews: 'materialized-view',
  enums: 'enum',
  domains: 'domain',
  sequences: 'sequence',
}

const byName = following(
  () => new Map<string, Table>(),
  (index, table) => void index.set(keyOf(table), table),
  (index, table) => void (index.get(keyOf(table)) === table && index.delete(keyOf(table))),
)

/** The object of that name, or undefined. */
export function find<K extends Named>(
  model: Model,
  part: K,
  name: QualifiedName,
): Model[K][number] | undefined {
  if (part === 'tables') return byName(model.tables).get(keyOf(name)) as Model[K][number] | undefined
  return (model[part] as readonly Model[K][number][]).find((one) => sameName(one, name))
}

/**
 * The object of that name.
 * @throws `no-such-table` (view, enum, …) with the nearest name as a hint
 */
export function get<K extends Named>(
  model: Model,
  part: K,
  name: QualifiedName,
  path: Path = ['name'],
): Model[K][number] {
  const found = find(model, part, name)
  if (found !== undefined) return found
  return fault(`no-such-${WORDS[part]}`, `there is no ${spoken(part)} "${shown(name)}"`, {
    path,
    hint: nearby(model, part, name),
  })
}

function nearby(model: Model, part: Named, name: QualifiedName): string | undefined {
  if (name.schema !== undefined && find(model, part, { name: name.name }) !== undefined) {
    return `"${name.name}" is in the default schema: leave \`schema: ${name.schema}\` out`
  }
  const known = model[part].map(shown)
  const near = didYouMean(shown(name), known)
  return near === undefined ? listed(`the ${spoken(part)}s here are`, known) : `did you mean "${near}"?`
}

function spoken(part: Named): string {
  return WORDS[part].replace('-', ' ')
}

/** `the tables here are a, b, c…`, or that there are none. */
function listed(lead: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const some = names.slice(0, 8).join(', ')
  return `${lead} ${some}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`
}

const RELATIONS = ['tables', 'views', 'materializedViews', 'sequences'] as const

/** PostgreSQL: relations share one name space, and types another, in which each table and view has its row type. */
const RIVALS: Readonly<Record<Named, readonly Named[]>> = {
  tables: [...RELATIONS, 'enums', 'domains'],
  views: [...RELATIONS, 'enums', 'domains'],
  materializedViews: [...RELATIONS, 'enums', 'domains'],
  sequences: RELATIONS,
  enums: ['enums', 'domains', 'tables', 'views', 'materializedViews'],
  domains: ['enums', 'domains', 'tables', 'views', 'materializedViews'],
}

/** @throws `table-exists` (view-exists, …) when a name is taken in a name space an object of it would be in */
export function refuseTaken(model: Model, part: Named, name: QualifiedName, path: Path = ['name']): void {
  for (const rival of RIVALS[part]) {
    if (model[rival].length === 0 || find(model, rival, name) === undefined) continue
    fault(`${WORDS[rival]}-exists`, `${article(spoken(rival))} "${shown(name)}" exists already`, { path })
  }
}

/** The model with one object more. @throws as {@link refuseTaken} */
export function add<K extends Named>(
  model: Model,
  part: K,
  object: Model[K][number],
  path: Path = ['name'],
): Model {
  refuseTaken(model, part, object, path)
  return { ...model, [part]: [...model[part], object] }
}

function article(word: string): string {
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`
}

/** The model without the object and the privileges on it. @throws `no-such-…` */
export function remove(model: Model, part: Named, name: QualifiedName, path: Path = ['name']): Model {
  const gone = get(model, part, name, path)
  const granted = (one: Model['grants'][number]) => one.on === GRANTED[part] && sameName(one, gone)
  return {
    ...model,
    [part]: (model[part] as readonly QualifiedName[]).filter((one) => one !== gone),
    grants: model.grants.filter((one) => !granted(one)),
  }
}

/** As what privileges on it are granted. */
const GRANTED: Readonly<Record<Named, GrantKind>> = {
  tables: 'table',
  views: 'table',
  materializedViews: 'table',
  sequences: 'sequence',
  enums: 'type',
  domains: 'type',
}

/** The model with the object replaced by what `change` makes of it. @throws `no-such-…` */
export function change<K extends Named>(
  model: Model,
  part: K,
  name: QualifiedName,
  edit: (object: Model[K][number]) => Model[K][number],
  path: Path = ['name'],
): Model {
  const old = get(model, part, name, path)
  const all = model[part] as readonly Model[K][number][]
  const at = all.lastIndexOf(old)
  if (part === 'tables') return { ...model, tables: replaced(model.tables, at, edit(old) as Table) }
  return { ...model, [part]: all.with(at, edit(old)) }
}

/** The table an operation names by its fields `table` and `schema`. @throws `no-such-table` */
export function tableOf(model: Model, op: { readonly table: string; readonly schema?: string }): Table {
  return get(model, 'tables', { schema: op.schema, name: op.table }, ['table'])
}

/** The model with the table of an operation changed. @throws `no-such-table` */
export function changeTable(
  model: Model,
  op: { readonly table: string; readonly schema?: string },
  edit: (table: Table) => Table,
): Model {
  return change(model, 'tables', { schema: op.schema, name: op.table }, edit, ['table'])
}

export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name)
}

/** @throws `no-such-column`, naming the columns there are */
export function column(table: Table, name: string, path: Path = ['column']): Column {
  const found = findColumn(table, name)
  if (found !== undefined) return found
  const known = table.columns.map((one) => one.name)
  const near = didYouMean(name, known)
  return fault('no-such-column', `table "${shown(table)}" has no column "${name}"`, {
    path,
    hint: near === undefined ? listed('its columns are', known) : `did you mean "${near}"?`,
  })
}

export function changeColumn(table: Table, name: string, edit: (column: Column) => Column): Table {
  column(table, name)
  return { ...table, columns: table.columns.map((one) => one.name === name ? edit(one) : one) }
}

/** All constraints of a table with their kinds, in the order in which they are spelled. */
export function constraints(table: Table) {
  return [
    ...(table.primaryKey === undefined
      ? []
      : [{ kind: 'primary_key', constraint: table.primaryKey } as const]),
    ...table.uniques.map((constraint) => ({ kind: 'unique', constraint } as const)),
    ...table.foreignKeys.map((constraint) => ({ kind: 'foreign_key', constraint } as const)),
    ...table.checks.map((constraint) => ({ kind: 'check', constraint } as const)),
    ...table.excludes.map((constraint) => ({ kind: 'exclude', constraint } as const)),
  ]
}

/** A constraint of a table and its kind. */
export type AnyConstraint = ReturnType<typeof constraints>[number]

export type ConstraintKind = AnyConstraint['kind']

/** Whether a sequence belongs to a column of the table. */
export function isOwnedBy({ schema, ownedBy }: Sequence, table: Table): boolean {
  return ownedBy?.table === table.name && sameSchema({ schema }, table)
}
