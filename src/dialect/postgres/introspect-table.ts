/** Tables and their columns out of the catalog's rows. */
import type { Column, DataType, Identity, Table } from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import type { Row } from '../dialect.ts'
import { canonicalDefault } from './default.ts'
import { unwrapped } from './expression.ts'
import { tableConstraints } from './introspect-constraint.ts'
import { policies } from './introspect-code.ts'
import { index } from './introspect-index.ts'
import { integerKind, parameters, sequenceDefaults } from './options.ts'
import { sequenceOptions, typeOf } from './reading.ts'
import type { Reading } from './reading.ts'
import { list, text, textOr } from './row.ts'

function column(reading: Reading, row: Row): Column {
  const type = typeOf(reading, row)
  const sequence = reading.owned.get(`${String(row['relation'])}:${String(row['number'])}`)
  const serial = reading.isSerial(row, sequence)
  const value = textOr(row, 'default_value')
  const generated = textOr(row, 'generated')
  return defined<Column>({
    name: text(row, 'name'),
    type,
    nullable: row['not_null'] !== true,
    default: serial || generated !== undefined || value === undefined
      ? undefined
      : canonicalDefault({ expression: unwrapped(value) }, type),
    generated: generated === undefined
      ? undefined
      : { expression: unwrapped(value ?? ''), stored: generated === 's' },
    identity: identity(row, type, sequence),
    serial: serial ? true : undefined,
    collation: textOr(row, 'collation'),
    comment: textOr(row, 'comment'),
  })
}

function identity(row: Row, type: DataType, sequence: Row | undefined): Identity | undefined {
  const kind = textOr(row, 'identity')
  if (kind === undefined) return undefined
  const options = sequence === undefined
    ? {}
    : sequenceDefaults(sequenceOptions(sequence), integerKind(type.kind))
  return { generated: kind === 'a' ? 'always' : 'by_default', ...options }
}

/** The table of a row of relations, with its columns, constraints and indexes. */
export function table(reading: Reading, row: Row): Table {
  const oid = row['oid']
  const columns = reading.of('columns', oid)
  const constraintRows = reading.of('constraints', oid)
  const backing = new Set(constraintRows.filter((one) => one['kind'] !== 'f').map((one) => one['index']))
  const parents = list<string>(row, 'inherits')
  return defined<Table>({
    ...reading.named(row['schema'], text(row, 'name')),
    columns: columns.filter((one) => one['local'] === true).map((one) => column(reading, one)),
    ...tableConstraints(
      reading,
      constraintRows,
      new Map(columns.map((one) => [one['number'], text(one, 'name')])),
    ),
    indexes: reading.of('indexes', oid).filter((one) => !backing.has(one['oid'])).map(index),
    comment: textOr(row, 'comment'),
    unlogged: row['persistence'] === 'u' ? true : undefined,
    with: parameters(list<string>(row, 'options')),
    tablespace: textOr(row, 'tablespace'),
    partitionBy: textOr(row, 'partition_by'),
    inherits: parents.length === 0 ? undefined : parents,
    rowSecurity: row['row_security'] === true ? true : undefined,
    forceRowSecurity: row['force_row_security'] === true ? true : undefined,
    policies: policies(reading, oid),
  })
}
