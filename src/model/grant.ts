/** Privileges in a model: one grant is one privilege of one role on one object or column. */
import { sameName } from './edit.ts'
import type { Column, Grant, GrantKind, QualifiedName, Sequence, Table } from './model.ts'
import { objectName } from './names.ts'

/** What something is granted on. */
export interface Granted extends QualifiedName {
  readonly on: GrantKind
  /** The types of a function's arguments. */
  readonly arguments?: readonly string[]
}

/** Whether the grant is on that object, or on a column of it. */
export function isGrantOn(grant: Grant, object: Granted): boolean {
  return grant.on === object.on && sameName(grant, object) &&
    (grant.arguments ?? []).join(', ') === (object.arguments ?? []).join(', ')
}

/** What tells a grant: all but its grant option. */
export function grantKey(one: Grant): string {
  const { on, schema = '', name, column = '', privilege, grantee } = one
  return [on, schema, name, (one.arguments ?? []).join(','), column, privilege, grantee].join('\0')
}

/** The grants without those on the objects. */
export function withoutGrants(grants: readonly Grant[], objects: readonly Granted[]): readonly Grant[] {
  const rest = grants.filter((one) => !objects.some((object) => isGrantOn(one, object)))
  return rest.length === grants.length ? grants : rest
}

/** A table, and the sequences of its serial and identity columns, which go with it. */
export function grantedWith(table: Table): Granted[] {
  return [
    { on: 'table', ...named(table, table.name) },
    ...table.columns.filter(isNumbered).map((one) => sequenceOfColumn(table, one.name)),
  ]
}

/** A sequence as what something is granted on. */
export function asGranted({ schema, name }: Sequence): Granted {
  return { on: 'sequence', ...(schema === undefined ? { name } : { schema, name }) }
}

/** Whether a column has a sequence that comes and goes with it. */
export function isNumbered({ serial, identity }: Column): boolean {
  return serial === true || identity !== undefined
}

/** The sequence of a serial or identity column, as PostgreSQL calls it. */
export function sequenceOfColumn(table: Table, column: string): Granted {
  return { on: 'sequence', ...named(table, objectName(table.name, column, 'seq')) }
}

function named({ schema }: QualifiedName, name: string): QualifiedName {
  return schema === undefined ? { name } : { schema, name }
}

/** The grants after a table (or view) was renamed. */
export function withTableOfGrantsRenamed(
  grants: readonly Grant[],
  table: QualifiedName,
  to: string,
): readonly Grant[] {
  const object: Granted = { on: 'table', ...table }
  if (!grants.some((one) => isGrantOn(one, object))) return grants
  return grants.map((one) => isGrantOn(one, object) ? { ...one, name: to } : one)
}

/** Whether a grant is on a column of a table. */
function isOnColumn(grant: Grant, { schema, name }: QualifiedName, column: string): boolean {
  return grant.column === column && isGrantOn(grant, { on: 'table', schema, name })
}

/** The grants after a column of a table was renamed. */
export function withColumnOfGrantsRenamed(
  grants: readonly Grant[],
  table: QualifiedName,
  from: string,
  to: string,
): readonly Grant[] {
  if (!grants.some((one) => isOnColumn(one, table, from))) return grants
  return grants.map((one) => isOnColumn(one, table, from) ? { ...one, column: to } : one)
}

/** The grants without those on a column of a table. */
export function withoutColumnGrants(
  grants: readonly Grant[],
  table: QualifiedName,
  column: string,
): readonly Grant[] {
  const rest = grants.filter((one) => !isOnColumn(one, table, column))
  return rest.length === grants.length ? grants : rest
}
