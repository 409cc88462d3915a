/** What an operation of the original means where only the schema can tell. */
import type { Model, Table } from '../model/model.ts'
import { constraints, find } from '../model/edit.ts'
import type { Operation } from '../ops/index.ts'
import type { TypeSpec } from '../ops/parts/type.ts'

export interface Settled {
  readonly operation: Operation
  /** What is wrong with the original. */
  readonly note?: string
}

/** What stands for a name that the original leaves out, until the schema tells which one is meant. */
export const UNNAMED = '?'

/**
 * @param model the schema at the operation
 * @param before the schema before the revision: what a downgrade takes away is not in it
 */
export function settle(operation: Operation, model: Model, before: Model): Settled {
  if (operation.op === 'drop_constraint') return named(operation, model, before)
  if (operation.op === 'alter_column' && operation.type !== undefined) {
    const { type, note } = known(operation.type, model)
    return { operation: { ...operation, type }, ...note }
  }
  if (operation.op === 'add_column') {
    const { type, note } = known(operation.column.type, model)
    return { operation: { ...operation, column: { ...operation.column, type } }, ...note }
  }
  if (operation.op !== 'create_table') return { operation }
  let told: { note?: string } = {}
  const columns = operation.columns.map((column) => {
    const { type, note } = known(column.type, model)
    told = { ...told, ...note }
    return { ...column, type }
  })
  return { operation: { ...operation, columns }, ...told }
}

/**
 * Whether the operation does more than the statement it was read from: with its default a serial column loses its
 * sequence, which SQL leaves where it is.
 */
export function doesMore(operation: Operation, model: Model): boolean {
  if (operation.op !== 'alter_column' || operation.default === undefined) return false
  const table = model.tables.find((one) => one.name === operation.table && one.schema === operation.schema)
  return table?.columns.find((one) => one.name === operation.column)?.serial === true
}

/** An enum that exists is the one of that name, whatever values the original lists. */
function known(type: TypeSpec, model: Model): { type: TypeSpec; note: { note?: string } } {
  if (typeof type !== 'string' && 'native' in type && typeof type.native === 'string') {
    return { type: namedType(type.native, model) ?? type, note: {} }
  }
  if (typeof type === 'string' || !('enum' in type) || type.native === false) return { type, note: {} }
  if (typeof type.enum === 'string' || type.name === undefined) return { type, note: {} }
  const { name, schema, enum: values } = type
  const there = find(model, 'enums', schema === undefined ? { name } : { schema, name })
  if (there === undefined || there.values.join('\0') === values.join('\0')) return { type, note: {} }
  const array = type.array === undefined ? {} : { array: type.array }
  return {
    type: { enum: name, ...(schema === undefined ? {} : { schema }), ...array },
    note: {
      note: `the enum "${name}" exists with other values (${
        there.values.join(', ')
      }): Alembic leaves them as they are`,
    },
  }
}

const WORD = '("[^"]+"|[a-z_]\\w*)'
const NAMED = new RegExp(`^(?:${WORD}\\.)?${WORD}(\\[\\])?$`, 'i')

/** A name as PostgreSQL keeps it. */
function kept(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1) : written.toLowerCase()
}

/** A word that is no portable type may be an enum or a domain of the schema. */
function namedType(written: string, model: Model): TypeSpec | undefined {
  const match = NAMED.exec(written)
  if (match === null) return undefined
  const [, schema, name, array] = match
  const qualified = {
    name: kept(name!),
    ...(schema === undefined ? {} : { schema: kept(schema) }),
  }
  const { name: word, ...where } = qualified
  if (find(model, 'enums', qualified) !== undefined) {
    return { enum: word, ...where, ...(array === undefined ? {} : { array: 1 }) }
  }
  return find(model, 'domains', qualified) === undefined || array !== undefined
    ? undefined
    : { domain: word, ...where }
}

type DropConstraint = Extract<Operation, { readonly op: 'drop_constraint' }>

/** The constraint that a `drop_constraint` without a name, or without a table, means: the newest one of that type. */
function named(operation: DropConstraint, model: Model, before: Model): Settled {
  if (operation.name !== UNNAMED && operation.table !== UNNAMED) return { operation }
  const tables = operation.table === UNNAMED
    ? model.tables
    : model.tables.filter((one) => one.name === operation.table && one.schema === operation.schema)
  const found = tables.flatMap((table) => {
    const old = before.tables.find((one) => one.name === table.name && one.schema === table.schema)
    return fitting(operation, table, old).map((name) => ({ table, name }))
  }).at(-1)
  if (found === undefined) {
    return {
      operation: {
        op: 'todo',
        why:
          `Alembic cannot drop a constraint without a name, and which one of "${operation.table}" is meant is not known`,
      },
    }
  }
  const { table, name } = found
  return {
    operation: { ...operation, name, table: table.name },
    note: operation.name === UNNAMED
      ? `Alembic cannot drop a constraint without a name; "${name}" of "${table.name}" is meant`
      : `Alembic cannot drop "${name}" without its table; "${table.name}" is meant`,
  }
}

/** The names of the constraints that may be meant, those that the revision made last. */
function fitting(operation: DropConstraint, table: Table, old: Table | undefined): string[] {
  const all = constraints(table).filter(({ kind, constraint }) =>
    (operation.type === undefined || kind === operation.type) &&
    (operation.name === UNNAMED || constraint.name === operation.name)
  )
  if (operation.name !== UNNAMED) return all.map((one) => one.constraint.name)
  const text = (one: ReturnType<typeof constraints>[number]) => JSON.stringify(one.constraint)
  const before = new Set(old === undefined ? [] : constraints(old).map(text))
  const made = all.filter((one) => !before.has(text(one)))
  const meant = made.length > 0 ? made : all.length === 1 ? all : []
  return meant.map((one) => one.constraint.name)
}
