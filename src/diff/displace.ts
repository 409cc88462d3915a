/**
 * What gets out of the way before anything is changed: views that read a column which goes or changes its type, what is
 * of a type that is made anew, what calls a function that is dropped. Everything that is taken out and shall be there is
 * missing afterwards, and created like all that is missing.
 */
import { defined } from '../model/defined.ts'
import type { DataType, Domain, Routine, Table } from '../model/model.ts'
import { computedFrom } from '../model/drop-column.ts'
import { enumColumns } from '../ops/parts/enum-values.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { element } from '../model/types.ts'
import { changedDomains, columnsOf, domainsOver, takeDomainOut } from './domains.ts'
import { changedEnums, isRebuilt } from './enums.ts'
import { columnPairs, dropColumns, goingColumns, isRecreated, isRetyped } from './columns.ts'
import {
  boundWords,
  brokenRoutines,
  creationWords,
  declaredWords,
  dropRoutines,
  goneRoutines,
  signatureWords,
  supplantedRoutines,
} from './functions.ts'
import { dropIndex } from './indexes.ts'
import { expressionsOf, has, wordsOf } from './mention.ts'
import { dropPolicy, outdatedPolicies, policiesOf, policyWords } from './policies.ts'
import { changedTables, goneTables } from './tables.ts'
import { dropViews, outdatedViews, queryWords, readsAll, viewsOf } from './views.ts'
import { dropTrigger, outdatedTriggers, triggerWords } from './triggers.ts'
import type { Kinded } from './views.ts'
import { keyOf } from './identical.ts'
import type { Work } from './work.ts'

/** What changes so that what uses it must go first. */
export interface Upheaval {
  /** Relations by their bare names: the columns concerned, or all of it. */
  readonly relations: Map<string, Set<string> | 'all'>
  /** Names of types that are made anew. */
  readonly types: Set<string>
  /** Names of functions that are dropped and created. */
  readonly functions: Set<string>
}

/** Domains that are dropped and created. */
function domainsOut(work: Work): Domain[] {
  const out = new Set(changedDomains(work))
  for (const pair of changedEnums(work)) {
    if (!isRebuilt(pair)) continue
    domainsOver(work, 'enum', pair.from).forEach((one) => out.add(one))
  }
  for (const one of out) domainsOver(work, 'domain', one).forEach((over) => out.add(over))
  return [...out]
}

/** Puts a column, and what is computed from it, among what changes. */
function touch(relations: Upheaval['relations'], table: Table, column: string): void {
  const known = relations.get(table.name)
  if (known === 'all') return
  const columns = known ?? new Set<string>()
  relations.set(table.name, columns)
  if (columns.has(column)) return
  columns.add(column)
  for (const one of computedFrom(table, column)) touch(relations, table, one.name)
}

/** What the differences of tables and types alone put in motion. */
function upheaval(work: Work, domains: readonly Domain[]): Upheaval {
  const found: Upheaval = { relations: new Map(), types: new Set(), functions: new Set() }
  for (const one of goneTables(work)) found.relations.set(one.name, 'all')
  for (const { from, to } of changedTables(work)) {
    for (const one of goingColumns(work, from, to)) touch(found.relations, from, one.name)
    for (const pair of columnPairs(work, from, to)) {
      if (isRetyped(pair, work) || isRecreated(pair, work, from)) touch(found.relations, from, pair.from.name)
    }
  }
  const rebuilt = changedEnums(work).filter(isRebuilt).map((one) => one.from)
  for (const one of [...rebuilt, ...domains]) found.types.add(one.name)
  if (found.types.size === 0) return found
  for (const table of work.model.tables) {
    for (const one of rebuilt) {
      for (const { name } of enumColumns(table, one)) touch(found.relations, table, name)
    }
    for (const one of domains) {
      for (const { name } of columnsOf(table, one)) touch(found.relations, table, name)
    }
  }
  return found
}

/**
 * Whether a text with these words may read what changes.
 * @param every whether it reads all columns of what it names
 */
function isStirred(
  words: ReadonlySet<string>,
  { relations, functions }: Upheaval,
  every: boolean,
): boolean {
  for (const name of functions) if (has(words, name)) return true
  for (const [name, columns] of relations) {
    if (!has(words, name)) continue
    if (columns === 'all' || every || [...columns].some((one) => has(words, one))) return true
  }
  return false
}

/** The views and functions that go: those that are outdated, those over what changes, and those over these. */
function readersOut(work: Work, found: Upheaval): { views: Kinded[]; routines: Routine[] } {
  const views = new Set<object>()
  const routines = new Set([...brokenRoutines(work), ...supplantedRoutines(work)])
  const all = viewsOf(work.model)
  const out = (one: Kinded) => {
    views.add(one.view)
    found.relations.set(one.view.name, 'all')
  }
  const outdated = new Set<object>(outdatedViews(work).map((one) => one.view))
  all.filter((one) => outdated.has(one.view) || readsRenamed(work, one)).forEach(out)
  for (const one of routines) found.functions.add(one.name)
  const words = all.map((one) => ({ one, words: queryWords(one), every: readsAll(one) }))
  const gone = new Set(goneRoutines(work))
  const calls = work.model.functions.map((one) => ({
    one,
    signature: signatureWords(one),
    // One that goes for good goes before what it reads, so that it comes after it on the way back.
    bound: gone.has(one) ? new Set([...creationWords(one), ...declaredWords(one)]) : boundWords(one),
  }))
  for (let grown = !isQuiet(found); grown;) {
    grown = false
    for (const { one, words: own, every } of words) {
      if (views.has(one.view) || !isStirred(own, found, every)) continue
      out(one)
      grown = true
    }
    for (const { one, signature, bound } of calls) {
      if (routines.has(one) || !(usesWhole(signature, found) || isStirred(bound, found, true))) continue
      routines.add(one)
      found.functions.add(one.name)
      grown = true
    }
  }
  const displaced = all.filter((one) => views.has(one.view))
  for (const one of displaced) {
    if (!outdated.has(one.view) && !readsRenamed(work, one)) work.kept.add(keyOf(one.view))
  }
  return { views: displaced, routines: [...routines] }
}

/**
 * Whether a view may read something that was renamed. It would go on to show it under its old name on PostgreSQL, where a
 * view that is written today shows the new one.
 */
function readsRenamed({ renamed }: Work, view: Kinded): boolean {
  if (renamed.length === 0) return false
  const words = queryWords(view)
  return renamed.some(({ table, column }) =>
    table.some((name) => has(words, name)) &&
    (column === undefined || readsAll(view) || column.some((name) => has(words, name)))
  )
}

function isQuiet({ relations, types, functions }: Upheaval): boolean {
  return relations.size + types.size + functions.size === 0
}

/** Whether what a function takes or returns is of a type that goes; a table whose columns change stays a type. */
function usesWhole(words: ReadonlySet<string>, { relations, types }: Upheaval): boolean {
  for (const name of types) if (has(words, name)) return true
  for (const [name, columns] of relations) if (columns === 'all' && has(words, name)) return true
  return false
}

/** Takes out of the way what the changes to come cannot be made under. */
export function displace(work: Work): void {
  const domains = domainsOut(work)
  const found = upheaval(work, domains)
  const { views, routines } = readersOut(work, found)
  dropTriggers(work, found, views)
  dropPolicies(work, found)
  dropViews(work, views, routines)
  freeTables(work, found)
  freeDomains(work, found)
  freeEnums(work)
  freeGone(work, domains)
  dropRoutines(work, routines)
  for (const one of domains) takeDomainOut(work, one)
}

/** Those of views go by themselves, and those of tables that are dropped unless they call a function that goes before. */
function dropTriggers(work: Work, found: Upheaval, views: readonly Kinded[]): void {
  const outdated = new Set(outdatedTriggers(work))
  // A table that goes takes its triggers along, but it may have to change before.
  const going = goneTables(work).filter((one) => !one.columns.some(({ type }) => isOfTypes(type, found)))
  const tables = new Set(going.map(keyOf))
  const over = new Set(views.map((one) => keyOf(one.view)))
  for (const one of work.model.triggers) {
    const on = keyOf({ schema: one.schema, name: one.table })
    if (over.has(on)) continue
    const words = triggerWords(one)
    if (tables.has(on)) {
      if ([...found.functions].some((name) => has(words, name))) dropTrigger(work, one)
    } else if (outdated.has(one) || isStirred(words, found, false)) dropTrigger(work, one)
  }
}

/** Whether a type is made anew, or an array of one. */
function isOfTypes(type: DataType, { types }: Upheaval): boolean {
  const one = element(type)
  return (one.kind === 'enum' || one.kind === 'domain') && types.has(one.name)
}

function dropPolicies(work: Work, found: Upheaval): void {
  const outdated = new Set(outdatedPolicies(work).map((one) => one.policy))
  for (const one of policiesOf(work)) {
    if (outdated.has(one.policy) || isStirred(policyWords(one), found, false)) dropPolicy(work, one)
  }
  // A table that goes takes its policies along, but not before the functions that they call.
  const calls = callsOf(found.functions)
  for (const table of goneTables(work)) {
    for (const policy of table.policies ?? []) {
      if (calls(policy.using, policy.check)) dropPolicy(work, { table, policy })
    }
  }
}

/** Takes the columns computed from those of an enum that is made anew: PostgreSQL changes no type under them. */
function freeEnums(work: Work): void {
  if (work.dialect.forgets) return
  for (const { from } of changedEnums(work).filter(isRebuilt)) {
    for (const table of work.model.tables) {
      const computed = enumColumns(table, from).flatMap((one) => computedFrom(table, one.name))
      dropColumns(work, table, table.columns.filter((one) => computed.includes(one)))
    }
  }
}

/** The same for domains, in tables that go: those that stay drop what is computed with the rest of their changes. */
function freeGone(work: Work, domains: readonly Domain[]): void {
  for (const table of goneTables(work)) {
    const typed = domains.flatMap((one) => columnsOf(table, one))
    dropColumns(work, table, typed.flatMap((one) => computedFrom(table, one.name)))
  }
}

/** Tells of texts whether one of them calls one of the functions. */
function callsOf(functions: ReadonlySet<string>): (...texts: readonly (string | undefined)[]) => boolean {
  return (...texts) => {
    const words = wordsOf(...texts)
    return [...functions].some((name) => has(words, name))
  }
}

/** Takes from domains what calls functions that are dropped and created. */
function freeDomains(work: Work, { functions }: Upheaval): void {
  const calls = callsOf(functions)
  for (const { name, schema, default: value, checks } of work.model.domains) {
    const gone = checks.flatMap((one) => calls(one.expression) ? [one.name] : [])
    const unset = value !== undefined && 'expression' in value && calls(value.expression)
    if (gone.length === 0 && !unset) continue
    work.emit(defined({
      op: 'alter_domain',
      name,
      schema,
      default: unset ? null : undefined,
      drop_checks: gone.length === 0 ? undefined : gone,
    }))
  }
}

/** Takes from tables what calls functions that are dropped and created: it is missing then, and created again. */
function freeTables(work: Work, { functions }: Upheaval): void {
  if (functions.size === 0) return
  const calls = callsOf(functions)
  for (const table of work.model.tables) {
    if (!calls(...expressionsOf(table))) continue
    const at = onTable(table)
    for (const index of table.indexes) {
      if (calls(index.where, ...index.keys.map((key) => key.expression))) dropIndex(work, table, index)
    }
    for (const { name, expression } of table.checks) {
      if (calls(expression)) work.emit({ op: 'drop_constraint', name, ...at, type: 'check' })
    }
    for (const { name, where, elements } of table.excludes) {
      if (!calls(where, ...elements.map((one) => one.expression))) continue
      work.emit({ op: 'drop_constraint', name, ...at, type: 'exclude' })
    }
    dropColumns(work, table, table.columns.filter((one) => calls(one.generated?.expression)))
    for (const { name, default: value } of table.columns) {
      if (value === undefined || !('expression' in value) || !calls(value.expression)) continue
      work.emit({ op: 'alter_column', ...at, column: name, default: null })
    }
  }
}
