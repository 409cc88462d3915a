/**
 * What is compared at all: the `include`, `exclude` and `schemas` of the configuration. What is left out is taken to be
 * as it shall be, so that everything else may go on to use it.
 */
import { holding } from '../ops/parts/from-table.ts'
import type { Model, QualifiedName, Table, Trigger } from '../model/model.ts'
import { constraints, shown } from '../model/edit.ts'
import { grantKey } from '../model/grant.ts'
import { withoutColumn } from '../model/drop-column.ts'
import { signature } from '../model/routine.ts'
import { changeConstraint } from '../model/change-constraint.ts'
import { COMPARED_KINDS } from './kinds.ts'
import { byKey, keyOf } from '../model/identical.ts'
import { withTheirs } from './left-alone.ts'

export interface Filter {
  /** Patterns; absent: everything. */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** Schemas besides the default one; absent: all. */
  readonly schemas?: readonly string[]
}

type Kind = (typeof COMPARED_KINDS)[number]
const RELATIONS: ReadonlySet<Kind> = new Set(['table', 'view', 'materialized_view'])

interface Pattern {
  readonly kind?: Kind
  readonly test: RegExp
}

function patternOf(text: string): Pattern {
  const [, word, rest] = /^(\w+):\s*(.*)$/.exec(text) ?? []
  const kind = COMPARED_KINDS.find((one) => one === word)
  const name = kind === undefined ? text : rest || '*'
  const source = name.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')
  const test = new RegExp(`^${source}$`)
  return kind === undefined ? { test } : { kind, test }
}

/** Whether an object is compared. */
type Compared = (kind: Kind, name: string, schema?: string) => boolean

function comparing({ include, exclude = [], schemas }: Filter): Compared {
  const [wanted, unwanted] = [include?.map(patternOf), exclude.map(patternOf)]
  const named = new Set(wanted?.map((one) => one.kind ?? 'table'))
  const hits = ({ kind, test }: Pattern, what: Kind, name: string) =>
    (kind === undefined ? RELATIONS.has(what) || what === 'column' : kind === what) && test.test(name)
  return (what, name, schema) => {
    if (schema !== undefined && schemas !== undefined && !schemas.includes(schema)) return false
    if (unwanted.some((one) => hits(one, what, name))) return false
    // `include` of tables says nothing about enums.
    const asked = wanted !== undefined && (named.has(what) || (named.has('table') && RELATIONS.has(what)))
    return !asked || wanted.some((one) => hits(one, what, name))
  }
}

/**
 * The desired schema with what is not compared as it is in the current one.
 * @param current as introspected or replayed
 */
export function filtered(desired: Model, current: Model, filter: Filter): Model {
  if (!isFilter(filter)) return desired
  const compared = comparing(filter)
  const there = byKey(current.tables)
  const all = filteredRelations(current, desired, compared)
  const wanted = {
    ...all,
    tables: all.tables.map((to) => {
      const from = there.get(keyOf(to))
      return from === undefined || from === to ? to : filteredTable(from, to, compared)
    }),
    ...filteredCode(current, desired, compared),
  }
  return {
    ...withTheirs(wanted, current, uncompared(current, compared)),
    ...filteredUnmanaged(desired, all),
  }
}

function isFilter({ include, exclude, schemas }: Filter): boolean {
  return include !== undefined || (exclude !== undefined && exclude.length > 0) || schemas !== undefined
}

/**
 * What is not compared; of a table that is, the columns, indexes and policies that are not.
 * @returns undefined where all is compared
 */
export function leftAlone(current: Model, filter: Filter): Model | undefined {
  return isFilter(filter) ? uncompared(current, comparing(filter)) : undefined
}

function uncompared(current: Model, compared: Compared): Model {
  const part = <T extends QualifiedName>(kind: Kind, things: readonly T[]) =>
    things.filter((one) => !compared(kind, shown(one), one.schema))
  const isTrigger = triggersCompared(compared, [current])
  return {
    ...current,
    schemas: current.schemas.filter((one) => !compared('schema', one, one)),
    enums: part('enum', current.enums),
    domains: part('domain', current.domains),
    sequences: part('sequence', current.sequences),
    tables: current.tables.flatMap((one) =>
      compared('table', shown(one), one.schema) ? partsLeftAlone(one, compared) : [one]
    ),
    views: part('view', current.views),
    materializedViews: part('materialized_view', current.materializedViews),
    functions: part('function', current.functions),
    triggers: current.triggers.filter((one) => !isTrigger(one)),
  }
}

function partsLeftAlone(table: Table, compared: Compared): Table[] {
  const { isColumn, isIndex, isPolicy } = partsCompared(table, compared)
  const columns = table.columns.filter((one) => !isColumn(one))
  const indexes = table.indexes.filter((one) => !isIndex(one))
  const policies = table.policies?.filter((one) => !isPolicy(one)) ?? []
  if (columns.length + indexes.length + policies.length === 0) return []
  return [{ ...table, columns, indexes, policies, uniques: [], checks: [], foreignKeys: [], excludes: [] }]
}

/** What goes with a table or view that is left out is left out, too. */
function filteredUnmanaged({ unmanaged }: Model, left: Model): Pick<Model, 'unmanaged'> {
  if (unmanaged === undefined) return {}
  const { tables, views, materializedViews, sequences } = left
  const relations = byKey<QualifiedName>([...tables, ...views, ...materializedViews, ...sequences])
  return {
    unmanaged: unmanaged.filter(({ on }) => on === undefined || relations.has(keyOf(on))),
  }
}

function filteredRelations(current: Model, desired: Model, compared: Compared): Model {
  const part = <T extends QualifiedName>(kind: Kind, here: readonly T[], there: readonly T[]) =>
    merged<T>(here, there, keyOf, (one) => compared(kind, shown(one), one.schema))
  const bare = (kind: Kind) => (name: string) => compared(kind, name, kind === 'schema' ? name : undefined)
  return {
    ...desired,
    schemas: merged(current.schemas, desired.schemas, (one) => one, bare('schema')),
    extensions: merged(
      current.extensions,
      desired.extensions,
      (one) => one.name,
      (one) => bare('extension')(one.name),
    ),
    enums: part('enum', current.enums, desired.enums),
    domains: part('domain', current.domains, desired.domains),
    sequences: part('sequence', current.sequences, desired.sequences),
    tables: part('table', current.tables, desired.tables),
    views: part('view', current.views, desired.views),
    materializedViews: part('materialized_view', current.materializedViews, desired.materializedViews),
  }
}

/** A trigger is of what it fires on: a table, or a view. */
function triggersCompared(compared: Compared, models: readonly Model[]) {
  const left = new Set(models.flatMap(({ tables, views, materializedViews }) => {
    const part = (kind: Kind, things: readonly QualifiedName[]) =>
      things.filter((one) => !compared(kind, shown(one), one.schema)).map(keyOf)
    return [
      ...part('table', tables),
      ...part('view', views),
      ...part('materialized_view', materializedViews),
    ]
  }))
  return (one: Trigger) =>
    compared('trigger', one.name, one.schema) && !left.has(keyOf({ ...one, name: one.table }))
}

function filteredCode(current: Model, desired: Model, compared: Compared) {
  const isTrigger = triggersCompared(compared, [current, desired])
  return {
    functions: merged(
      current.functions,
      desired.functions,
      signature,
      (one) => compared('function', shown(one), one.schema),
    ),
    triggers: merged(
      current.triggers,
      desired.triggers,
      (one) => [one.schema ?? '', one.table, one.name].join('\0'),
      isTrigger,
    ),
    grants: merged(
      current.grants,
      desired.grants,
      grantKey,
      (one) => compared('grant', shown(one), one.schema),
    ),
  }
}

/** The wanted ones that are compared, and those that are there and are not. */
function merged<T>(
  here: readonly T[],
  there: readonly T[],
  key: (one: T) => string,
  isCompared: (one: T) => boolean,
): readonly T[] {
  const kept = here.filter((one) => !isCompared(one))
  const known = new Map(kept.map((one) => [key(one), one]))
  const wanted = there.flatMap((one) => isCompared(one) ? [one] : known.get(key(one)) ?? [])
  const listed = new Set(wanted)
  return [...wanted, ...kept.filter((one) => !listed.has(one))]
}

function partsCompared(table: QualifiedName, compared: Compared) {
  return {
    isColumn: (one: { readonly name: string }) => compared('column', `${shown(table)}.${one.name}`),
    isIndex: (one: { readonly name: string }) => compared('index', one.name),
    isPolicy: (one: { readonly name: string }) => compared('policy', one.name),
  }
}

/** A table whose columns, indexes and policies that are not compared are as they are. */
function filteredTable(from: Table, to: Table, compared: Compared): Table {
  const { isColumn, isIndex, isPolicy } = partsCompared(to, compared)
  const columns = merged(from.columns, to.columns, (one) => one.name, isColumn)
  const indexes = merged(from.indexes, to.indexes, (one) => one.name, isIndex)
  const policies = merged(from.policies ?? [], to.policies ?? [], (one) => one.name, isPolicy)
  const added = to.columns.filter((one) => !columns.some((each) => each.name === one.name))
  const { policies: _, ...bare } = added.reduce((table, one) => withoutColumn(table, one.name), to)
  const table = { ...bare, columns, indexes, ...(policies.length === 0 ? {} : { policies }) }
  return withOwn(from, table, new Set(columns.filter((one) => !isColumn(one)).map((one) => one.name)))
}

/** The table with the constraints and indexes that columns which are not compared have. */
function withOwn(from: Table, to: Table, own: ReadonlySet<string>): Table {
  if (own.size === 0) return to
  const without = [...own].reduce(withoutColumn, from)
  const kept = new Set<object>([...constraints(without).map((one) => one.constraint), ...without.indexes])
  const theirs = constraints(from).filter((one) => !kept.has(one.constraint))
  const cleared = theirs.reduce(
    (table, one) => changeConstraint(table, one.constraint.name, () => undefined),
    to,
  )
  const names = new Set(from.indexes.filter((one) => !kept.has(one)).map((one) => one.name))
  const start: Table = {
    ...cleared,
    indexes: [
      ...cleared.indexes.filter((one) => !names.has(one.name)),
      ...from.indexes.filter((one) => names.has(one.name)),
    ],
  }
  return theirs.reduce(holding, start)
}
