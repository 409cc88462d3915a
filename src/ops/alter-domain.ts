import { Type } from 'typebox'
import { change, get, shown } from '../model/edit.ts'
import type { Check, Domain } from '../model/model.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import type { Statement } from '../dialect/dialect.ts'
import type { CompileContext, Definition, Effect, Op } from './definition.ts'
import { defaultShape, fromDefault, toDefault } from './parts/column.ts'
import { checkComments, commentOn } from './parts/compile.ts'
import { domainFields, withChecks } from './parts/domain.ts'
import { fields, flag, name, names, optional, schema } from '../shape.ts'

const shape = fields({
  name: name('The domain.'),
  schema,
  nullable: optional(flag('Whether it takes NULL.')),
  default: optional(defaultShape),
  drop_checks: optional(names('The names of CHECK constraints that go.')),
  add_checks: domainFields.checks,
  comment: optional(Type.Union([Type.String(), Type.Null()], { description: 'null: none (PostgreSQL).' })),
})

export type AlterDomain = Op<'alter_domain', typeof shape>

/**
 * Changes a domain in place; its type and collation cannot be changed. What is not named stays.
 *
 * ```yaml
 * - alter_domain: { name: email, nullable: false, drop_checks: [email_check], add_checks: [{ condition: "VALUE <> ''" }] }
 * ```
 * PostgreSQL: `ALTER DOMAIN email DROP CONSTRAINT email_check`, `ADD CHECK (VALUE <> '')`, `SET NOT NULL`, a statement
 * each. It looks through the columns of the domain, and cannot add a check or NOT NULL while a column holds arrays of it
 * (manual, "ALTER DOMAIN", Notes).
 *
 * SQLite: nothing, as for create_domain.
 */
export const alterDomain: Definition<AlterDomain> = {
  kind: 'alter_domain',
  summary: 'Change the default, NOT NULL, checks or comment of a domain.',
  shape,
  example: {
    given: [{ op: 'create_domain', name: 'email', type: 'text' }],
    operation: {
      op: 'alter_domain',
      name: 'email',
      nullable: false,
      add_checks: [{ name: 'has_at', condition: "VALUE LIKE '%@%'" }],
    },
  },
  apply: (op, model) => change(model, 'domains', op, (domain) => altered(op, domain)),
  invert(op, before) {
    const domain = get(before, 'domains', op)
    const gone = domain.checks.filter((one) => op.drop_checks?.includes(one.name))
    const come = altered(op, domain).checks.filter((one) => !domain.checks.includes(one))
    const value = domain.default === undefined ? null : fromDefault(domain.default)
    return [defined({
      op: 'alter_domain',
      name: op.name,
      schema: op.schema,
      nullable: op.nullable === undefined ? undefined : domain.nullable,
      default: op.default === undefined ? undefined : value,
      drop_checks: come.length === 0 ? undefined : come.map((one) => one.name),
      add_checks: gone.length === 0
        ? undefined
        : gone.map((one) => defined({ name: one.name, condition: one.expression, comment: one.comment })),
      comment: op.comment === undefined ? undefined : domain.comment ?? null,
    })]
  },
  compile: { postgres, sqlite: () => [] },
  effects: (op, before) => {
    const refuses = (why: string): Effect => ({ kind: 'refuses-rows', object: op.name, why })
    return [
      ...(op.nullable === false && get(before, 'domains', op).nullable
        ? [refuses(`columns of "${op.name}" may hold NULL`)]
        : []),
      ...((op.add_checks ?? []).length === 0
        ? []
        : [refuses(`columns of "${op.name}" may hold values that the new check refuses`)]),
    ]
  },
  describe: (op) => `alter domain ${op.name}`,
}

function altered(op: AlterDomain, domain: Domain): Domain {
  const gone = op.drop_checks ?? []
  gone.forEach((one, i) => {
    if (domain.checks.some((check) => check.name === one)) return
    fault('no-such-constraint', `domain "${shown(domain)}" has no constraint "${one}"`, {
      path: ['drop_checks', i],
    })
  })
  const { default: value, comment, ...rest } = domain
  const kept: readonly Check[] = domain.checks.filter((one) => !gone.includes(one.name))
  return defined({
    ...rest,
    nullable: op.nullable ?? domain.nullable,
    default: op.default === undefined
      ? value
      : op.default === null
      ? undefined
      : toDefault(op.default, domain.type),
    checks: withChecks(domain, kept, op.add_checks ?? [], 'add_checks'),
    comment: op.comment === undefined
      ? comment
      : op.comment === null || op.comment === ''
      ? undefined
      : op.comment,
  })
}

function postgres(op: AlterDomain, { before, after, sql }: CompileContext): Statement[] {
  const [was, now] = [get(before, 'domains', op), get(after, 'domains', op)]
  const alter = (action: string): Statement => ({ sql: `ALTER DOMAIN ${sql.qualified(now)} ${action}` })
  const value = now.default === undefined
    ? 'DROP DEFAULT'
    : `SET DEFAULT ${sql.default(now.default, now.type)}`
  const come = now.checks.filter((one) => !was.checks.includes(one))
  return [
    ...(op.drop_checks ?? []).map((one) => alter(`DROP CONSTRAINT ${sql.name(one)}`)),
    ...(op.default === undefined ? [] : [alter(value)]),
    ...come.map((one) => alter(`ADD ${sql.check(one)}`)),
    ...checkComments(sql, now, come),
    ...(was.nullable === now.nullable ? [] : [alter(now.nullable ? 'DROP NOT NULL' : 'SET NOT NULL')]),
    ...(was.comment === now.comment ? [] : [commentOn(sql, `DOMAIN ${sql.qualified(now)}`, now.comment)]),
  ]
}
