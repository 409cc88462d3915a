/**
 * What is taken from tables and domains: what calls functions that are dropped and created, and what casts to
 * types, or is computed from columns of them, that are made anew. It is missing then, and created again.
 */
import { computedFrom } from '../model/drop-column.ts'
import { defined } from '../model/defined.ts'
import type { Column, Table } from '../model/model.ts'
import { usedColumns } from '../model/used-columns.ts'
import { isOf } from '../model/types.ts'
import { enumColumns } from '../ops/parts/enum-values.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { dropColumns } from './columns.ts'
import { columnsOf } from './domains.ts'
import type { Caller } from './functions.ts'
import { keyOf } from '../model/identical.ts'
import { dropIndex } from './indexes.ts'
import { castWords, expressionOf, expressionsOf, has, wordsOf } from './mention.ts'
import { goneTables } from './tables.ts'
import { castsToGone } from './upheaval.ts'
import type { Upheaval } from './upheaval.ts'
import type { Work } from './work.ts'

type Texts = readonly (string | undefined)[]

/** Tells of texts whether one of them calls one of the functions. */
export function callsOf(functions: ReadonlySet<string>): (...texts: Texts) => boolean {
  return (...texts) => {
    if (functions.size === 0) return false
    const words = wordsOf(...texts)
    return [...functions].some((name) => has(words, name))
  }
}

/** Takes from domains what calls such functions, or casts to such types. */
export function freeDomains(work: Work, found: Upheaval): void {
  const calls = callsOf(found.functions)
  const holds = (...texts: Texts) => calls(...texts) || castsToGone(found, ...texts)
  for (const { name, schema, default: value, checks } of work.model.domains) {
    const gone = checks.flatMap((check) => holds(check.expression) ? [check.name] : [])
    const unset = holds(expressionOf(value))
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

/** Takes the defaults, checks, exclusion constraints and indexes from tables. */
export function freeTables(work: Work, found: Upheaval): void {
  if (found.functions.size + found.types.size === 0) return
  const gone = new Set(goneTables(work))
  for (const table of work.model.tables) {
    const holds = holdsOf(work, found, table, gone.has(table))
    if (!holds(...expressionsOf(table))) continue
    const at = onTable(table)
    for (const index of table.indexes) {
      if (holds(index.where, ...index.keys.map((key) => key.expression))) dropIndex(work, table, index)
    }
    for (const { name, expression } of table.checks) {
      if (holds(expression)) work.emit({ op: 'drop_constraint', name, ...at, type: 'check' })
    }
    for (const { name, where, elements } of table.excludes) {
      if (!holds(where, ...elements.map((one) => one.expression))) continue
      work.emit({ op: 'drop_constraint', name, ...at, type: 'exclude' })
    }
    for (const column of table.columns) {
      const text = expressionOf(column.default)
      if (!holds(text) || isReset(column, found)) continue
      work.emit({ op: 'alter_column', ...at, column: column.name, default: null })
    }
  }
}

/**
 * Tells of the texts of a table whether they keep what goes from going. Those over columns of an enum that is made anew
 * are put on again with it, and tables that go are gone before that.
 */
function holdsOf(work: Work, found: Upheaval, table: Table, goes: boolean): (...texts: Texts) => boolean {
  const calls = callsOf(found.functions)
  if (found.types.size === 0 || work.dialect.forgets) return calls
  return (...texts) => {
    if (calls(...texts)) return true
    const casts = castWords(...texts)
    if ([...found.domains].some((one) => has(casts, one.name))) return true
    return !goes && found.enums.some((one) => {
      if (!has(casts, one.name)) return false
      const own = enumColumns(table, one).map(({ name }) => name)
      return !texts.some((text) =>
        text !== undefined && usedColumns(text, table).some((name) => own.includes(name))
      )
    })
  }
}

/** Whether the default is put on again when the column gets the new type. */
function isReset({ type, default: value }: Column, { enums, functions }: Upheaval): boolean {
  return enums.some((one) => isOf(type, 'enum', one)) && !callsOf(functions)(expressionOf(value))
}

/**
 * The columns that go because they are computed by what goes, or from columns of types that are made anew: PostgreSQL
 * changes no type under them, and none of such a column itself. By their tables.
 */
export function computedOut(work: Work, found: Upheaval): Caller[] {
  const gone = new Set(goneTables(work))
  return work.model.tables.flatMap((table) => {
    const columns = computedIn(work, found, table, gone.has(table))
    if (columns.length === 0) return []
    return [{
      key: `computed ${keyOf(table)}`,
      name: table.name,
      words: wordsOf(...columns.map((one) => one.generated?.expression)),
      build: () => dropColumns(work, table, columns),
    }]
  })
}

function computedIn(work: Work, found: Upheaval, table: Table, goes: boolean): Column[] {
  const holds = holdsOf(work, found, table, goes)
  const typed = work.dialect.forgets && !goes
    ? []
    : [...found.domains].flatMap((one) => columnsOf(table, one))
  const anew = work.dialect.forgets ? [] : found.enums.flatMap((one) => enumColumns(table, one))
  const computed = new Set([...typed, ...anew].flatMap((one) => computedFrom(table, one.name)))
  return table.columns.filter((one) =>
    computed.has(one) || holds(one.generated?.expression) ||
    (one.generated !== undefined && anew.includes(one))
  )
}
