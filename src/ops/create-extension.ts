import type { Model } from '../model/model.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { fields, flag, name, optional, text } from '../shape.ts'

const shape = fields({
  name: name('The extension.'),
  schema: optional(name('The schema that its objects go into.')),
  version: optional(text('Its version. Default: the newest that is installed on the server.')),
  if_not_exists: optional(flag('Nothing is done when the extension is there already.')),
  cascade: optional(flag('The extensions that it needs are created too.')),
})

export type CreateExtension = Op<'create_extension', typeof shape>

function skipped(op: CreateExtension, model: Model): boolean {
  return op.if_not_exists === true && model.extensions.some((one) => one.name === op.name)
}

/**
 * Creates an extension.
 *
 * ```yaml
 * - create_extension: { name: citext, if_not_exists: true }
 * ```
 * PostgreSQL: `CREATE EXTENSION IF NOT EXISTS citext`. SQLite has none.
 */
export const createExtension: Definition<CreateExtension> = {
  kind: 'create_extension',
  summary: 'Create an extension (PostgreSQL).',
  shape,
  example: { operation: { op: 'create_extension', only: 'postgres', name: 'citext', if_not_exists: true } },
  declares: {
    section: 'extensions',
    of: (model) =>
      model.extensions.map(({ name, schema, version }) =>
        defined({ op: 'create_extension', name, schema, version })
      ),
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const { name, schema, version } = op
    if (model.extensions.some((one) => one.name === name)) {
      fault('extension-exists', `an extension "${name}" exists already`, {
        path: ['name'],
        hint: 'write `if_not_exists: true` when it may be there',
      })
    }
    return { ...model, extensions: [...model.extensions, defined({ name, schema, version })] }
  },
  invert: (op, before) => skipped(op, before) ? [] : [{ op: 'drop_extension', name: op.name }],
  compile: {
    postgres(op, { sql }) {
      const words = [
        `CREATE EXTENSION${op.if_not_exists ? ' IF NOT EXISTS' : ''} ${sql.name(op.name)}`,
        ...(op.schema === undefined ? [] : [`SCHEMA ${sql.name(op.schema)}`]),
        ...(op.version === undefined ? [] : [`VERSION ${sql.literal(op.version)}`]),
        ...(op.cascade ? ['CASCADE'] : []),
      ]
      return [{ sql: words.join(' ') }]
    },
    sqlite: unsupported('SQLite has no extensions to create'),
  },
  effects: () => [],
  describe: (op) => `create extension ${op.name}`,
}
