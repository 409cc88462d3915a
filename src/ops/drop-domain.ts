import type { Model } from '../model/model.ts'
import { find, get, remove } from '../model/edit.ts'
import type { Definition, Op } from './definition.ts'
import { fromDomain } from './parts/domain.ts'
import { checkUnused } from './parts/enum.ts'
import { restoreLostGrants } from './parts/grant.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'

const shape = fields({
  name: name('The domain.'),
  schema,
  if_exists: optional(flag('Nothing is done when there is no such domain.')),
})

export type DropDomain = Op<'drop_domain', typeof shape>

function skipped(op: DropDomain, model: Model): boolean {
  return op.if_exists === true && find(model, 'domains', op) === undefined
}

/**
 * Drops a domain.
 *
 * ```yaml
 * - drop_domain: { name: email }
 * ```
 * PostgreSQL: `DROP DOMAIN email`. SQLite: nothing.
 *
 * Refused while a column or another domain is of it, on both dialects, as PostgreSQL refuses it.
 */
export const dropDomain: Definition<DropDomain> = {
  kind: 'drop_domain',
  summary: 'Drop a domain that no column uses.',
  shape,
  example: {
    given: [{ op: 'create_domain', name: 'email', type: 'text' }],
    operation: { op: 'drop_domain', name: 'email' },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    checkUnused(model, 'domain', get(model, 'domains', op))
    return remove(model, 'domains', op)
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    return [
      { op: 'create_domain', ...fromDomain(get(before, 'domains', op), before) },
      ...restoreLostGrants(before, dropDomain.apply(op, before)),
    ]
  },
  compile: {
    postgres: (
      op,
      { sql },
    ) => [{ sql: `DROP DOMAIN${op.if_exists ? ' IF EXISTS' : ''} ${sql.qualified(op)}` }],
    sqlite: () => [],
  },
  effects: () => [],
  describe: (op) => `drop domain ${op.name}`,
}
