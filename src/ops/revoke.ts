import { isGrantOn } from '../model/grant.ts'
import type { Grant, Model } from '../model/model.ts'
import { unsupported } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Operation } from './index.ts'
import {
  findGrant,
  grantFields,
  grantsOf,
  grantSql,
  isUsual,
  objectOf,
  restoreGrants,
  rolesSql,
  shownGrant,
} from './parts/grant.ts'
import type { GrantChange } from './parts/grant.ts'
import { checkPrivileges } from './parts/server-version.ts'
import { fields, flag, names, optional } from '../shape.ts'
import { shown } from '../model/edit.ts'

const shape = fields({
  ...grantFields,
  from: names('The roles; public is everybody.'),
  grant_option_for: optional(flag('Only the right to grant it to others is taken away.')),
  cascade: optional(flag('Those to whom they granted it lose it too.')),
})

export type Revoke = Op<'revoke', typeof shape>

/** A right on a table that is revoked is revoked on its columns too (manual, "REVOKE", Notes). */
function meant(op: Revoke, model: Model): Grant[] {
  const named = grantsOf(op, op.from, model)
  if (op.object !== 'table' || op.columns !== undefined) return named
  const object = objectOf(op, model)
  const onColumns = model.grants.filter((one) =>
    one.column !== undefined && isGrantOn(one, object) && op.from.includes(one.grantee) &&
    named.some((each) => each.privilege === one.privilege)
  )
  const more = op.privileges === 'all'
    ? model.grants.filter((one) =>
      isGrantOn(one, object) && one.privilege === 'maintain' && op.from.includes(one.grantee)
    )
    : []
  return [...named, ...onColumns, ...more]
}

function changes(op: Revoke, model: Model): GrantChange[] {
  return meant(op, model).flatMap((one): GrantChange[] => {
    const old = findGrant(model, one)
    if (isUsual(one)) {
      return old === undefined && !op.grant_option_for ? [{ next: { ...one, revoked: true } }] : []
    }
    if (old === undefined) return []
    if (!op.grant_option_for) return [{ old }]
    const { grantable, ...next } = old
    return grantable ? [{ old, next }] : []
  })
}

/**
 * Takes privileges away from roles. SQLite has none.
 *
 * ```yaml
 * - revoke: { privileges: [insert], object: table, name: users, from: [reporting] }
 * - revoke: { privileges: [execute], object: function, name: secret, from: [public] }
 * ```
 * PostgreSQL: `REVOKE INSERT ON users FROM reporting`
 *
 * What is not granted is no mistake: PostgreSQL takes it too. Everybody may call functions and use types, unless that is
 * revoked (manual, "Privileges"). What the owner of an object may do, and what everybody may do in the schema public, is
 * PostgreSQL's own affair and not part of the model.
 */
export const revoke: Definition<Revoke> = {
  kind: 'revoke',
  summary: 'Take privileges away from roles (PostgreSQL).',
  shape,
  example: {
    given: [
      { op: 'create_table', only: 'postgres', name: 'users', columns: [{ name: 'email', type: 'text' }] },
      {
        op: 'grant',
        only: 'postgres',
        privileges: ['select'],
        object: 'table',
        name: 'users',
        to: ['public'],
      },
    ],
    operation: {
      op: 'revoke',
      only: 'postgres',
      privileges: ['select'],
      object: 'table',
      name: 'users',
      from: ['public'],
    },
  },
  declares: {
    section: 'revokes',
    of: (model) =>
      restoreGrants(model.grants).filter((one): one is Extract<Operation, { op: 'revoke' }> =>
        one.op === 'revoke'
      ),
  },
  apply(op, model) {
    const changed = changes(op, model)
    if (changed.length === 0) return model
    const gone = new Set(changed.map((one) => one.old))
    const added = changed.flatMap((one) => one.next ?? [])
    return { ...model, grants: [...model.grants.filter((one) => !gone.has(one)), ...added] }
  },
  invert(op, before) {
    const changed = changes(op, before)
    const again = changed.flatMap((one) => one.old ?? [])
    const usual = changed.filter((one) => one.old === undefined).flatMap((one) => one.next ?? [])
    return restoreGrants([...again, ...usual.map(({ revoked: _, ...one }) => one)])
  },
  compile: { postgres: revokeSql, sqlite: unsupported('SQLite has no privileges') },
  effects(op, before) {
    if (changes(op, before).length === 0) return []
    const why = `${op.from.join(', ')} cannot use "${shown(op)}" as before`
    return [{ kind: 'breaks-readers', object: shown(op), why }]
  },
  describe: (op) => `revoke ${shownGrant(op)} from ${op.from.join(', ')}`,
}

function revokeSql(op: Revoke, { sql, server, before }: CompileContext) {
  checkPrivileges(op.privileges, server)
  const option = op.grant_option_for ? 'GRANT OPTION FOR ' : ''
  const what = grantSql(op, sql, before)
  const cascade = op.cascade ? ' CASCADE' : ''
  return [{ sql: `REVOKE ${option}${what} FROM ${rolesSql(op.from, sql)}${cascade}` }]
}
