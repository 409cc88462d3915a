/** What a picture of a schema shows: tables with their columns, and lines from foreign keys to what they refer to. */
import { shown } from '../../model/edit.ts'
import type { Column, Model, Table } from '../../model/model.ts'
import { typeName } from '../../ops/parts/type.ts'

export interface DiagramColumn {
  readonly name: string
  readonly type: string
  /** Any of PK, FK, UK (unique alone), in this order. */
  readonly keys: readonly ('PK' | 'FK' | 'UK')[]
  readonly nullable: boolean
}

export interface DiagramTable {
  readonly name: string
  readonly columns: readonly DiagramColumn[]
}

/** A foreign key. Tables and columns are positions in their lists. */
export interface DiagramLink {
  readonly from: number
  readonly fromColumn: number
  readonly to: number
  readonly toColumn: number
  /** The columns that refer, for people. */
  readonly label: string
  /** Whether a row need not refer to any. */
  readonly optional: boolean
  /** Whether at most one row refers to each. */
  readonly single: boolean
}

export interface Diagram {
  readonly tables: readonly DiagramTable[]
  readonly links: readonly DiagramLink[]
}

/** The picture of a model. Foreign keys to tables that are not in it have no line. */
export function diagramOf({ tables }: Model): Diagram {
  const places = new Map(tables.map((one, i) => [shown(one), i]))
  return {
    tables: tables.map((table) => ({
      name: shown(table),
      columns: table.columns.map((one) => columnOf(one, table)),
    })),
    links: tables.flatMap((table, from) => linksOf(table, from, tables, places)),
  }
}

function columnOf(column: Column, table: Table): DiagramColumn {
  const { name, type, nullable } = column
  const inKey = table.primaryKey?.columns.includes(name) === true
  return {
    name,
    type: typeName(type),
    keys: [
      ...(inKey ? ['PK' as const] : []),
      ...(table.foreignKeys.some((one) => one.columns.includes(name)) ? ['FK' as const] : []),
      ...(!inKey && isUnique(table, [name]) ? ['UK' as const] : []),
    ],
    nullable,
  }
}

/** Whether no two rows have the same values in the columns. */
function isUnique(table: Table, columns: readonly string[]): boolean {
  const within = (key: readonly (string | undefined)[]) =>
    key.every((one) => one !== undefined && columns.includes(one))
  return [table.primaryKey, ...table.uniques].some((one) => one !== undefined && within(one.columns)) ||
    table.indexes.some((one) =>
      one.unique === true && one.where === undefined && within(one.keys.map((key) => key.column))
    )
}

function linksOf(
  table: Table,
  from: number,
  tables: readonly Table[],
  places: ReadonlyMap<string, number>,
): DiagramLink[] {
  const at = (owner: Table, name: string | undefined) =>
    Math.max(0, owner.columns.findIndex((one) => one.name === name))
  return table.foreignKeys.flatMap((key): DiagramLink[] => {
    const to = places.get(shown(key.references))
    if (to === undefined) return []
    return [{
      from,
      fromColumn: at(table, key.columns[0]),
      to,
      toColumn: at(tables[to]!, key.references.columns[0]),
      label: key.columns.join(', '),
      optional: key.columns.some((name) => table.columns.find((one) => one.name === name)?.nullable),
      single: isUnique(table, key.columns),
    }]
  })
}
