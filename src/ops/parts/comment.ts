/** The comments of all but tables and columns: where the model holds them, and what PostgreSQL calls their objects. */
import { change, changeTable, get, shown, tableOf } from '../../model/edit.ts'
import type { Model, QualifiedName } from '../../model/model.ts'
import { changeConstraint } from '../../model/change-constraint.ts'
import { clip } from '../../model/names.ts'
import { getRoutine, inputTypes } from '../../model/routine.ts'
import { getTrigger, isRaw } from '../../model/trigger.ts'
import { didYouMean, fault } from '../../problem.ts'
import type { Spelling } from '../../dialect/dialect.ts'
import { inSchemaOf } from './compile.ts'
import { constraintNamed } from './on-constraint.ts'
import { changeIndexed, indexNamed } from './on-index.ts'

/** What has a comment that an operation of its own changes. */
export const COMMENTED = [
  'constraint',
  'domain',
  'enum',
  'function',
  'index',
  'materialized_view',
  'policy',
  'procedure',
  'sequence',
  'trigger',
  'view',
] as const

/** The fields by which an operation names an object. */
export interface OnObject extends QualifiedName {
  readonly object: (typeof COMMENTED)[number]
  readonly table?: string
  readonly domain?: string
  readonly arguments?: readonly string[]
}

/** An object's comment: what it is, how it becomes another one, and how PostgreSQL names the object. */
export interface Commented {
  readonly comment?: string
  /** The model with the comment, or without one. */
  with(comment: string | undefined): Model
  /** `INDEX ix`, `POLICY own ON posts`. */
  spelled(sql: Spelling): string
  /** The table or view that is locked meanwhile. */
  readonly locked?: string
}

const RELATIONS = {
  domain: ['domains', 'DOMAIN'],
  enum: ['enums', 'TYPE'],
  materialized_view: ['materializedViews', 'MATERIALIZED VIEW'],
  sequence: ['sequences', 'SEQUENCE'],
  view: ['views', 'VIEW'],
} as const

/**
 * The object that an operation names.
 * @throws `no-such-index` (constraint, enum, …); `contradiction` when the operation lacks its table
 */
export function commented(model: Model, op: OnObject): Commented {
  switch (op.object) {
    case 'domain':
    case 'enum':
    case 'materialized_view':
    case 'sequence':
    case 'view':
      return ofRelation(model, op, op.object)
    case 'function':
    case 'procedure':
      return ofRoutine(model, op, op.object)
    case 'index':
      return ofIndex(model, op)
    case 'constraint':
      return op.domain === undefined ? ofConstraint(model, op) : ofDomainCheck(model, op, op.domain)
    case 'policy':
      return ofPolicy(model, op)
    case 'trigger':
      return ofTrigger(model, op)
  }
}

function said<T extends { readonly comment?: string }>(one: T, comment: string | undefined): T {
  const { comment: _, ...rest } = one
  return (comment === undefined ? rest : { ...rest, comment }) as T
}

function ofRelation(model: Model, op: OnObject, object: keyof typeof RELATIONS): Commented {
  const [part, word] = RELATIONS[object]
  return {
    comment: get(model, part, op).comment,
    with: (comment) => change(model, part, op, (one) => said(one, comment)),
    spelled: (sql) => `${word} ${sql.qualified(op)}`,
  }
}

function ofRoutine(model: Model, op: OnObject, kind: 'function' | 'procedure'): Commented {
  const routine = getRoutine(model, op, kind)
  return {
    comment: routine.comment,
    with: (comment) => ({
      ...model,
      functions: model.functions.map((one) => one === routine ? said(one, comment) : one),
    }),
    spelled: (sql) =>
      `${kind.toUpperCase()} ${sql.qualified(routine)}(${inputTypes(routine.arguments).join(', ')})`,
  }
}

function ofIndex(model: Model, op: OnObject): Commented {
  const { table, index } = indexNamed(model, op)
  const edited = (comment: string | undefined) => (one: typeof table) => ({
    ...one,
    indexes: one.indexes.map((each) => each === index ? said(each, comment) : each),
  })
  return {
    comment: index.comment,
    with: (comment) => changeIndexed(model, table, edited(comment)),
    spelled: (sql) => `INDEX ${sql.qualified(inSchemaOf(table, index.name))}`,
  }
}

/** The table of an operation. @throws `contradiction` when it names none */
function tableIn(op: OnObject): { readonly table: string; readonly schema?: string } {
  if (op.table !== undefined) return { table: op.table, schema: op.schema }
  return fault('contradiction', `a ${op.object} is named with its table`, {
    path: ['name'],
    hint: op.object === 'constraint'
      ? 'write `table: …` beside it, or `domain: …` for one of a domain'
      : 'write `table: …` beside it',
  })
}

function ofConstraint(model: Model, op: OnObject): Commented {
  const on = tableIn(op)
  const table = tableOf(model, on)
  const { constraint } = constraintNamed(table, op.name)
  return {
    comment: constraint.comment,
    with: (comment) =>
      changeTable(
        model,
        on,
        (one) => changeConstraint(one, constraint.name, (each) => said(each, comment)),
      ),
    spelled: (sql) => `CONSTRAINT ${sql.name(constraint.name)} ON ${sql.qualified(table)}`,
    locked: shown(table),
  }
}

function ofDomainCheck(model: Model, op: OnObject, name: string): Commented {
  const domain = get(model, 'domains', { schema: op.schema, name }, ['domain'])
  const check = domain.checks.find((one) => one.name === clip(op.name))
  if (check === undefined) {
    const near = didYouMean(op.name, domain.checks.map((one) => one.name))
    return fault('no-such-constraint', `domain "${shown(domain)}" has no constraint "${op.name}"`, {
      path: ['name'],
      hint: near === undefined ? undefined : `did you mean "${near}"?`,
    })
  }
  return {
    comment: check.comment,
    with: (comment) =>
      change(model, 'domains', domain, () => ({
        ...domain,
        checks: domain.checks.map((one) => one === check ? said(one, comment) : one),
      })),
    spelled: (sql) => `CONSTRAINT ${sql.name(check.name)} ON DOMAIN ${sql.qualified(domain)}`,
  }
}

function ofPolicy(model: Model, op: OnObject): Commented {
  const on = tableIn(op)
  const table = tableOf(model, on)
  const policies = table.policies ?? []
  const policy = policies.find((one) => one.name === op.name)
  if (policy === undefined) {
    const near = didYouMean(op.name, policies.map((one) => one.name))
    return fault('no-such-policy', `"${shown(table)}" has no policy "${op.name}"`, {
      path: ['name'],
      hint: near === undefined ? undefined : `did you mean "${near}"?`,
    })
  }
  return {
    comment: policy.comment,
    with: (comment) =>
      changeTable(model, on, (one) => ({
        ...one,
        policies: policies.map((each) => each === policy ? said(each, comment) : each),
      })),
    spelled: (sql) => `POLICY ${sql.name(policy.name)} ON ${sql.qualified(table)}`,
    locked: shown(table),
  }
}

function ofTrigger(model: Model, op: OnObject): Commented {
  const { table: name, schema } = tableIn(op)
  const trigger = getTrigger(model, { name: op.name, table: name, schema })
  const table = { schema: trigger.schema, name: trigger.table }
  if (isRaw(trigger)) {
    return fault('unsupported', `of trigger "${trigger.name}" nothing is known but its text`, {
      path: ['name'],
      hint: 'create it by its fields (timing, events, function) instead of `sql`',
    })
  }
  return {
    comment: trigger.comment,
    with: (comment) => ({
      ...model,
      triggers: model.triggers.map((one) => one === trigger ? said(trigger, comment) : one),
    }),
    spelled: (sql) => `TRIGGER ${sql.name(trigger.name)} ON ${sql.qualified(table)}`,
    locked: shown(table),
  }
}
