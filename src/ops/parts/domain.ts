/** Domains: what create_domain writes ↔ the model's {@link Domain}. */
import { Type } from 'typebox'
import type { Check, Domain, Model, QualifiedName } from '../../model/model.ts'
import { clip, implicitName } from '../../model/names.ts'
import { string } from '../../dialect/ansi.ts'
import { fault } from '../../problem.ts'
import { defined } from '../../model/defined.ts'
import { defaultShape, fromDefault, toDefault } from './column.ts'
import { fields, flag, name, optional, schema, sql } from '../../shape.ts'
import type { Spec } from '../../shape.ts'
import { fromType, toType, typeShape } from './type.ts'

export const domainFields = {
  name: name('The domain.'),
  schema,
  type: typeShape,
  nullable: optional(flag('Whether it takes NULL. Default true.')),
  default: optional(defaultShape),
  collation: optional(name('Its collation.')),
  checks: optional(Type.Array(
    fields({
      name: optional(name('Its name. Absent: unnamed; PostgreSQL gives one.')),
      condition: sql('What must not be false; VALUE is the value.'),
      comment: optional(Type.String({ description: 'Its comment (PostgreSQL).' })),
    }),
    { description: 'CHECK constraints of its values.' },
  )),
  comment: optional(Type.String({ description: 'Its comment (PostgreSQL).' })),
}

const domainShape = fields(domainFields)
export type DomainSpec = Spec<typeof domainShape>

/**
 * The model's domain.
 * @throws `unknown-type` and the like; `constraint-exists` when two checks have one name
 */
export function toDomain(spec: DomainSpec, model: Model): Domain {
  const { type, serial, newEnum, allowed } = toType(spec.type, model)
  if (serial || newEnum !== undefined) {
    fault('contradiction', serial ? 'a domain cannot be serial' : 'a domain brings no enum with it', {
      path: ['type'],
      hint: serial ? 'use the integer type' : 'create the enum before, by create_enum',
    })
  }
  const { name, schema, nullable, default: value, collation, comment } = spec
  return defined({
    schema,
    name,
    type,
    nullable: nullable ?? true,
    default: value === undefined ? undefined : toDefault(value, type),
    collation,
    checks: toChecks(spec, allowed),
    comment,
  })
}

/** @param allowed the values of an enum that is no native type, when it is to be checked */
function toChecks(spec: DomainSpec, allowed?: readonly string[]): Check[] {
  const listed = allowed === undefined ? [] : [{ condition: `VALUE IN (${allowed.map(string).join(', ')})` }]
  const own = withChecks(spec, [], listed, 'type')
  return withChecks(spec, own, spec.checks ?? [], 'checks')
}

/**
 * The checks of a domain with more of them, named as PostgreSQL names those that have no name.
 * @param field where they stand in the operation
 * @throws `constraint-exists` when two checks have one name
 */
export function withChecks(
  domain: QualifiedName,
  there: readonly Check[],
  more: readonly { readonly name?: string; readonly condition: string; readonly comment?: string }[],
  field: string,
): Check[] {
  const taken = new Set(there.map((one) => one.name))
  const added = more.map(({ name, condition: expression, comment }, i): Check => {
    const given = name === undefined ? implicitName('check', domain, [], taken) : clip(name)
    if (taken.has(given)) {
      fault('constraint-exists', `domain "${domain.name}" has a constraint "${given}" already`, {
        path: [field, i, 'name'],
      })
    }
    taken.add(given)
    const implicit = name === undefined ? true as const : undefined
    return defined({ name: given, implicit, expression, comment })
  })
  return [...there, ...added]
}

/** What YAML writes for a domain. */
export function fromDomain(domain: Domain, model: Model): DomainSpec {
  const { name, schema, type, nullable, default: value, collation, checks, comment, ...rest } = domain
  void (rest satisfies Record<string, never>)
  const listed = checks.map((one) =>
    defined({ name: one.implicit ? undefined : one.name, condition: one.expression, comment: one.comment })
  )
  const base = fromType(type, model)
  return defined({
    name,
    schema,
    // The enum under a domain is there already: it is named, not listed.
    type: typeof base === 'object' && 'enum' in base && base.native !== false
      ? defined({ enum: base.name ?? String(base.enum), schema: base.schema, array: base.array })
      : base,
    nullable: nullable ? undefined : false,
    default: value === undefined ? undefined : fromDefault(value),
    collation,
    checks: listed.length === 0 ? undefined : listed,
    comment,
  })
}
