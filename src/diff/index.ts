/** The operations that lead from one schema to another: smallest steps, in an order that always works. */
import type { Model, Table } from '../model/model.ts'
import { shown } from '../model/edit.ts'
import { withSerials } from '../model/serial.ts'
import { knownTriggers } from '../model/trigger.ts'
import type { Dialect, Server } from '../dialect/dialect.ts'
import { definitionOf } from '../ops/index.ts'
import type { Operation } from '../ops/index.ts'
import { clearNames } from './clashes.ts'
import { setComments } from './comments.ts'
import { createForeignKeys } from './constraints.ts'
import { displace } from './displace.ts'
import { changedEnums, changeEnum, createEnum, dropEnums, ownEnums } from './enums.ts'
import { createExtensions, dropExtensions } from './extensions.ts'
import { createNodes } from './create.ts'
import { dropGone } from './gone.ts'
import { changeGrants } from './grants.ts'
import { withStrictTypes } from './options.ts'
import { ordered } from './order.ts'
import { createPolicies } from './policies.ts'
import { openRenames, takeRenames } from './renames.ts'
import type { Rename, RenameAnswers, RenameCandidate } from './renames.ts'
import { createSchemas, dropSchemas } from './schemas.ts'
import { alterSequences, dropSequences, freeSequences } from './sequences.ts'
import { changedTables, compareTables, dropTables } from './tables.ts'
import { createTriggers } from './triggers.ts'
import { createDetails, lostDetails } from './unmanaged.ts'
import { refreshViews } from './views.ts'
import { byKey, identical, keyOf } from '../model/identical.ts'
import { Work } from './work.ts'
import type { Note } from './work.ts'

export type { Note } from './work.ts'
export type { Rename, RenameAnswers, RenameCandidate } from './renames.ts'

export interface DiffOptions extends RenameAnswers {
  /** The server that the operations are for. Absent: the newest that the dialect knows. */
  readonly server?: Server
  /** Whether an extension that is given no schema shall be in the default one. Absent: it is well wherever it is. */
  readonly placedExtensions?: boolean
}

export interface Diff {
  /** In order; applied to the current schema they lead to the desired one. */
  readonly operations: readonly Operation[]
  /** What was renamed: it was answered, or models said so. */
  readonly renames: readonly Rename[]
  /** What could be renamed, and was dropped and created since nobody said so. */
  readonly renameCandidates: readonly RenameCandidate[]
  /** Differences that no operation can make go away. */
  readonly notes: readonly Note[]
  /** The desired schema, with the names that unnamed constraints have. */
  readonly desired: Model
}

/**
 * Finds the operations that lead from a schema to another one. What the dialect cannot hold makes no difference; what it
 * forgets (SQLite: enums, domains) makes one where both schemas know of it.
 * @param current as introspected or replayed
 * @param desired as models documents declare it
 */
export function diff(current: Model, desired: Model, dialect: Dialect, options: DiffOptions = {}): Diff {
  const naming = current.naming ?? desired.naming
  const start = naming === undefined ? current : { ...current, naming }
  const wanted = seen(withSerials(withFilledViews(withoutHints(desired), current), current))
  const from = seen(withSerials(start, wanted))
  const work = new Work(withStrictTypes(from, dialect), wanted, dialect, options.server ?? dialect.newest)
  takeRenames(work, desired, options)
  const { renames, notes, operations } = work
  // Mostly there is nothing to do, and much to look through.
  if (
    compareTables(work) && operations.length === 0 &&
    identical(besideTables(work.model), besideTables(work.desired))
  ) {
    return { operations, renames, renameCandidates: [], notes, desired: work.desired }
  }
  const renameCandidates = openRenames(work, options)
  createSchemas(work)
  createExtensions(work, options.placedExtensions === true)
  freeSequences(work)
  displace(work)
  dropTables(work)
  clearNames(work)
  for (const pair of changedEnums(work)) changeEnum(work, pair)
  const details = lostDetails(work)
  create(work)
  refreshViews(work)
  createTriggers(work)
  createPolicies(work)
  createDetails(work, details)
  setComments(work)
  dropGone(work)
  dropSequences(work)
  dropEnums(work)
  changeGrants(work)
  dropExtensions(work)
  dropSchemas(work)
  return { operations, renames, renameCandidates, notes, desired: work.desired }
}

/** What leads from one schema to the other, a line each; what no operation changes, too. */
export function differenceLines({ operations, notes }: Pick<Diff, 'operations' | 'notes'>): string[] {
  return [...operations.map((one) => definitionOf(one).describe(one)), ...notes.map((one) => one.message)]
}

/**
 * What leads back from where a difference leads to: a difference itself, so that it is as valid and as short. Unlike the
 * inverses of its operations it drops and creates views around a type that changes back.
 * @param current the schema before it
 */
export function wayBack(found: Diff, current: Model, dialect: Dialect, options: DiffOptions = {}): Diff {
  const after = found.operations.reduce((model, one) => definitionOf(one).apply(one, model), current)
  const renames = found.renames.map(({ from, to }) => ({ from: to, to: from }))
  return diff(after, current, dialect, { ...options, renames, noRenames: true, placedExtensions: true })
}

function besideTables({ tables: _, ...rest }: Model): Omit<Model, 'tables'> {
  return rest
}

/** The schema with those triggers that a database that has it shows. */
function seen(schema: Model): Model {
  const triggers = knownTriggers(schema)
  return triggers === schema.triggers ? schema : { ...schema, triggers }
}

/** The schema without what is said about earlier names. */
function withoutHints(desired: Model): Model {
  const plain = (table: Table): Table => {
    if (table.was === undefined && table.columns.every((one) => one.was === undefined)) return table
    const { was: _, ...rest } = table
    return { ...rest, columns: table.columns.map(({ was: __, ...column }) => column) }
  }
  const enums = desired.enums.every((one) => one.was === undefined)
    ? desired.enums
    : desired.enums.map(({ was: _, ...one }) => one)
  return { ...desired, enums, tables: desired.tables.map(plain) }
}

/** Materialized views that shall be created empty may have been filled since. */
function withFilledViews(desired: Model, current: Model): Model {
  if (desired.materializedViews.every((one) => one.populated !== false)) return desired
  const filled = byKey(current.materializedViews.filter((one) => one.populated !== false))
  const materializedViews = desired.materializedViews.map(({ populated, ...one }) =>
    populated === false && !filled.has(keyOf(one)) ? { ...one, populated } : one
  )
  return { ...desired, materializedViews }
}

/** Creates and changes everything else, each after what it needs; then the foreign keys that had to wait. */
function create(work: Work): void {
  const nodes = createNodes(work)
  for (const one of ownEnums(work, nodes.types)) createEnum(work, one)
  for (const node of ordered(nodes.nodes)) node.build()
  for (const { to: table } of changedTables(work)) {
    if (createForeignKeys(work, table)) work.settle(work.table(table)!, table)
    else work.note(shown(table), `table "${shown(table)}": a foreign key refers to what is no key of a table`)
  }
  alterSequences(work)
}
