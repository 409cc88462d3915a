/** The operations that bring back constraints which went with something else. */
import type { Model, Table } from '../../model/model.ts'
import type { AnyConstraint } from '../../model/edit.ts'
import { defined } from '../../model/defined.ts'
import type { Operation } from '../index.ts'
import { fromCheck, fromExclusion, fromForeignKey, fromPrimaryKey, fromUnique } from './constraint-model.ts'
import { inOrder, namesAgain } from './from-table.ts'

/**
 * The operations that create constraints of a table anew, under their names.
 * @param model as it is without them
 * @param table as it is without them
 */
export function restoreConstraints(
  model: Model,
  table: Table,
  lost: readonly AnyConstraint[],
): Operation[] {
  const again = namesAgain(model, table, lost)
  const at = { table: table.name, schema: table.schema }
  const spell = <C extends { readonly name: string; readonly implicit?: true }>(one: C): C =>
    again(one) ? one : { ...one, implicit: undefined }
  return inOrder(lost).map((one): Operation => {
    switch (one.kind) {
      case 'primary_key':
        return defined({ op: 'create_primary_key', ...at, ...fromPrimaryKey(spell(one.constraint)) })
      case 'unique':
        return defined({ op: 'create_unique_constraint', ...at, ...fromUnique(spell(one.constraint)) })
      case 'check':
        return defined({ op: 'create_check_constraint', ...at, ...fromCheck(spell(one.constraint)) })
      case 'exclude':
        return defined({ op: 'create_exclude_constraint', ...at, ...fromExclusion(spell(one.constraint)) })
      case 'foreign_key':
        return defined({ op: 'create_foreign_key', ...at, ...fromForeignKey(spell(one.constraint)) })
    }
  })
}
