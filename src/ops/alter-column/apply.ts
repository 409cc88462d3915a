/** What alter_column does to the model. */
import type { Check, Column, DataType, Default, Model, Sequence, Table } from '../../model/model.ts'
import {
  change,
  changeColumn,
  changeTable,
  column as columnOf,
  findColumn,
  tableOf,
} from '../../model/edit.ts'
import { attach } from '../../model/attach.ts'
import { heirsOf } from '../../model/inherited.ts'
import { isNumbered, sequenceOfColumn, withoutGrants } from '../../model/grant.ts'
import { spelled } from '../../model/sql-names.ts'
import { renameColumn } from '../../model/rename.ts'
import { countingSequence } from '../../model/serial.ts'
import { fault } from '../../problem.ts'
import { defined } from '../../model/defined.ts'
import { checkColumn, toDefault, toGenerated, toIdentity } from '../parts/column.ts'
import { sameKind } from '../parts/conversion.ts'
import { recast } from '../parts/retype.ts'
import { allowedValues, withEnum } from '../parts/table.ts'
import { toType } from '../parts/type.ts'
import type { ReadType, TypeSpec } from '../parts/type.ts'
import type { AlterColumn } from './shape.ts'

const CHANGES = [
  ...['new_name', 'type', 'collation', 'nullable', 'default', 'comment', 'identity', 'generated'],
] as const

/** The model with the column changed. @throws what is wrong with the fields, or between them and the column */
export function apply(op: AlterColumn, model: Model): Model {
  if (CHANGES.every((field) => !(field in op))) {
    fault('nothing-to-do', 'alter_column says nothing to change', {
      path: [],
      hint: `give it one of ${CHANGES.join(', ')}`,
    })
  }
  if (op.using !== undefined && op.type === undefined) {
    fault('contradiction', '"using" needs "type"', {
      path: ['using'],
      hint: 'for new values, use update_rows',
    })
  }
  const old = columnOf(tableOf(model, op), op.column)
  const counter = keptCounter(op, model, old)
  const read = op.type === undefined ? undefined : readType(op.type, model, counter)
  const next = read === undefined ? model : withEnum(model, read)
  const altered = changeTable(next, op, (table) => {
    const column = alteredColumn(op, old, read)
    checkAltered(op, table, column)
    return withAllowed(next, changeColumn(table, op.column, () => column), op.column, read)
  })
  const whole = read === undefined && op.collation === undefined
    ? altered
    : withTypeOfHeirs(altered, op, model)
  const left = withoutCounter(counter === undefined ? whole : withTypeOf(whole, counter, op), op, old)
  if (op.new_name === undefined || op.new_name === op.column) return left
  return renameColumn(left, tableOf(left, op), op.column, op.new_name)
}

/** The tables that inherit a column and say something of it have it of its new type, too. */
function withTypeOfHeirs(model: Model, op: AlterColumn, before: Model): Model {
  const heirs = heirsOf(before, tableOf(before, op)).filter((one) => findColumn(one, op.column) !== undefined)
  if (heirs.length === 0) return model
  const { type, collation } = columnOf(tableOf(model, op), op.column)
  const typed = (old: Column) => defined({ ...old, type, collation, default: recastDefault(old, type) })
  return {
    ...model,
    tables: model.tables.map((one) => heirs.includes(one) ? changeColumn(one, op.column, typed) : one),
  }
}

/** The sequence by which the column goes on counting, where it has what serial makes under another name. */
function keptCounter(op: AlterColumn, model: Model, old: Column): Sequence | undefined {
  if (op.default !== undefined || (op.identity ?? undefined) !== undefined) return undefined
  return countingSequence(model, tableOf(model, op), old)
}

/** The new type. A column that has a counter is a serial already, and gets no second one. */
function readType(type: TypeSpec, model: Model, counter: Sequence | undefined): ReadType {
  const { serial, ...read } = toType(type, model)
  return serial && counter === undefined ? { ...read, serial } : read
}

/** The sequence of a column counts as far as the column's type goes. */
function withTypeOf(model: Model, counter: Sequence, op: AlterColumn): Model {
  const { kind } = columnOf(tableOf(model, op), op.column).type
  if (kind !== 'smallint' && kind !== 'integer' && kind !== 'bigint') return model
  const { type: _, ...rest } = counter
  return change(model, 'sequences', counter, () => kind === 'bigint' ? rest : { ...rest, type: kind })
}

/** What is granted on the sequence of a column goes with it. */
function withoutCounter(model: Model, op: AlterColumn, old: Column): Model {
  const table = tableOf(model, op)
  if (!isNumbered(old) || isNumbered(columnOf(table, op.column))) return model
  return { ...model, grants: withoutGrants(model.grants, [sequenceOfColumn(table, op.column)]) }
}

/** null takes away, absent leaves. */
function changed<S, T>(spec: S | null | undefined, old: T | undefined, to: (spec: S) => T | undefined) {
  return spec === undefined ? old : spec === null ? undefined : to(spec)
}

const INTEGERS: ReadonlySet<DataType['kind']> = new Set(['smallint', 'integer', 'bigint'])
const COLLATED: ReadonlySet<DataType['kind']> = new Set(['varchar', 'char', 'text', 'domain', 'native'])

/** The column after the operation, before it is renamed. */
function alteredColumn(op: AlterColumn, old: Column, read: ReadType | undefined): Column {
  const type = read?.type ?? old.type
  const identity = changed(op.identity, old.identity, toIdentity)
  const serial = read?.serial ?? (
    op.default === undefined && identity === undefined && INTEGERS.has(type.kind) ? old.serial : undefined
  )
  const becomes = identity !== undefined && old.identity === undefined
  const nullable = op.nullable ?? (becomes ? false : old.nullable)
  return defined({
    ...old,
    type,
    collation: changed(op.collation, COLLATED.has(type.kind) ? old.collation : undefined, String),
    nullable,
    onConflict: nullable ? undefined : old.onConflict,
    default: read?.serial && op.default === undefined
      ? undefined
      : changed(op.default, recastDefault(old, type), (spec) => toDefault(spec, type)),
    comment: changed(op.comment, old.comment, (text) => text === '' ? undefined : text),
    identity,
    generated: changed(op.generated, old.generated, toGenerated),
    serial,
  })
}

/** The default for the new type: what it casts to an enum is a value of what the column becomes. */
function recastDefault({ type: old, default: value }: Column, type: DataType): Default | undefined {
  if (value === undefined || 'literal' in value || sameKind(old, type)) return value
  return { expression: recast(value.expression, old, type) }
}

function checkAltered(op: AlterColumn, table: Table, column: Column): void {
  checkColumn(column)
  // A key of SQLite that is written by hand is nullable already.
  if (op.nullable !== true || !table.primaryKey?.columns.includes(op.column)) return
  fault('contradiction', `column "${op.column}" is in the primary key: it cannot be nullable`, {
    path: ['nullable'],
    hint: `drop the constraint "${table.primaryKey.name}" first`,
  })
}

/** The table with the CHECK of an enum that is no type of its own, in place of an earlier one. */
function withAllowed(model: Model, table: Table, column: string, read: ReadType | undefined): Table {
  if (read?.allowed === undefined) return table
  const start = `${spelled(column)} IN ('`
  const checks = table.checks.filter((one) => !one.expression.startsWith(start))
  const constraint = allowedValues(column, read.allowed)
  return attach(model, { ...table, checks }, { kind: 'check', constraint }, ['type'])
}

/** The checks that a change of type takes away and brings: an enum that is no type of its own has one. */
export function changedChecks(
  op: AlterColumn,
  before: Model,
): { readonly gone: readonly Check[]; readonly come: readonly Check[] } {
  if (op.type === undefined) return { gone: [], come: [] }
  const { new_name: _, ...rest } = op
  const [old, now] = [tableOf(before, op).checks, tableOf(apply(rest, before), op).checks]
  return { gone: old.filter((one) => !now.includes(one)), come: now.filter((one) => !old.includes(one)) }
}
