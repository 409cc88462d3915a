import type { Grant as ModelGrant, Model } from '../model/model.ts'
import { grantKey } from '../model/grant.ts'
import { fault } from '../problem.ts'
import type { Statement } from '../dialect/dialect.ts'
import { unsupported } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Operation } from './index.ts'
import {
  findGrant,
  grantFields,
  grantsOf,
  grantSql,
  isUsual,
  restoreGrants,
  rolesSql,
  shownGrant,
} from './parts/grant.ts'
import type { GrantChange } from './parts/grant.ts'
import { checkPrivileges } from './parts/server-version.ts'
import { fields, flag, names, optional } from '../shape.ts'

const shape = fields({
  ...grantFields,
  to: names('The roles; public is everybody.'),
  with_grant_option: optional(flag('Whether they may grant it to others.')),
})

export type Grant = Op<'grant', typeof shape>

/** What it grants that is not granted yet; a right that everybody has anyway is only given back when it was revoked. */
function changes(op: Grant, model: Model): GrantChange[] {
  return grantsOf(op, op.to, model).flatMap((one): GrantChange[] => {
    const old = findGrant(model, one)
    if (isUsual(one)) return old === undefined ? [] : [{ old }]
    if (old !== undefined && (old.grantable || !op.with_grant_option)) return []
    const next: ModelGrant = op.with_grant_option ? { ...one, grantable: true } : one
    return [old === undefined ? { next } : { old, next }]
  })
}

/**
 * Grants privileges to roles. SQLite has none.
 *
 * ```yaml
 * - grant: { privileges: [select, insert], object: table, name: users, to: [reporting] }
 * - grant: { privileges: [update], object: table, name: users, columns: [email], to: [support] }
 * - grant: { privileges: [usage], object: schema, name: app, to: [public] }
 * ```
 * PostgreSQL: `GRANT SELECT, INSERT ON users TO reporting`, `GRANT UPDATE (email) ON users TO support`
 *
 * `all` is spelled out, so that it means the same on all versions. What the owner of an object may do is not granted.
 * The roles are not looked at: they belong to the server, not to the database.
 */
export const grant: Definition<Grant> = {
  kind: 'grant',
  summary: 'Grant privileges to roles (PostgreSQL).',
  shape,
  example: {
    given: [{
      op: 'create_table',
      only: 'postgres',
      name: 'users',
      columns: [{ name: 'email', type: 'text' }],
    }],
    operation: {
      op: 'grant',
      only: 'postgres',
      privileges: ['select'],
      object: 'table',
      name: 'users',
      to: ['public'],
    },
  },
  declares: {
    section: 'grants',
    of: (model) =>
      restoreGrants(model.grants).filter((one): one is Extract<Operation, { op: 'grant' }> =>
        one.op === 'grant'
      ),
  },
  apply(op, model) {
    if (op.with_grant_option && op.to.includes('public')) {
      fault('contradiction', 'everybody cannot be given a grant option', { path: ['with_grant_option'] })
    }
    const changed = changes(op, model)
    if (changed.length === 0) return model
    const gone = new Set(changed.map((one) => one.old))
    const added = changed.flatMap((one) => one.next ?? [])
    return { ...model, grants: [...model.grants.filter((one) => !gone.has(one)), ...added] }
  },
  /** What was granted before stays; a grant option given on top is taken back. */
  invert(op, before) {
    const changed = changes(op, before)
    const fresh = changed.filter((one) => one.old === undefined).flatMap((one) => one.next ?? [])
    const options = changed.filter((one) => one.old !== undefined && one.next !== undefined)
      .flatMap((one) => one.next ?? [])
    const back = changed.filter((one) => one.next === undefined).flatMap((one) => one.old ?? [])
    return [
      ...revokes(fresh),
      ...revokes(options).map((one) => ({ ...one, grant_option_for: true })),
      ...restoreGrants(back),
    ]
  },
  compile: {
    postgres(op, cx) {
      checkPrivileges(op.privileges, cx.server)
      return [grantStatement(op, cx)]
    },
    sqlite: unsupported('SQLite has no privileges'),
  },
  effects: () => [],
  describe: (op) => `grant ${shownGrant(op)} to ${op.to.join(', ')}`,
}

export function grantStatement(op: Grant, { sql, before }: CompileContext): Statement {
  const option = op.with_grant_option ? ' WITH GRANT OPTION' : ''
  return { sql: `GRANT ${grantSql(op, sql, before)} TO ${rolesSql(op.to, sql)}${option}` }
}

type Revoke = Extract<Operation, { op: 'revoke' }>

function revokes(grants: readonly ModelGrant[]): Revoke[] {
  return restoreGrants(
    uniquely(grants).map(({ grantable: _, ...one }) => ({ ...one, revoked: true as const })),
  )
    .filter((one): one is Revoke => one.op === 'revoke')
}

function uniquely(grants: readonly ModelGrant[]): ModelGrant[] {
  return [...new Map(grants.map((one) => [grantKey(one), one])).values()]
}
