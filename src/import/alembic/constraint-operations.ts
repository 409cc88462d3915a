/** `op.create_*_constraint`, `op.create_foreign_key`, `op.drop_constraint`. */
import { ownValue } from '../../own-value.ts'
import { defined } from '../../model/defined.ts'
import { isSequence, notUnderstood } from '../evaluate/value.ts'
import type { Arguments } from '../evaluate/value.ts'
import type { Place } from '../python/syntax.ts'
import { UNNAMED } from '../settle.ts'
import { Bound } from './arguments.ts'
import { conditionOf, deferral, keyOptions } from './column.ts'
import type { Collection } from './context.ts'
import { nonEmpty } from './index-operations.ts'
import { exclusionOf } from './table-operations.ts'

const KINDS: Readonly<Record<string, string>> = {
  foreignkey: 'foreign_key',
  unique: 'unique',
  primary: 'primary_key',
  check: 'check',
}

/** The first arguments of nearly all of them. */
const CONSTRAINT = ['constraint_name', 'table_name'] as const

function constraintIn(bound: Bound) {
  return {
    table: bound.required('table_name'),
    schema: bound.text('schema'),
    name: bound.text('constraint_name'),
  }
}

export const CONSTRAINT_OPERATIONS = {
  create_unique_constraint(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('create_unique_constraint', args, [...CONSTRAINT, 'columns', 'schema'])
    context.emit(at, {
      op: 'create_unique_constraint',
      ...constraintIn(bound),
      columns: bound.texts('columns'),
      include: nonEmpty(bound.texts('postgresql_include')),
      nulls_not_distinct: bound.flag('postgresql_nulls_not_distinct') || undefined,
      ...deferral(bound),
    })
    bound.end()
  },
  create_primary_key(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('create_primary_key', args, [...CONSTRAINT, 'columns', 'schema'])
    context.emit(at, {
      op: 'create_primary_key',
      ...constraintIn(bound),
      columns: bound.texts('columns'),
    })
    bound.end()
  },
  create_check_constraint(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('create_check_constraint', args, [...CONSTRAINT, 'condition', 'schema'])
    context.emit(at, {
      op: 'create_check_constraint',
      ...constraintIn(bound),
      condition: conditionOf(bound.take('condition') ?? null),
      not_valid: bound.flag('postgresql_not_valid') || undefined,
    })
    // PostgreSQL has no deferrable checks; Alembic would send what it refuses.
    bound.ignore('deferrable', 'initially').end()
  },
  create_foreign_key(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('create_foreign_key', args, [
      'constraint_name',
      'source_table',
      'referent_table',
      'local_cols',
      'remote_cols',
    ])
    context.emit(at, {
      op: 'create_foreign_key',
      table: bound.required('source_table'),
      schema: bound.text('source_schema'),
      name: bound.text('constraint_name'),
      columns: bound.texts('local_cols'),
      references: defined({
        table: bound.required('referent_table'),
        schema: bound.text('referent_schema'),
        columns: bound.texts('remote_cols'),
      }),
      ...keyOptions(bound),
      not_valid: bound.flag('postgresql_not_valid') || undefined,
    })
    bound.ignore('use_alter').end()
  },
  create_exclude_constraint(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('create_exclude_constraint', {
      positional: args.positional.slice(0, 2),
      named: new Map([...args.named].filter(([name]) => /^(constraint_name|table_name|schema)$/.test(name))),
    }, CONSTRAINT)
    const named = new Map(
      [...args.named].filter(([name]) => !/^(constraint_name|table_name|schema)$/.test(name)),
    )
    const { name: _, ...spec } = exclusionOf({ positional: args.positional.slice(2), named })
    context.emit(at, {
      op: 'create_exclude_constraint',
      ...constraintIn(bound),
      ...spec,
    })
  },
  drop_constraint(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('drop_constraint', args, [...CONSTRAINT, 'type_'])
    const type = bound.text('type_')
    const kind = type === undefined
      ? undefined
      : ownValue(KINDS, type) ?? notUnderstood(`the type "${type}" is not known`)
    context.emit(at, {
      op: 'drop_constraint',
      name: bound.text('constraint_name') ?? UNNAMED,
      table: bound.text('table_name') ?? UNNAMED,
      schema: bound.text('schema'),
      type: kind,
      if_exists: bound.flag('if_exists') || undefined,
    })
    bound.end()
  },
}

/** `op.sync_enum_values` of alembic_postgresql_enum. */
export const ENUM_OPERATIONS = {
  sync_enum_values(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('sync_enum_values', args, [
      'enum_schema',
      'enum_name',
      'new_values',
      'affected_columns',
      'enum_values_to_rename',
      'indexes_to_recreate',
    ])
    const schema = bound.text('enum_schema')
    const where = { name: bound.required('enum_name'), schema: schema === 'public' ? undefined : schema }
    const renames = bound.some('enum_values_to_rename')
    for (const one of renames !== undefined && isSequence(renames) ? renames.items : []) {
      if (!isSequence(one)) return notUnderstood('a renamed value is no constant')
      const [from, to] = one.items
      context.emit(at, { op: 'rename_enum_value', ...where, from, to })
    }
    context.emit(at, { op: 'set_enum_values', ...where, values: bound.texts('new_values') })
    bound.ignore('affected_columns', 'indexes_to_recreate').end()
  },
}
