/** What could have been renamed, and why it looks so. */
import type { Column, DataType, Enum, Table } from '../model/model.ts'
import { sameSchema, shown } from '../model/edit.ts'
import { didYouMean } from '../problem.ts'
import { isOf } from '../model/types.ts'
import { columnPairs, goingColumns } from './columns.ts'
import { changedEnums, goneEnums, newEnums } from './enums.ts'
import { changedTables, goneTables, newTables } from './tables.ts'
import type { Work } from './work.ts'

export interface RenameCandidate {
  readonly kind: 'table' | 'column' | 'enum' | 'enum value'
  /** As `--rename` takes them: `users.name`. */
  readonly from: string
  readonly to: string
  /** Why it may be one: `the same type varchar(30)`. */
  readonly reasons: readonly string[]
}

/** How much of two tables must be the same. */
const HALF = 0.5
const SOME = 0.3

export function tableCandidates(work: Work): RenameCandidate[] {
  const added = newTables(work)
  if (added.length === 0) return []
  return goneTables(work).flatMap((from) => {
    const types = new Map(from.columns.map((one) => [one.name, one.type]))
    return added.filter((to) => sameSchema(from, to) || from.name === to.name).flatMap((to) => {
      const shared = sharedColumns(work, types, to)
      const most = Math.max(from.columns.length, to.columns.length, 1)
      // Names take longest to compare, and most of many tables have little in common.
      if (shared / most < SOME) return []
      const alike = !sameSchema(from, to) || similar(from.name, to.name)
      if (!alike && shared / most < HALF) return []
      return [{ score: shared / most + (alike ? 1 : 0), from, to, shared, alike, most }]
    }).sort((a, b) => b.score - a.score).slice(0, 3).map(({ to, shared, alike, most }): RenameCandidate => ({
      kind: 'table',
      from: shown(from),
      to: shown(to),
      reasons: [
        shared === most ? 'all columns are the same' : `${shared} of ${most} columns are the same`,
        ...sameSchema(from, to) ? (alike ? ['a similar name'] : []) : ['the same name in another schema'],
      ],
    }))
  })
}

function sharedColumns(work: Work, types: ReadonlyMap<string, DataType>, to: Table): number {
  return to.columns.filter((one) => {
    const type = types.get(one.name)
    return type !== undefined && work.dialect.sameType(type, one.type)
  }).length
}

export function columnCandidates(work: Work): RenameCandidate[] {
  return changedTables(work).flatMap(({ from, to }) => {
    const going = goingColumns(work, from, to)
    if (going.length === 0) return []
    const kept = new Set(columnPairs(work, from, to).map((one) => one.to))
    const coming = to.columns.filter((one) => !kept.has(one))
    return going.flatMap((old) =>
      coming.map((one) => ({ one, reasons: reasonsFor(work, [from, to], [old, one]) }))
        .filter(({ reasons }) => reasons.length > 0)
        .sort((a, b) => b.reasons.length - a.reasons.length).slice(0, 3)
        .map(({ one, reasons }): RenameCandidate => ({
          kind: 'column',
          from: `${shown(from)}.${old.name}`,
          to: `${shown(to)}.${one.name}`,
          reasons,
        }))
    )
  })
}

/** Why a column may be the other one; nothing when it can hardly be. */
function reasonsFor(work: Work, [from, to]: [Table, Table], [old, one]: [Column, Column]): string[] {
  if ((old.generated === undefined) !== (one.generated === undefined)) return []
  const [here, there] = [held(work, from, old, 'model'), held(work, to, one, 'desired')]
  const sameType = work.dialect.sameType(here.type, there.type)
  const alike = similar(old.name, one.name)
  if (!sameType && !(alike && family(here.type) === family(there.type))) return []
  const place = from.columns.indexOf(old) === to.columns.indexOf(one)
  const value = old.default !== undefined && work.dialect.sameDefault(here.default, there.default, there.type)
  return [
    sameType ? 'the same type' : 'a type of the same kind',
    ...alike ? ['a similar name'] : [],
    ...value ? ['the same default'] : [],
    ...place ? ['the same place'] : [],
  ]
}

function held(work: Work, table: Table, column: Column, side: 'model' | 'desired'): Column {
  return work.shadow(table, work[side]).columns[table.columns.indexOf(column)]!
}

const FAMILIES: Readonly<Partial<Record<DataType['kind'], string>>> = {
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  real: 'number',
  double: 'number',
  numeric: 'number',
  text: 'text',
  varchar: 'text',
  char: 'text',
  enum: 'text',
  date: 'time',
  timestamp: 'time',
  timestamptz: 'time',
  json: 'json',
  jsonb: 'json',
}

function family(type: DataType): string {
  return FAMILIES[type.kind] ?? type.kind
}

/** Whether two names are nearly one, or have a word in common: `name` and `full_name`. */
function similar(a: string, b: string): boolean {
  if (didYouMean(a, [b]) !== undefined) return true
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  if (Math.min(x.length, y.length) >= 3 && (x.includes(y) || y.includes(x))) return true
  const words = new Set(x.split(/[\W_]+/).filter((word) => word.length >= 3))
  return y.split(/[\W_]+/).some((word) => words.has(word))
}

/** None where the database forgets enums: nothing is dropped and created there. */
export function enumCandidates(work: Work): RenameCandidate[] {
  const added = work.dialect.forgets ? [] : newEnums(work)
  return goneEnums(work).flatMap((from) =>
    added.filter((to) => sameSchema(from, to)).flatMap((to) => {
      const shared = from.values.filter((value) => to.values.includes(value)).length
      const most = Math.max(from.values.length, to.values.length)
      const alike = similar(from.name, to.name)
      const column = movedColumn(work, from, to)
      if (shared === 0 || (column === undefined && shared / most < (alike ? SOME : HALF))) return []
      return [{ score: shared / most + (alike ? 1 : 0) + (column ? 1 : 0), to, shared, most, alike, column }]
    }).sort((a, b) => b.score - a.score).slice(0, 3).map((
      { to, shared, most, alike, column },
    ): RenameCandidate => ({
      kind: 'enum',
      from: shown(from),
      to: shown(to),
      reasons: [
        shared === most ? 'all values are the same' : `${shared} of ${most} values are the same`,
        ...alike ? ['a similar name'] : [],
        ...column === undefined ? [] : [`the type of ${column}`],
      ],
    }))
  )
}

/** The first column that is of the one enum and shall be of the other. */
function movedColumn(work: Work, from: Enum, to: Enum): string | undefined {
  for (const pair of changedTables(work)) {
    const moved = columnPairs(work, pair.from, pair.to).find((one) =>
      isOf(one.from.type, 'enum', from) && isOf(one.to.type, 'enum', to)
    )
    if (moved !== undefined) return `"${shown(pair.to)}.${moved.to.name}"`
  }
}

export function valueCandidates(work: Work): RenameCandidate[] {
  return changedEnums(work).flatMap(({ from, to }) => {
    const gone = from.values.filter((value) => !to.values.includes(value))
    const come = to.values.filter((value) => !from.values.includes(value))
    return gone.flatMap((old) =>
      come.filter((one) => from.values.indexOf(old) === to.values.indexOf(one) || similar(old, one))
        .map((one): RenameCandidate => ({
          kind: 'enum value',
          from: `${shown(from)}.${old}`,
          to: `${shown(to)}.${one}`,
          reasons: [
            ...from.values.indexOf(old) === to.values.indexOf(one) ? ['the same place'] : [],
            ...similar(old, one) ? ['a similar name'] : [],
          ],
        }))
    )
  })
}
