/** What undoes alter_column: the fields that it changed, as they were. */
import type { Column, Model } from '../../model/model.ts'
import { column as columnOf, tableOf } from '../../model/edit.ts'
import { defined } from '../../model/defined.ts'
import type { Operation } from '../index.ts'
import { fromDefault, fromGenerated, fromIdentity } from '../parts/column.ts'
import { restoreGrants } from '../parts/grant.ts'
import { restoreConstraints } from '../parts/restore-constraints.ts'
import { fromType } from '../parts/type.ts'
import { onTable } from '../parts/on-table.ts'
import { apply, changedChecks } from './apply.ts'
import type { AlterColumn } from './shape.ts'

export function invert(op: AlterColumn, before: Model): readonly Operation[] {
  const after = apply(op, before)
  const name = op.new_name ?? op.column
  const [table, left] = [tableOf(before, op), tableOf(after, op)]
  const back = fieldsBack(columnOf(table, op.column), columnOf(left, name), before)
  const where = onTable(table)
  const renamed = name === op.column ? {} : { new_name: op.column }
  const alter: AlterColumn = { op: 'alter_column', ...where, column: name, ...renamed, ...back }
  const brought = after.enums.filter((one) => !before.enums.includes(one))
  const { gone, come } = changedChecks(op, before)
  const restored = { ...table, checks: table.checks.filter((one) => !gone.includes(one)) }
  return [
    ...come.map(({ name }): Operation => ({ op: 'drop_constraint', ...where, name, type: 'check' })),
    ...(Object.keys(back).length + Object.keys(renamed).length === 0 ? [] : [alter]),
    ...restoreConstraints(before, restored, gone.map((constraint) => ({ kind: 'check', constraint }))),
    ...restoreGrants(before.grants.filter((one) => one.on === 'sequence' && !after.grants.includes(one))),
    ...brought.map((one): Operation => defined({ op: 'drop_enum', name: one.name, schema: one.schema })),
  ]
}

type Back = Omit<AlterColumn, 'op' | 'table' | 'column'>

function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b)
}

/** The fields that lead from the column as it is after back to the one before. */
function fieldsBack(old: Column, now: Column, before: Model): Back {
  const retyped = differ(old.type, now.type) || (old.serial && !now.serial)
  const value = old.default === undefined ? null : fromDefault(old.default)
  const plain = now.serial && !old.serial && old.identity === undefined
  return defined({
    type: retyped ? fromType(old.type, before, old.serial) : undefined,
    collation: old.collation === now.collation ? undefined : old.collation ?? null,
    nullable: old.nullable === now.nullable ? undefined : old.nullable,
    default: shown(old.default) !== shown(now.default) && !old.serial || plain ? value : undefined,
    comment: old.comment === now.comment ? undefined : old.comment ?? null,
    identity: differ(old.identity, now.identity)
      ? old.identity === undefined ? null : fromIdentity(old.identity)
      : undefined,
    generated: differ(old.generated, now.generated)
      ? old.generated === undefined ? null : fromGenerated(old.generated)
      : undefined,
  })
}

/** A default as a text that tells defaults apart; JSON has no bigint. */
function shown(value: Column['default']): string {
  if (value === undefined) return ''
  return 'literal' in value ? `${typeof value.literal} ${value.literal}` : `sql ${value.expression}`
}
