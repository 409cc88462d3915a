/**
 * Whether two schemas are the same: `check` and `identify` ask it, and the tests ask it of every operation. Order counts
 * only where a database keeps it and a user sees it: the values of an enum, the columns of a key. The order of columns
 * does not count, since PostgreSQL cannot bring a dropped column back to its place.
 */
import type { Column, Model, Policy, QualifiedName, Routine, Table } from './model.ts'
import { AS_WRITTEN, differences, listed, matched, told, unlike } from './difference.ts'
import type { Sameness } from './difference.ts'
import { constraints, shown } from './edit.ts'
import type { ConstraintKind } from './edit.ts'
import { grantKey } from './grant.ts'
import { withDeclared } from './inherited.ts'
import { withSerials } from './serial.ts'
import { knownTriggers } from './trigger.ts'
import { isStandardBody, signature } from './routine.ts'

export { AS_WRITTEN } from './difference.ts'
export type { Sameness } from './difference.ts'

/**
 * How a schema differs from the one it should be.
 * @param there what is there
 * @param said what it should be
 * @returns one line a difference, in a few words; empty when they are the same
 */
export function sameModel(there: Model, said: Model, by: Sameness = AS_WRITTEN): string[] {
  const wanted = withDeclared(withSerials(said, there), there)
  const actual = withSerials(there, wanted)
  const flat = (part: string, one: QualifiedName) => ({ label: `${part} "${shown(one)}"` })
  const named = <K extends 'enums' | 'domains' | 'sequences' | 'views' | 'materializedViews'>(
    part: K,
    word: string,
  ) =>
    matched<Model[K][number]>(
      { items: actual[part], wanted: wanted[part], key: shown, label: (one) => flat(word, one).label },
      (a, b, label) => differences(label, a, b, by),
    )
  return [
    ...listed('schema', actual.schemas, wanted.schemas),
    ...matched(
      {
        items: actual.extensions,
        wanted: wanted.extensions,
        key: (one) => one.name,
        label: (one) => `extension "${one.name}"`,
      },
      (a, b, label) => differences(label, a, b, by),
    ),
    ...named('enums', 'enum'),
    ...named('domains', 'domain'),
    ...named('sequences', 'sequence'),
    ...matched(
      { items: actual.tables, wanted: wanted.tables, key: shown, label: (one) => `table "${shown(one)}"` },
      (a, b) => sameTable(a, b, by),
    ),
    ...named('views', 'view'),
    ...named('materializedViews', 'materialized view'),
    ...sameCode(actual, wanted, by),
  ]
}

/** Functions by name and types of arguments, triggers by table and name, grants by all that they say. */
function sameCode(actual: Model, wanted: Model, by: Sameness): string[] {
  const compare = (a: object, b: object, label: string) => differences(label, a, b, by)
  return [
    ...matched({
      items: actual.functions,
      wanted: wanted.functions,
      key: signature,
      label: (one) => `${one.kind} "${signature(one)}"`,
    }, (a, b, label) => sameRoutine(a, b, label, by)),
    ...matched({
      items: knownTriggers(actual),
      wanted: knownTriggers(wanted),
      key: (one) => `${one.schema ?? ''}\0${one.table}\0${one.name}`,
      label: (one) => `trigger "${one.name}" on "${shown({ schema: one.schema, name: one.table })}"`,
    }, compare),
    ...matched(
      { items: actual.grants, wanted: wanted.grants, key: grantKey, label: (one) => `grant of ${told(one)}` },
      compare,
    ),
  ]
}

/** A body is the function's own text, but a standard one (`RETURN …`), which the server writes anew. */
function sameRoutine(actual: Routine, wanted: Routine, label: string, by: Sameness): string[] {
  const { body, ...rest } = actual
  const { body: wantedBody, ...wantedRest } = wanted
  const same = body === wantedBody ||
    (isStandardBody(actual) && isStandardBody(wanted) && by.sameExpression(body, wantedBody))
  return [
    ...differences(label, rest, wantedRest, by),
    ...(same ? [] : [unlike(label, 'body', body, wantedBody)]),
  ]
}

/** How one table differs from what it should be, by the same rules and in the same words. */
export function sameTable(actual: Table, wanted: Table, by: Sameness = AS_WRITTEN): string[] {
  return [
    ...differences(`table "${shown(wanted)}"`, optionsOf(actual), optionsOf(wanted), by),
    ...matched<Column>(
      { items: actual.columns, wanted: wanted.columns, key: (one) => one.name, label: columnLabel(wanted) },
      (a, b, where) => sameColumn(where, a, b, by),
    ),
    ...sameConstraints(actual, wanted, by),
    ...matched(
      {
        items: actual.indexes,
        wanted: wanted.indexes,
        key: (one) => one.name,
        label: (one) => `index "${one.name}"`,
      },
      (a, b, where) => differences(where, a, b, by),
    ),
    ...matched<Policy>(
      {
        items: actual.policies ?? [],
        wanted: wanted.policies ?? [],
        key: (one) => one.name,
        label: (one) => `policy "${one.name}" on "${shown(wanted)}"`,
      },
      (a, b, where) => differences(where, a, b, by),
    ),
  ]
}

/** What a table says besides its columns, constraints, indexes and policies. */
export function optionsOf(table: Table) {
  const { columns: _columns, primaryKey: _key, uniques: _uniques, checks: _checks, ...more } = table
  const { foreignKeys: _foreign, excludes: _excludes, indexes: _indexes, policies: _policies, ...options } =
    more
  return options
}

function columnLabel(table: Table): (column: Column) => string {
  return (column) => `column "${shown(table)}.${column.name}"`
}

function sameColumn(label: string, actual: Column, wanted: Column, by: Sameness): string[] {
  const { type, default: value, ...rest } = actual
  const { type: wantedType, default: wantedValue, ...wantedRest } = wanted
  return [
    ...(by.sameType(type, wantedType) ? [] : [unlike(label, 'type', type, wantedType)]),
    ...(by.sameDefault(value, wantedValue, wantedType) ? [] : [unlike(label, 'default', value, wantedValue)]),
    ...differences(label, rest, wantedRest, by),
  ]
}

interface Described {
  readonly kind: ConstraintKind
  readonly name: string
  readonly implicit: boolean
  readonly body: object
}

function described(table: Table): Described[] {
  return constraints(table).map(({ kind, constraint }) => {
    const { name, implicit, ...body } = constraint
    return { kind, name, implicit: implicit === true, body }
  })
}

/** Constraints by name; those left over, where names are forgotten, by what they say. */
function sameConstraints(actual: Table, wanted: Table, by: Sameness): string[] {
  const found: string[] = []
  const here = described(actual)
  const there: Described[] = []
  for (const want of described(wanted)) {
    const at = here.findIndex((one) => one.kind === want.kind && one.name === want.name)
    if (at < 0 || (by.forgets && here[at]!.implicit && differs(here[at]!, want, by))) there.push(want)
    else found.push(...differences(constraintLabel(wanted, want), here.splice(at, 1)[0]!.body, want.body, by))
  }
  for (const want of there) {
    const at = by.forgets
      ? here.findIndex((one) => (one.implicit || want.implicit) && !differs(one, want, by))
      : -1
    if (at < 0) found.push(`${constraintLabel(wanted, want)} is missing: ${told(want.body)}`)
    else here.splice(at, 1)
  }
  return [...found, ...here.map((one) => `${constraintLabel(actual, one)} is not wanted: ${told(one.body)}`)]
}

function differs(a: Described, b: Described, by: Sameness): boolean {
  return a.kind !== b.kind || differences('', a.body, b.body, by).length > 0
}

function constraintLabel(table: Table, one: Described): string {
  return `${one.kind.replace('_', ' ')} "${one.name}" of "${shown(table)}"`
}
