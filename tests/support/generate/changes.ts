/** Generated changes of what a model holds, in the form in which YAML writes them. */
import type { Dialect } from '../../../src/dialect/dialect.ts'
import { constraints } from '../../../src/model/edit.ts'
import type { Column, Model, Table } from '../../../src/model/model.ts'
import type { Yaml } from '../operation-yaml.ts'
import { chance, freshName, oneOf, quoted, some } from './choose.ts'
import type { Choices } from './choose.ts'
import { column, createTable, isKeyable } from './tables.ts'

interface Context {
  readonly choices: Choices
  readonly model: Model
  readonly dialect: Dialect
  readonly table: Table
}

type Fields = Yaml | undefined

/** Relations and types that new ones must not be named like. */
function takenNames({ tables, enums, views }: Model): Set<string> {
  const indexes = tables.flatMap((
    table,
  ) => [...table.indexes, ...constraints(table).map((one) => one.constraint)])
  return new Set([...tables, ...enums, ...views, ...indexes].map((one) => one.name.toLowerCase()))
}

const columnNames = (table: Table) => new Set(table.columns.map((one) => one.name.toLowerCase()))

/** A name that nothing has, or none, so that PostgreSQL names it. */
function optionalName({ choices, model }: Context): Yaml {
  return chance(choices, 50) ? { name: freshName(choices, takenNames(model)) } : {}
}

function anyColumn({ choices, table }: Context): string | undefined {
  return table.columns.length === 0 ? undefined : oneOf(choices, table.columns).name
}

function keyColumns({ choices, table }: Context): string[] | undefined {
  const names = table.columns.filter(isKeyable).map((one) => one.name)
  return names.length === 0 ? undefined : some(choices, names, 2)
}

function integerColumn({ choices, table }: Context): string | undefined {
  const names = table.columns.filter((one) => one.type.kind === 'integer').map((one) => one.name)
  return names.length === 0 ? undefined : oneOf(choices, names)
}

function addColumn({ choices, model, dialect, table }: Context): Fields {
  const generated = column(choices, model, dialect, columnNames(table))
  const more = chance(choices, 10) ? { unique: generated['type'] !== 'json' } : {}
  const indexed = chance(choices, 10) && generated['type'] !== 'json' ? { index: true } : {}
  return { table: table.name, column: { ...generated, ...more, ...indexed } }
}

function dropColumn(context: Context): Fields {
  const name = anyColumn(context)
  return name === undefined || context.table.columns.length < 2
    ? undefined
    : { table: context.table.name, column: name }
}

function renameColumn(context: Context): Fields {
  const name = anyColumn(context)
  const { choices, table } = context
  return name === undefined
    ? undefined
    : { table: table.name, column: name, new_name: freshName(choices, columnNames(table)) }
}

const NUMBERS = ['integer', 'bigint', 'numeric(12, 3)', 'real']
const TEXTS = ['text', 'varchar(50)']

/** Types that values of a column's type can become, and come back from. */
function newTypes({ type, default: value, generated, identity }: Column): readonly string[] {
  if (value !== undefined || generated !== undefined || identity !== undefined) return []
  if (['smallint', 'integer', 'bigint', 'real', 'double'].includes(type.kind)) return NUMBERS
  return ['varchar', 'text'].includes(type.kind) ? TEXTS : []
}

function alterColumn({ choices, table }: Context): Fields {
  if (table.columns.length === 0) return undefined
  const column = oneOf(choices, table.columns)
  const types = newTypes(column).flatMap((type): Yaml[] => [
    { type },
    { type, nullable: true, using: `CAST(${quoted(column.name)} AS ${type})` },
    { type, new_name: freshName(choices, columnNames(table)) },
  ])
  const change = oneOf<Yaml>(choices, [
    { nullable: true },
    { nullable: false },
    { default: null },
    { comment: `it's a column` },
    { new_name: freshName(choices, columnNames(table)) },
    ...types,
  ])
  return { table: table.name, column: column.name, ...change }
}

function renameTable({ choices, model, table }: Context): Fields {
  return { name: table.name, new_name: freshName(choices, takenNames(model)) }
}

function createIndex(context: Context): Fields {
  const { choices, model, table } = context
  const columns = keyColumns(context)
  const integer = integerColumn(context)
  return columns && {
    name: freshName(choices, takenNames(model)),
    table: table.name,
    columns: columns.map((one) => chance(choices, 20) ? { column: one, sort: 'desc' } : one),
    ...(chance(choices, 30) ? { unique: true } : {}),
    ...(integer !== undefined && chance(choices, 20) ? { where: `${quoted(integer)} > 5` } : {}),
  }
}

function dropIndex({ choices, table }: Context): Fields {
  if (table.indexes.length === 0) return undefined
  return { name: oneOf(choices, table.indexes).name, table: table.name }
}

function createUnique(context: Context): Fields {
  const columns = keyColumns(context)
  return columns && { ...optionalName(context), table: context.table.name, columns }
}

function createPrimaryKey(context: Context): Fields {
  const columns = keyColumns(context)
  return columns && { ...optionalName(context), table: context.table.name, columns }
}

function createCheck(context: Context): Fields {
  const integer = integerColumn(context)
  return integer === undefined ? undefined : {
    ...optionalName(context),
    table: context.table.name,
    condition: `${quoted(integer)} ${oneOf(context.choices, ['>= 0', 'BETWEEN 0 AND 9', '<> 1 OR 1 = 1'])}`,
  }
}

function createForeignKey(context: Context): Fields {
  const { choices, model, table } = context
  const pairs = model.tables.flatMap((target) =>
    target.primaryKey?.columns.length !== 1 ? [] : table.columns
      .filter((one) =>
        JSON.stringify(one.type) === JSON.stringify(typeOf(target, target.primaryKey!.columns[0]!))
      )
      .map((one) => ({ column: one.name, target }))
  )
  if (pairs.length === 0) return undefined
  const { column: name, target } = oneOf(choices, pairs)
  return {
    ...optionalName(context),
    table: table.name,
    columns: [name],
    references: { table: target.name, columns: target.primaryKey!.columns },
    ...(chance(choices, 30) ? { on_delete: 'cascade' } : {}),
  }
}

const typeOf = (table: Table, name: string) => table.columns.find((one) => one.name === name)?.type

function dropConstraint({ choices, table }: Context): Fields {
  const all = constraints(table)
  return all.length === 0 ? undefined : { name: oneOf(choices, all).constraint.name, table: table.name }
}

function renameConstraint(context: Context): Fields {
  const dropped = dropConstraint(context)
  return dropped && { ...dropped, new_name: freshName(context.choices, takenNames(context.model)) }
}

function anEnum({ choices, model }: Context) {
  return model.enums.length === 0 ? undefined : oneOf(choices, model.enums)
}

function setEnumValues(context: Context): Fields {
  const one = anEnum(context)
  return one && { name: one.name, values: [...new Set([...one.values].reverse().concat('another'))] }
}

function renameEnumValue(context: Context): Fields {
  const one = anEnum(context)
  return one && { name: one.name, from: oneOf(context.choices, one.values), to: 're"named' }
}

function createView(context: Context): Fields {
  const name = anyColumn(context)
  const { choices, model, table } = context
  if (name === undefined) return undefined
  const query = `SELECT ${quoted(name)} FROM ${quoted(table.name)}`
  return { name: freshName(choices, takenNames(model)), query }
}

const CHANGES: Readonly<Record<string, (context: Context) => Fields>> = {
  add_column: addColumn,
  drop_column: dropColumn,
  rename_column: renameColumn,
  alter_column: alterColumn,
  create_index: createIndex,
  drop_index: dropIndex,
  create_unique_constraint: createUnique,
  create_check_constraint: createCheck,
  create_foreign_key: createForeignKey,
  create_primary_key: createPrimaryKey,
  drop_constraint: dropConstraint,
  rename_constraint: renameConstraint,
  rename_table: renameTable,
  drop_table: ({ table }) => ({ name: table.name }),
  create_table_comment: ({ table }) => ({ table: table.name, comment: `it's "new"` }),
  set_enum_values: setEnumValues,
  rename_enum_value: renameEnumValue,
  create_view: createView,
}

/** An operation that the model probably takes; undefined when the one that was chosen finds nothing to work on. */
export function change(choices: Choices, model: Model, dialect: Dialect): Yaml | undefined {
  if (model.tables.length === 0) return createTable(choices, model, dialect)
  const context = { choices, model, dialect, table: oneOf(choices, model.tables) }
  const kind = oneOf(choices, Object.keys(CHANGES))
  const fields = CHANGES[kind]!(context)
  return fields && { [kind]: fields }
}
