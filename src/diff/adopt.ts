/**
 * Constraints of two schemas matched. One that is declared without a name has the name that the database gave it, which
 * after renames is not the one it would get today: `users_name_key` stays when the column becomes `fullname`. Where
 * nobody asked for a name, one that says the same counts as the same, and its name is taken over.
 */
import type { Table } from '../model/model.ts'
import { constraints } from '../model/edit.ts'
import type { AnyConstraint, ConstraintKind } from '../model/edit.ts'
import { differences } from '../model/difference.ts'
import type { Sameness } from '../model/difference.ts'

/** A table, and the same one as the dialect holds it: their constraints stand in the same order. */
export interface Shadowed {
  readonly table: Table
  readonly shadow: Table
}

/** A constraint with what it says as the dialect holds it. */
interface Held {
  readonly kind: ConstraintKind
  readonly name: string
  readonly implicit: boolean
  /** Whether PostgreSQL has validated its rows. */
  readonly valid: boolean
  /** Without its name, and without whether its rows were validated. */
  readonly body: object
}

function held({ table, shadow }: Shadowed): Held[] {
  const shadows = constraints(shadow)
  return constraints(table).map((one, i) => ({
    kind: one.kind,
    name: shadows[i]!.constraint.name,
    implicit: one.constraint.implicit === true,
    valid: isValid(shadows[i]!),
    body: bodyOf(shadows[i]!),
  }))
}

/** Whether PostgreSQL has looked at the rows that were there before it. */
export function isValid({ constraint }: { readonly constraint: object }): boolean {
  return !('valid' in constraint) || constraint.valid !== false
}

/**
 * What a constraint says. NOT VALID is left out: a constraint that is validated is all that was asked for. Comments are
 * given to what is there: `comments.ts`.
 */
export function bodyOf({ constraint }: AnyConstraint): object {
  const { name: _, implicit: __, comment: ____, ...body } = constraint
  if (!('valid' in body)) return body
  const { valid: ___, ...rest } = body
  return rest
}

export function sameBody(a: object, b: object, by: Sameness): boolean {
  return differences('', a, b, by).length === 0
}

/**
 * The table as it shall be, its unnamed constraints called as those in the database that say the same.
 * @param there the table as it is
 * @param wanted the table as it shall be
 */
export function adoptNames(there: Shadowed, wanted: Shadowed, by: Sameness): Table {
  const here = held(there)
  const asked = held(wanted)
  const matches = new Map<number, Held>()
  const taken = new Set<Held>()
  const byName = new Map(here.map((one) => [`${one.kind} ${one.name}`, one]))
  const left = asked.flatMap((want, i) => {
    const one = byName.get(`${want.kind} ${want.name}`)
    if (one === undefined || !sameBody(one.body, want.body, by)) return [i]
    taken.add(one)
    if (one.valid !== want.valid && one.valid) matches.set(i, one)
    return []
  })
  for (const i of left) {
    const want = asked[i]!
    const one = here.find((each) =>
      each.kind === want.kind && !taken.has(each) &&
      // A name that another one is given is not to be had.
      !asked.some((other) => other !== want && !other.implicit && other.name === each.name) &&
      (want.implicit || (by.forgets && each.implicit)) &&
      sameBody(each.body, want.body, by)
    )
    if (one === undefined) continue
    taken.add(one)
    matches.set(i, one)
  }
  return matches.size === 0 ? wanted.table : adopted(wanted.table, matches)
}

/** The table with the constraints at these places called, and as valid, as others are. */
function adopted(table: Table, matches: ReadonlyMap<number, Held>): Table {
  const changed = new Map(
    constraints(table).flatMap(({ constraint }, i): [object, Held][] => {
      const one = matches.get(i)
      return one === undefined ? [] : [[constraint, one]]
    }),
  )
  const adopt = <C extends { readonly name: string; readonly implicit?: true }>(constraint: C): C => {
    const one = changed.get(constraint)
    if (one === undefined) return constraint
    const { implicit: _, valid: __, ...rest } = constraint as C & { readonly valid?: false }
    const valid = isValid({ constraint }) || one.valid
    return {
      ...rest,
      name: one.name,
      ...(one.implicit ? { implicit: true } : {}),
      ...(valid ? {} : { valid: false }),
    } as unknown as C
  }
  const { primaryKey, ...rest } = table
  return {
    ...rest,
    ...(primaryKey === undefined ? {} : { primaryKey: adopt(primaryKey) }),
    uniques: table.uniques.map(adopt),
    checks: table.checks.map(adopt),
    foreignKeys: table.foreignKeys.map(adopt),
    excludes: table.excludes.map(adopt),
  }
}
