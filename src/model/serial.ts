/**
 * Serial columns. PostgreSQL does not keep whether a column was declared serial: one whose default is nextval() of a plain
 * sequence that it owns is one.
 */
import type { Column, Model, QualifiedName, Sequence, Table } from './model.ts'
import { change, find, findColumn, isOwnedBy, sameName } from './edit.ts'
import { defined } from './defined.ts'
import { objectName } from './names.ts'
import { spelled } from './sql-names.ts'
import { tokenize } from './sql-tokens.ts'

/** Whether nothing but its owner and its type is said about a sequence. */
export function isPlain({ name: _, schema: __, ownedBy, type: ___, ...options }: Sequence): boolean {
  return ownedBy !== undefined && Object.values(options).every((one) => one === undefined)
}

/** Whether the default of a column is the next value of a sequence, in whatever schema. */
function isNext({ default: value }: Column, { name }: QualifiedName): boolean {
  if (value === undefined || !('expression' in value) || !/^\s*nextval\s*\(/i.test(value.expression)) {
    return false
  }
  return tokenize(value.expression, 'postgres').some(({ kind, text }) =>
    kind === 'string' && /(?:^|\.)("?)([^."]+)\1$/.exec(text.slice(1, -1).replaceAll("''", "'"))?.[2] === name
  )
}

/**
 * The sequence of a column that has what `serial` makes under another name: it keeps its own when the table or the column is
 * renamed. Undefined where there is none, or where more is said of it.
 */
export function countingSequence(model: Model, table: Table, column: Column): Sequence | undefined {
  return model.sequences.find((one) =>
    isOwnedBy(one, table) && one.ownedBy?.column === column.name && isPlain({ ...one, comment: undefined }) &&
    (one.type ?? 'bigint') === column.type.kind && isNext(column, one)
  )
}

/** A schema with the columns serial that are in the other one and are said to have a sequence of their own. */
export function withSerials(schema: Model, other: Model): Model {
  const own = schema.sequences.filter((one) => isPlain(one) && find(other, 'sequences', one) === undefined)
  if (own.length === 0) return schema
  const taken = new Set<Sequence>()
  const serial = (table: Table, column: Column): Column => {
    const there = find(other, 'tables', table)
    if (there === undefined || findColumn(there, column.name)?.serial !== true) return column
    const sequence = own.find((one) =>
      isOwnedBy(one, table) && one.ownedBy?.column === column.name && isNext(column, one)
    )
    if (sequence === undefined) return column
    taken.add(sequence)
    const { default: _, ...rest } = column
    return { ...rest, serial: true }
  }
  const owners = new Set(own.map((one) => one.ownedBy!.table))
  const tables = schema.tables.map((table) =>
    owners.has(table.name)
      ? { ...table, columns: table.columns.map((column) => serial(table, column)) }
      : table
  )
  if (taken.size === 0) return schema
  return { ...schema, tables, sequences: schema.sequences.filter((one) => !taken.has(one)) }
}

/**
 * The schema with a sequence of its own for the serial column that brought it: who alters that sequence names it. As it is,
 * where it has that sequence, or no such column.
 */
export function withOwnSequence(model: Model, name: QualifiedName): Model {
  if (find(model, 'sequences', name) !== undefined) return model
  for (const table of model.tables) {
    const column = table.columns.find((one) =>
      one.serial === true &&
      sameName(defined({ schema: table.schema, name: objectName(table.name, one.name, 'seq') }), name)
    )
    if (column === undefined) continue
    const { kind } = column.type
    const sequence = defined<Sequence>({
      name: name.name,
      schema: table.schema,
      type: kind === 'smallint' || kind === 'integer' ? kind : undefined,
      ownedBy: { table: table.name, column: column.name },
    })
    const text = [table.schema, name.name].flatMap((one) => one === undefined ? [] : [spelled(one)]).join('.')
    const { serial: _, ...rest } = column
    const plain = { ...rest, default: { expression: `nextval('${text.replaceAll("'", "''")}'::regclass)` } }
    const changed = change(model, 'tables', table, (one) => ({
      ...one,
      columns: one.columns.map((each) => each === column ? plain : each),
    }))
    return { ...changed, sequences: [...model.sequences, sequence] }
  }
  return model
}
