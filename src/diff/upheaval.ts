/** What changes so that what uses it must go first. */
import { computedFrom } from '../model/drop-column.ts'
import { heirsOf } from '../model/inherited.ts'
import type { Domain, Enum, SqlText, Table } from '../model/model.ts'
import { enumTables } from '../ops/parts/enum.ts'
import { enumColumns } from '../ops/parts/enum-values.ts'
import { columnPairs, goingColumns, isRecreated, isRetyped } from './columns.ts'
import { changedDomains, columnsOf, domainsOver } from './domains.ts'
import { changedEnums, isRebuilt } from './enums.ts'
import { castWords, has } from './mention.ts'
import { changedTables, goneTables } from './tables.ts'
import type { Work } from './work.ts'

export interface Upheaval {
  /** Relations by their bare names: the columns concerned, or all of it. */
  readonly relations: Map<string, Set<string> | 'all'>
  /** Names of functions that are dropped and created. */
  readonly functions: Set<string>
  /** Enums that are made anew. */
  readonly enums: readonly Enum[]
  /** Domains that are dropped and created. */
  readonly domains: Set<Domain>
  /** Names of both. */
  readonly types: Set<string>
}

/** What the differences of tables and types alone put in motion. */
export function upheaval(work: Work): Upheaval {
  const enums = changedEnums(work).filter(isRebuilt).map((one) => one.from)
  const types = new Set(enums.map((one) => one.name))
  const found: Upheaval = { relations: new Map(), functions: new Set(), enums, domains: new Set(), types }
  for (const one of goneTables(work)) found.relations.set(one.name, 'all')
  for (const { from, to } of changedTables(work)) {
    for (const one of goingColumns(work, from, to)) touch(work, found, from, one.name)
    for (const pair of columnPairs(work, from, to)) {
      if (isRetyped(pair, work) || isRecreated(pair, work, from)) touch(work, found, from, pair.from.name)
    }
  }
  for (const one of enums) {
    for (const table of enumTables(work.model, one)) {
      for (const { name } of enumColumns(table, one)) touch(work, found, table, name)
    }
    domainsOver(work, 'enum', one).forEach((over) => stirDomain(work, found, over))
  }
  changedDomains(work).forEach((one) => stirDomain(work, found, one))
  return found
}

/** Puts a column, what is computed from it, and what inherits it among what changes. */
export function touch({ model }: Work, found: Upheaval, table: Table, column: string): void {
  for (const one of [table, ...heirsOf(model, table)]) touchOwn(found, one, column)
}

function touchOwn(found: Upheaval, table: Table, column: string): void {
  const known = found.relations.get(table.name)
  if (known === 'all') return
  const columns = known ?? new Set<string>()
  found.relations.set(table.name, columns)
  if (columns.has(column)) return
  columns.add(column)
  for (const one of computedFrom(table, column)) touchOwn(found, table, one.name)
}

/** Puts a domain, those over it, and the columns of them among what changes. */
export function stirDomain(work: Work, found: Upheaval, domain: Domain): void {
  if (found.domains.has(domain)) return
  found.domains.add(domain)
  found.types.add(domain.name)
  for (const table of work.model.tables) {
    for (const { name } of columnsOf(table, domain)) touch(work, found, table, name)
  }
  for (const over of domainsOver(work, 'domain', domain)) stirDomain(work, found, over)
}

/**
 * Whether a text with these words may read what changes.
 * @param every whether it reads all columns of what it names
 */
export function isStirred(
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

/** Whether one of the texts casts to a type that is made anew. */
export function castsToGone({ types }: Upheaval, ...texts: readonly (SqlText | undefined)[]): boolean {
  if (types.size === 0) return false
  const words = castWords(...texts)
  return [...types].some((name) => has(words, name))
}

/** Whether what a function takes or returns is of a type that goes; a table whose columns change stays a type. */
export function usesWhole(words: ReadonlySet<string>, { relations, types }: Upheaval): boolean {
  for (const name of types) if (has(words, name)) return true
  for (const [name, columns] of relations) if (columns === 'all' && has(words, name)) return true
  return false
}

export function isQuiet({ relations, types, functions }: Upheaval): boolean {
  return relations.size + types.size + functions.size === 0
}
