/** Row security: what create_policy writes ↔ the model's {@link Policy}, and what comes back with a table. */
import { Type } from 'typebox'
import type { Model, Policy, Table } from '../../model/model.ts'
import { find } from '../../model/edit.ts'
import { defined } from '../../model/defined.ts'
import type { Operation } from '../index.ts'
import { fields, flag, name, names, optional, schema, sql, words } from '../../shape.ts'
import type { Spec } from '../../shape.ts'
import { onTable } from './on-table.ts'

export const policyFields = {
  name: name('The policy.'),
  table: name('The table.'),
  schema,
  command: optional(words(['all', 'select', 'insert', 'update', 'delete'], 'What it is about. Default all.')),
  restrictive: optional(
    flag(
      'true: it must hold beside the others; false: it is enough that it or another holds. Default false.',
    ),
  ),
  roles: optional(names('Whom it is about. Default public: everybody.')),
  using: optional(sql('The rows that can be seen, changed and deleted.')),
  with_check: optional(sql('The rows that can be written. Default: as `using`.')),
  comment: optional(Type.String({ description: 'Its comment.' })),
}

const policyShape = fields(policyFields)
export type PolicySpec = Spec<typeof policyShape>

export function toPolicy(spec: PolicySpec): Policy {
  const { name, command, restrictive, using, with_check: check, comment } = spec
  const everybody = spec.roles === undefined || spec.roles.includes('public')
  return defined({
    name,
    command: command === 'all' ? undefined : command,
    restrictive: restrictive ? true as const : undefined,
    roles: everybody ? undefined : [...new Set(spec.roles)].sort(),
    using,
    check,
    comment,
  })
}

/** What YAML writes for a policy of a table. */
export function fromPolicy(table: Table, policy: Policy): PolicySpec {
  const { name, command, restrictive, roles, using, check, comment, ...rest } = policy
  void (rest satisfies Record<string, never>)
  return defined({ name, ...onTable(table), command, restrictive, roles, using, with_check: check, comment })
}

/** The table with its policies; with none, as one that never had any. */
export function withPolicies(table: Table, policies: readonly Policy[]): Table {
  const { policies: _, ...rest } = table
  return policies.length === 0 ? rest : { ...rest, policies }
}

/** The operations that bring back a table's row security and policies, which create_table does not know. */
export function restoreRowSecurity(table: Table): Operation[] {
  const { rowSecurity, forceRowSecurity, policies = [] } = table
  const on = onTable(table)
  const enabled: Operation[] = rowSecurity
    ? [{ op: 'enable_row_level_security', ...on, ...(forceRowSecurity ? { force: true } : {}) }]
    : forceRowSecurity
    ? [{ op: 'disable_row_level_security', ...on, force: true }]
    : []
  return [
    ...enabled,
    ...policies.map((one): Operation => ({ op: 'create_policy', ...fromPolicy(table, one) })),
  ]
}

/** The policies that a table of `after` has lost since `before`. */
export function restorePolicies(before: Table, after: Model): Operation[] {
  const now = find(after, 'tables', before)?.policies ?? []
  return (before.policies ?? []).filter((one) => !now.includes(one))
    .map((one): Operation => ({ op: 'create_policy', ...fromPolicy(before, one) }))
}
