import { changeTable, shown, tableOf } from '../model/edit.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import { unsupported } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import { inParentheses } from '../dialect/ansi.ts'
import type { Statement } from '../dialect/dialect.ts'
import { commentOn, locks } from './parts/compile.ts'
import { rolesSql } from './parts/grant.ts'
import { fromPolicy, policyFields, toPolicy, withPolicies } from './parts/policy.ts'
import { shownTable, tableName } from './parts/on-table.ts'
import { fields } from '../shape.ts'

const shape = fields(policyFields)

export type CreatePolicy = Op<'create_policy', typeof shape>

/**
 * Creates a policy: which rows of a table a role sees and writes. SQLite has none.
 *
 * ```yaml
 * - create_policy: { name: own, table: posts, roles: [app], using: author = current_user }
 * ```
 * PostgreSQL: `CREATE POLICY own ON posts TO app USING (author = current_user)`
 *
 * It is in force when the table's row security is on: enable_row_level_security. `using` and `with_check` are for the
 * commands that PostgreSQL takes them for (https://www.postgresql.org/docs/current/sql-createpolicy.html).
 */
export const createPolicy: Definition<CreatePolicy> = {
  kind: 'create_policy',
  summary: 'Create a policy of row security (PostgreSQL).',
  shape,
  example: {
    given: [{
      op: 'create_table',
      only: 'postgres',
      name: 'posts',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }, { name: 'author', type: 'text' }],
    }],
    operation: {
      op: 'create_policy',
      only: 'postgres',
      name: 'own',
      table: 'posts',
      using: 'author = current_user',
    },
  },
  declares: {
    section: 'policies',
    of: (model) =>
      model.tables.flatMap((table) =>
        (table.policies ?? []).map((one) => ({ op: 'create_policy', ...fromPolicy(table, one) } as const))
      ),
  },
  apply(op, model) {
    checkClauses(op)
    return changeTable(model, op, (table) => {
      const policies = table.policies ?? []
      if (policies.some((one) => one.name === op.name)) {
        fault('policy-exists', `a policy "${op.name}" exists already on "${shown(table)}"`, {
          path: ['name'],
        })
      }
      return withPolicies(table, [...policies, toPolicy(op)])
    })
  },
  invert: (op) => [defined({ op: 'drop_policy', name: op.name, table: op.table, schema: op.schema })],
  compile: { postgres: create, sqlite: unsupported('SQLite has no row security') },
  effects: (op, before) =>
    op.restrictive && tableOf(before, op).rowSecurity
      ? [{
        kind: 'breaks-readers',
        object: shownTable(op),
        why: `rows that "${op.name}" does not let pass are hidden`,
      }]
      : [],
  describe: (op) => `create policy ${op.name} on ${shownTable(op)}`,
}

/** @throws `contradiction` as PostgreSQL refuses it */
function checkClauses(op: CreatePolicy): void {
  if (op.command === 'insert' && op.using !== undefined) {
    fault('contradiction', 'a policy for insert has no `using`: there are no old rows', {
      path: ['using'],
      hint: 'write `with_check`',
    })
  }
  if ((op.command === 'select' || op.command === 'delete') && op.with_check !== undefined) {
    fault('contradiction', `a policy for ${op.command} has no \`with_check\`: there are no new rows`, {
      path: ['with_check'],
      hint: 'write `using`',
    })
  }
}

function create(op: CreatePolicy, { sql }: CompileContext): Statement[] {
  const { command, restrictive, roles, using, check, comment } = toPolicy(op)
  const table = sql.qualified(tableName(op))
  const words = [
    `CREATE POLICY ${sql.newName(op.name)} ON ${table}`,
    ...(restrictive ? ['AS RESTRICTIVE'] : []),
    ...(command === undefined ? [] : [`FOR ${command.toUpperCase()}`]),
    ...(roles === undefined ? [] : [`TO ${rolesSql(roles, sql)}`]),
    ...(using === undefined ? [] : [`USING ${inParentheses(using)}`]),
    ...(check === undefined ? [] : [`WITH CHECK ${inParentheses(check)}`]),
  ]
  return [
    { sql: words.join(' '), hazards: [locks(shownTable(op), 'ACCESS EXCLUSIVE')] },
    ...(comment === undefined ? [] : [commentOn(sql, `POLICY ${sql.name(op.name)} ON ${table}`, comment)]),
  ]
}
