import type { Model } from '../model/model.ts'
import { fault } from '../problem.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { fields, flag, name, optional } from '../shape.ts'

const shape = fields({
  name: name('The schema.'),
  authorization: optional(name('The role that owns it. Default: who runs the migration.')),
  if_not_exists: optional(flag('Nothing is done when the schema is there already.')),
})

export type CreateSchema = Op<'create_schema', typeof shape>

function skipped(op: CreateSchema, model: Model): boolean {
  return op.if_not_exists === true && model.schemas.includes(op.name)
}

/**
 * Creates a schema.
 *
 * ```yaml
 * - create_schema: { name: billing }
 * ```
 * PostgreSQL: `CREATE SCHEMA billing`. SQLite has none.
 */
export const createSchema: Definition<CreateSchema> = {
  kind: 'create_schema',
  summary: 'Create a schema (PostgreSQL).',
  shape,
  example: { operation: { op: 'create_schema', only: 'postgres', name: 'billing' } },
  declares: {
    section: 'schemas',
    of: (model) => model.schemas.map((name) => ({ op: 'create_schema', name })),
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    if (model.schemas.includes(op.name)) {
      fault('schema-exists', `a schema "${op.name}" exists already`, { path: ['name'] })
    }
    return { ...model, schemas: [...model.schemas, op.name] }
  },
  invert: (op, before) => skipped(op, before) ? [] : [{ op: 'drop_schema', name: op.name }],
  compile: {
    postgres(op, { sql }) {
      const owner = op.authorization === undefined ? '' : ` AUTHORIZATION ${sql.name(op.authorization)}`
      return [{
        sql: `CREATE SCHEMA${op.if_not_exists ? ' IF NOT EXISTS' : ''} ${sql.newName(op.name)}${owner}`,
      }]
    },
    sqlite: unsupported('SQLite has no schemas'),
  },
  effects: () => [],
  describe: (op) => `create schema ${op.name}`,
}
