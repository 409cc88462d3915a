/** What the readers of catalog rows share: rows by what they belong to, and names and types as the model has them. */
import type { DataType, QualifiedName } from '../../model/model.ts'
import { groupBy } from '../../group.ts'
import { objectName } from '../../model/names.ts'
import type { Row } from '../dialect.ts'
import type { Catalog } from './catalog.ts'
import { integerKind, sequenceDefaults } from './options.ts'
import { text, textOr } from './row.ts'
import { parseType } from './types.ts'

/** What the readers of rows share. */
export interface Reading {
  readonly catalog: Catalog
  /** A name as the model has it: without its schema when that is the current one. */
  readonly named: (schema: unknown, name: string) => QualifiedName
  /** Rows by the relation they belong to. */
  readonly of: (part: 'columns' | 'constraints' | 'indexes' | 'policies', relation: unknown) => readonly Row[]
  readonly indexById: ReadonlyMap<unknown, Row>
  /** Sequences that a column owns, by `relation:number`. */
  readonly owned: ReadonlyMap<string, Row>
  /** Whether the row of a column, with that of the sequence that it owns, is what `serial` says. */
  readonly isSerial: (column: Row, sequence: Row | undefined) => boolean
}

/** Sorts the rows of a catalog. */
export function readingOf(catalog: Catalog): Reading {
  const home = catalog.settings[0]?.['schema']
  const grouping = (rows: readonly Row[]) => groupBy(rows, (row) => row['relation'])
  const grouped = {
    columns: grouping(catalog.columns),
    constraints: grouping(catalog.constraints),
    indexes: grouping(catalog.indexes),
    policies: grouping(catalog.policies),
  }
  const owned = catalog.sequences.filter((row) => row['owner'] !== null)
  const tables = new Map(catalog.relations.map((row) => [row['oid'], row]))
  return {
    catalog,
    named: (schema, name) => schema === home ? { name } : { schema: String(schema), name },
    of: (part, relation) => grouped[part].get(relation) ?? [],
    indexById: new Map(catalog.indexes.map((row) => [row['oid'], row])),
    owned: new Map(owned.map((row) => [`${String(row['owner'])}:${String(row['owner_column'])}`, row])),
    isSerial: (column, sequence) =>
      isSerial(column, sequence) && hasUsualName(sequence!, column, tables.get(column['relation'])),
  }
}

/** Whether a sequence is called as `serial` would have it. One that is not has to be known by its name. */
function hasUsualName(sequence: Row, column: Row, table: Row | undefined): boolean {
  return table !== undefined &&
    sequence['name'] === objectName(text(table, 'name'), text(column, 'name'), 'seq')
}

/** The type that a row of columns or domains describes. */
export function typeOf(reading: Reading, row: Row): DataType {
  const kind = row['type_kind']
  const named = () => reading.named(row['type_schema'], text(row, 'type_name'))
  const type: DataType = kind === 'e'
    ? { kind: 'enum', ...named() }
    : kind === 'd'
    ? { kind: 'domain', ...named() }
    : parseType(text(row, 'type'))
  if (row['is_array'] !== true) return type
  // format_type() writes one pair of brackets, however many dimensions were declared.
  const dimensions = Math.max(1, Number(row['dimensions']))
  return { kind: 'array', of: type.kind === 'array' ? type.of : type, dimensions }
}

/** Whether the default is nextval() of the sequence that the column owns, and that has no options of its own. */
function isSerial(row: Row, sequence: Row | undefined): boolean {
  if (sequence?.['owned'] !== 'a' || !SERIAL_TYPES.has(text(row, 'type'))) return false
  const target = /^nextval\('((?:[^']|'')+)'::regclass\)$/.exec(textOr(row, 'default_value') ?? '')?.[1]
  if (target === undefined) return false
  const type = integerKind(text(sequence, 'type'))
  if (Object.keys(sequenceDefaults(sequenceOptions(sequence), type)).length > 0) return false
  const name = text(sequence, 'name')
  const last = /(?:^|\.)("(?:[^"]|"")+"|[^".]+)$/.exec(target.replaceAll("''", "'"))?.[1] ?? ''
  return last === name || last === `"${name.replaceAll('"', '""')}"`
}

/** A domain over one of them is none: what serial makes is of the type itself. */
const SERIAL_TYPES: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint'])

/** All options of a sequence's row. */
export function sequenceOptions(row: Row) {
  return {
    increment: Number(row['increment']),
    start: Number(row['start']),
    minValue: Number(row['min']),
    maxValue: Number(row['max']),
    cache: Number(row['cache']),
    cycle: row['cycle'] === true,
  }
}
