import { changeTable, find, tableOf } from '../model/edit.ts'
import type { Model, Policy } from '../model/model.ts'
import { didYouMean, fault } from '../problem.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { locks } from './parts/compile.ts'
import { fromPolicy, withPolicies } from './parts/policy.ts'
import { shownTable, tableName } from './parts/on-table.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'

const shape = fields({
  name: name('The policy.'),
  table: name('The table.'),
  schema,
  if_exists: optional(flag('Nothing is done when there is no such policy.')),
})

export type DropPolicy = Op<'drop_policy', typeof shape>

/** The policy; undefined when `if_exists` makes it do nothing. @throws `no-such-policy`, `no-such-table` */
function dropped(op: DropPolicy, model: Model): Policy | undefined {
  const table = op.if_exists ? find(model, 'tables', tableName(op)) : tableOf(model, op)
  const policies = table?.policies ?? []
  const found = policies.find((one) => one.name === op.name)
  if (found !== undefined || op.if_exists) return found
  const near = didYouMean(op.name, policies.map((one) => one.name))
  return fault('no-such-policy', `"${shownTable(op)}" has no policy "${op.name}"`, {
    path: ['name'],
    hint: near === undefined ? undefined : `did you mean "${near}"?`,
  })
}

/**
 * Drops a policy. SQLite has none.
 *
 * ```yaml
 * - drop_policy: { name: own, table: posts }
 * ```
 * PostgreSQL: `DROP POLICY own ON posts`
 *
 * When row security is on and no permissive policy is left, nobody but the table's owner sees a row.
 */
export const dropPolicy: Definition<DropPolicy> = {
  kind: 'drop_policy',
  summary: 'Drop a policy of row security (PostgreSQL).',
  shape,
  example: {
    given: [
      { op: 'create_table', only: 'postgres', name: 'posts', columns: [{ name: 'author', type: 'text' }] },
      { op: 'create_policy', only: 'postgres', name: 'own', table: 'posts', using: 'author = current_user' },
    ],
    operation: { op: 'drop_policy', only: 'postgres', name: 'own', table: 'posts' },
  },
  apply(op, model) {
    const gone = dropped(op, model)
    if (gone === undefined) return model
    return changeTable(
      model,
      op,
      (table) => withPolicies(table, (table.policies ?? []).filter((one) => one !== gone)),
    )
  },
  invert(op, before) {
    const gone = dropped(op, before)
    return gone === undefined ? [] : [{ op: 'create_policy', ...fromPolicy(tableOf(before, op), gone) }]
  },
  compile: {
    postgres: (op, { sql }) => [{
      sql: `DROP POLICY${op.if_exists ? ' IF EXISTS' : ''} ${sql.name(op.name)} ON ${
        sql.qualified(tableName(op))
      }`,
      hazards: [locks(shownTable(op), 'ACCESS EXCLUSIVE')],
    }],
    sqlite: unsupported('SQLite has no row security'),
  },
  effects(op, before) {
    const gone = dropped(op, before)
    if (gone === undefined || gone.restrictive || !tableOf(before, op).rowSecurity) return []
    const object = shownTable(op)
    return [{ kind: 'breaks-readers', object, why: `rows that "${op.name}" alone let pass are hidden` }]
  },
  describe: (op) => `drop policy ${op.name} on ${shownTable(op)}`,
}
