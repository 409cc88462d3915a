/** Enums: values are added where they stand; removing one, or another order, gives the type its values anew. */
import type { Enum, Table } from '../model/model.ts'
import { find } from '../model/edit.ts'
import { defined } from '../model/defined.ts'
import { element } from '../model/types.ts'
import { enumTables, namesValue, namingValues, typeUses } from '../ops/parts/enum.ts'
import { enumColumns } from '../ops/parts/enum-values.ts'
import { onTable } from '../ops/parts/on-table.ts'
import { dropIndex } from './indexes.ts'
import { byKey, keyOf } from '../model/identical.ts'
import type { Work } from './work.ts'

export interface EnumPair {
  readonly from: Enum
  readonly to: Enum
}

/** The enums that are on both sides and have other values there. */
export function changedEnums(work: Work): EnumPair[] {
  const here = byKey(work.model.enums)
  return work.desired.enums.flatMap((to) => {
    const from = here.get(keyOf(to))
    return from === undefined || from.values.join('\0') === to.values.join('\0') ? [] : [{ from, to }]
  })
}

/** The enums that are not there yet. */
export function newEnums(work: Work): Enum[] {
  const here = byKey(work.model.enums)
  return work.desired.enums.filter((one) => !here.has(keyOf(one)))
}

/** The enums that shall not be. */
export function goneEnums(work: Work): Enum[] {
  const wanted = byKey(work.desired.enums)
  return work.model.enums.filter((one) => !wanted.has(keyOf(one)))
}

/** Whether values go, or stand in another order: PostgreSQL makes the type anew for that. */
export function isRebuilt({ from, to }: EnumPair): boolean {
  const kept = to.values.filter((value) => from.values.includes(value))
  return kept.join('\0') !== from.values.join('\0')
}

/** Adds the values that an enum lacks, or gives it its values anew. */
export function changeEnum(work: Work, pair: EnumPair): void {
  const { to } = pair
  const name = defined({ name: to.name, schema: to.schema })
  if (isRebuilt(pair)) {
    freeDefaults(work, pair)
    freeExpressions(work, pair)
    work.emit({ op: 'set_enum_values', ...name, values: to.values })
    return
  }
  to.values.forEach((value, i) => {
    const { values } = find(work.model, 'enums', to)!
    if (values.includes(value)) return
    const last = i === 0 ? undefined : to.values[i - 1]
    const place = last === values.at(-1) ? {} : last === undefined ? { before: values[0]! } : { after: last }
    work.emit({ op: 'add_enum_value', ...name, value, ...place })
  })
}

/** Takes constraints and indexes away that name values which go: they are missing then, and created as they shall be. */
function freeExpressions(work: Work, { from, to }: EnumPair): void {
  if (work.dialect.forgets) return
  const gone = from.values.filter((value) => !to.values.includes(value))
  for (const table of enumTables(work.model, from)) {
    for (const { kind, name } of namingValues(table, from, gone)) {
      if (kind === 'index') dropIndex(work, table, table.indexes.find((one) => one.name === name)!)
      else work.emit({ op: 'drop_constraint', name, ...onTable(table), type: kind })
    }
  }
}

/** Takes defaults away that name values which go. */
function freeDefaults(work: Work, { from, to }: EnumPair): void {
  const gone = from.values.filter((value) => !to.values.includes(value))
  for (const table of enumTables(work.model, from)) {
    for (const column of enumColumns(table, from)) {
      const value = column.default
      if (value === undefined || !gone.some((label) => namesValue(value, label))) continue
      work.emit({ op: 'alter_column', ...onTable(table), column: column.name, default: null })
    }
  }
}

/** Creates an enum that no column brings with it. */
export function createEnum(work: Work, one: Enum): void {
  if (find(work.model, 'enums', one) !== undefined) return
  const { name, schema, values, comment } = one
  work.emit(defined({ op: 'create_enum', name, schema, values, comment }))
}

/**
 * The new enums that are created by themselves: they have a comment, or no column of a table brings them. Where the
 * database forgets enums, only those that something else needs.
 */
export function ownEnums(work: Work, needed: ReadonlySet<string>): Enum[] {
  const used = new Set<string>()
  for (const table of work.desired.tables) usedBy(table).forEach((key) => used.add(key))
  const alone = (one: Enum) =>
    needed.has(one.name) || (!work.dialect.forgets && (one.comment !== undefined || !used.has(keyOf(one))))
  return newEnums(work).filter(alone)
}

function usedBy(table: Table): string[] {
  return table.columns.flatMap(({ type }) => {
    const base = element(type)
    return base.kind === 'enum' ? [keyOf(base)] : []
  })
}

/** Drops the enums that shall not be. Where they are forgotten, a column may still be of one that looks the same. */
export function dropEnums(work: Work): void {
  for (const one of goneEnums(work)) {
    if (work.dialect.forgets && typeUses(work.model, 'enum', one).length > 0) continue
    dropEnum(work, one)
  }
}

export function dropEnum(work: Work, { name, schema }: Enum): void {
  work.emit(defined({ op: 'drop_enum', name, schema }))
}
