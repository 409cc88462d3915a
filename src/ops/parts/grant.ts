/** Privileges: what grant and revoke write ↔ the model's {@link Grant}s. */
import { Type } from 'typebox'
import { didYouMean, fault } from '../../problem.ts'
import { find, get, shown } from '../../model/edit.ts'
import { checkColumn } from '../../model/inherited.ts'
import { grantKey } from '../../model/grant.ts'
import type { Granted } from '../../model/grant.ts'
import { getRoutine, inputTypes } from '../../model/routine.ts'
import type { Grant, GrantKind, Model } from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import type { Spelling } from '../../dialect/dialect.ts'
import type { Operation } from '../index.ts'
import { name, names, optional, schema, words } from '../../shape.ts'

/** The privileges of each kind that every supported version has (manual, "Privileges"); `all` is all of these. */
const PRIVILEGES: Readonly<Record<GrantKind, readonly string[]>> = {
  table: ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'],
  sequence: ['usage', 'select', 'update'],
  function: ['execute'],
  procedure: ['execute'],
  schema: ['usage', 'create'],
  type: ['usage'],
}
const ON_COLUMNS: readonly string[] = ['select', 'insert', 'update', 'references']
const KINDS = ['table', 'sequence', 'function', 'procedure', 'schema', 'type'] as const

export const grantFields = {
  privileges: Type.Union([
    words(['all']),
    Type.Array(
      words([
        ...['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'] as const,
        ...['usage', 'create', 'execute'] as const,
      ]),
      { minItems: 1 },
    ),
  ], {
    description: 'The privileges; all: every one that such an object has (maintain, of PostgreSQL 17, not).',
  }),
  object: words(KINDS, 'What it is on: table also means views; type an enum or a domain.'),
  name: name('The table, function, …'),
  schema,
  arguments: optional(Type.Array(Type.String({ minLength: 1 }), {
    description: 'The types of the arguments of a function or procedure: needed where several have the name.',
  })),
  columns: optional(names('Columns of a table: the privileges are on these alone.')),
}

/** What grant and revoke share. */
export interface GrantSpec {
  readonly privileges: 'all' | readonly string[]
  readonly object: GrantKind
  readonly name: string
  readonly schema?: string
  readonly arguments?: readonly string[]
  readonly columns?: readonly string[]
}

/** The object of the operation, which must exist. @throws `no-such-…` */
export function objectOf(spec: GrantSpec, model: Model): Granted {
  const { object: on, name: own, schema: where } = spec
  const named = defined({ schema: where, name: own })
  if (on !== 'function' && on !== 'procedure') {
    if (spec.arguments !== undefined) {
      fault('contradiction', `a ${on} has no arguments`, { path: ['arguments'] })
    }
    checkObject(on, named, model)
    return { on, ...named }
  }
  return { on, ...named, arguments: inputTypes(getRoutine(model, spec, on).arguments) }
}

type Other = Exclude<GrantKind, 'function' | 'procedure'>

/** A sequence may be that of a serial or identity column, which the model does not hold by itself. */
function checkObject(
  on: Other,
  named: { readonly schema?: string; readonly name: string },
  model: Model,
): void {
  switch (on) {
    case 'table':
      if (find(model, 'views', named) ?? find(model, 'materializedViews', named)) return
      get(model, 'tables', named)
      return
    case 'type':
      if (find(model, 'domains', named) === undefined) get(model, 'enums', named)
      return
    case 'schema':
      if (named.name === 'public' || model.schemas.includes(named.name)) return
      fault('no-such-schema', `there is no schema "${named.name}"`, {
        path: ['name'],
        hint: hintOf(didYouMean(named.name, model.schemas)),
      })
      return
    case 'sequence':
      return
  }
}

function hintOf(near: string | undefined): string | undefined {
  return near === undefined ? undefined : `did you mean "${near}"?`
}

/** Every privilege on the object (or its columns) that the operation means. @throws `no-such-privilege`, `no-such-column` */
function privilegesOf(spec: GrantSpec, model: Model): { privilege: string; column?: string }[] {
  if (spec.columns !== undefined && spec.object !== 'table') {
    fault('contradiction', `a ${spec.object} has no columns`, { path: ['columns'] })
  }
  const known = spec.columns === undefined ? PRIVILEGES[spec.object] : ON_COLUMNS
  const listed = spec.privileges === 'all' ? known : spec.privileges
  listed.forEach((one, i) => {
    if (known.includes(one) || (one === 'maintain' && known === PRIVILEGES.table)) return
    const on = spec.columns === undefined ? `a ${spec.object}` : 'a column'
    fault('no-such-privilege', `there is no privilege "${one}" on ${on}`, {
      path: ['privileges', i],
      hint: `there are ${known.join(', ')}`,
    })
  })
  const table = find(model, 'tables', spec)
  spec.columns?.forEach((one, i) => table === undefined || checkColumn(model, table, one, ['columns', i]))
  const privileges = [...new Set(listed)]
  return spec.columns === undefined
    ? privileges.map((privilege) => ({ privilege }))
    : spec.columns.flatMap((one) => privileges.map((privilege) => ({ privilege, column: one })))
}

/** The grants that the operation means, one for each privilege, column and role. */
export function grantsOf(spec: GrantSpec, roles: readonly string[], model: Model): Grant[] {
  const object = objectOf(spec, model)
  const privileges = privilegesOf(spec, model)
  return roles.flatMap((grantee) => privileges.map((one): Grant => ({ ...object, ...one, grantee })))
}

/** Whether PostgreSQL grants it to everybody by itself, so that the model holds only its loss. */
export function isUsual(grant: Grant): boolean {
  if (grant.grantee !== 'public') return false
  return grant.on === 'function' || grant.on === 'procedure' || grant.on === 'type'
}

/** A grant before and after: an absent one is not there. */
export interface GrantChange {
  readonly old?: Grant
  readonly next?: Grant
}

/** A grant as the model has it, by what tells it. */
export function findGrant(model: Model, grant: Grant): Grant | undefined {
  const { name: object, privilege, grantee } = grant
  const key = grantKey(grant)
  // There may be thousands, of which few are worth a key.
  return model.grants.find((one) =>
    one.name === object && one.privilege === privilege && one.grantee === grantee && grantKey(one) === key
  )
}

const OBJECTS: Readonly<Record<GrantKind, string>> = {
  table: '',
  sequence: 'SEQUENCE ',
  function: 'FUNCTION ',
  procedure: 'PROCEDURE ',
  schema: 'SCHEMA ',
  type: 'TYPE ',
}

/** `SELECT (a, b), INSERT ON users`. */
export function grantSql(spec: GrantSpec, sql: Spelling, model: Model): string {
  const columns = spec.columns === undefined ? '' : ` (${sql.names(spec.columns)})`
  const privileges = [...new Set(privilegesOf(spec, model).map((one) => one.privilege))]
  const object = objectOf(spec, model)
  const types = object.arguments === undefined ? '' : `(${object.arguments.join(', ')})`
  const list = privileges.map((one) => `${one.toUpperCase()}${columns}`).join(', ')
  return `${list} ON ${OBJECTS[spec.object]}${sql.qualified(object)}${types}`
}

/** `PUBLIC, reporting`; CURRENT_USER and the like are no names. */
export function rolesSql(roles: readonly string[], sql: Spelling): string {
  return roles.map((one) => one === 'public' ? 'PUBLIC' : sql.name(one)).join(', ')
}

/** `select, insert on table users`. */
export function shownGrant(spec: GrantSpec): string {
  const privileges = spec.privileges === 'all' ? 'all' : spec.privileges.join(', ')
  const columns = spec.columns === undefined ? '' : ` (${spec.columns.join(', ')})`
  return `${privileges}${columns} on ${spec.object} ${shown(spec)}`
}

/** What two grants of one operation share: all but privilege and column. */
function togetherKey(one: Grant): string {
  return grantKey({ ...one, privilege: '', column: one.column }) + String(one.grantable) + String(one.revoked)
}

function groups(grants: readonly Grant[]): Grant[][] {
  const found = new Map<string, Grant[]>()
  for (const one of grants) {
    const group = found.get(togetherKey(one))
    if (group === undefined) found.set(togetherKey(one), [one])
    else group.push(one)
  }
  return [...found.values()]
}

/** The operations that grant again what is granted, and revoke what is revoked. */
export function restoreGrants(grants: readonly Grant[]): Operation[] {
  return groups(grants).map((group): Operation => {
    const first = group[0]!
    const { on, name: own, schema: where, arguments: types, column: of, grantee } = first
    const privileges = group.map((one) => one.privilege) as Extract<Operation, { op: 'grant' }>['privileges']
    const object = {
      privileges,
      object: on,
      ...defined({
        name: own,
        schema: where,
        arguments: types,
        columns: of === undefined ? undefined : [of],
      }),
    }
    if (first.revoked) return { op: 'revoke', ...object, from: [grantee] }
    return { op: 'grant', ...object, to: [grantee], ...(first.grantable ? { with_grant_option: true } : {}) }
  })
}

/** The operations that bring back the privileges that `after` has lost with an object. */
export function restoreLostGrants(before: Model, after: Model): Operation[] {
  return restoreGrants(before.grants.filter((one) => !after.grants.includes(one)))
}
