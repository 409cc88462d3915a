import { changeConstraint } from '../model/change-constraint.ts'
import { changeTable, shown, tableOf } from '../model/edit.ts'
import type { Check, ForeignKey, Model } from '../model/model.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import type { Definition, Op } from './definition.ts'
import { alterTable, locks } from './parts/compile.ts'
import { constraintNamed, KIND_WORDS } from './parts/on-constraint.ts'
import { restoreConstraints } from './parts/restore-constraints.ts'
import { onTable, shownTable } from './parts/on-table.ts'
import { fields, name, schema } from '../shape.ts'

const shape = fields({
  name: name('The constraint: a check or a foreign key.'),
  table: name('The table.'),
  schema,
})

export type ValidateConstraint = Op<'validate_constraint', typeof shape>

type Validated =
  | { readonly kind: 'check'; readonly constraint: Check }
  | { readonly kind: 'foreign_key'; readonly constraint: ForeignKey }

/** @throws `no-such-constraint`; `wrong-kind` for a kind that is always valid */
function validated(op: ValidateConstraint, model: Model): Validated {
  const found = constraintNamed(tableOf(model, op), op.name)
  if (found.kind === 'check' || found.kind === 'foreign_key') return found
  return fault(
    'wrong-kind',
    `"${found.constraint.name}" is a ${KIND_WORDS[found.kind]}: it is always valid`,
    {
      path: ['name'],
      hint: 'only checks and foreign keys can be validated',
    },
  )
}

/**
 * Validates a constraint that was created with `not_valid`: looks at the rows that were there.
 *
 * ```yaml
 * - validate_constraint: { table: users, name: ck_users_age }
 * ```
 * PostgreSQL: `ALTER TABLE users VALIDATE CONSTRAINT ck_users_age`. Reading and writing go on meanwhile, if
 * it runs in another transaction than the one that created the constraint.
 *
 * SQLite has no NOT VALID: nothing is left to do.
 *
 * PostgreSQL cannot make a constraint NOT VALID again: what undoes it drops it and creates it so, which is
 * quick.
 */
export const validateConstraint: Definition<ValidateConstraint> = {
  kind: 'validate_constraint',
  summary: 'Validate a constraint that was created with not_valid.',
  shape,
  example: {
    given: [
      {
        op: 'create_table',
        name: 'users',
        columns: [{ name: 'id', type: 'uuid', primary_key: true }, { name: 'age', type: 'integer' }],
      },
      {
        op: 'create_check_constraint',
        name: 'ck_users_age',
        table: 'users',
        condition: 'age >= 0',
        not_valid: true,
      },
    ],
    operation: { op: 'validate_constraint', name: 'ck_users_age', table: 'users' },
  },
  apply(op, model) {
    const { constraint } = validated(op, model)
    if (constraint.valid !== false) return model
    return changeTable(
      model,
      op,
      (table) => changeConstraint(table, constraint.name, (one) => defined({ ...one, valid: undefined })),
    )
  },
  invert(op, before) {
    const one = validated(op, before)
    if (one.constraint.valid !== false) return []
    const table = tableOf(before, op)
    const drop = { name: one.constraint.name, ...onTable(table), type: one.kind }
    const without = changeConstraint(table, one.constraint.name, () => undefined)
    return [{ op: 'drop_constraint', ...drop }, ...restoreConstraints(before, without, [one])]
  },
  compile: {
    postgres(op, cx) {
      const { kind, constraint } = validated(op, cx.before)
      const table = shownTable(op)
      const lock = locks(table, 'SHARE UPDATE EXCLUSIVE')
      const target = kind === 'foreign_key' ? [locks(shown(constraint.references), 'ROW SHARE')] : []
      return [{
        sql: `${alterTable(cx.sql, op)} VALIDATE CONSTRAINT ${cx.sql.name(constraint.name)}`,
        hazards: constraint.valid === false ? [lock, ...target, { kind: 'scans', table }] : [lock],
      }]
    },
    sqlite: () => [],
  },
  effects(op, before) {
    if (validated(op, before).constraint.valid !== false) return []
    const object = shownTable(op)
    return [{ kind: 'refuses-rows', object, why: `it fails if a row of "${object}" violates ${op.name}` }]
  },
  describe: (op) => `validate constraint ${op.name} of ${shownTable(op)}`,
}
