import type { Extension, Model } from '../model/model.ts'
import { didYouMean, fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import type { Spelling, Statement } from '../dialect/dialect.ts'
import { unsupported } from './definition.ts'
import type { Definition, Inverse, Op } from './definition.ts'
import { fields, flag, name, optional, text } from '../shape.ts'

const shape = fields({
  name: name('The extension.'),
  schema: optional(name('The schema that its objects go into, or …')),
  default_schema: optional(flag('… they go into the default one.')),
  version: optional(text('The version that it is updated to.')),
})

export type AlterExtension = Op<'alter_extension', typeof shape>

/** @throws `no-such-extension` with the nearest name as a hint */
function extension(op: AlterExtension, model: Model): Extension {
  const found = model.extensions.find((one) => one.name === op.name)
  if (found !== undefined) return found
  const near = didYouMean(op.name, model.extensions.map((one) => one.name))
  return fault('no-such-extension', `there is no extension "${op.name}"`, {
    path: ['name'],
    hint: near === undefined ? undefined : `did you mean "${near}"?`,
  })
}

/**
 * Moves an extension into another schema, or updates it to another version.
 *
 * ```yaml
 * - alter_extension: { name: citext, schema: extensions }
 * ```
 * PostgreSQL: `ALTER EXTENSION citext SET SCHEMA extensions`; it refuses extensions that cannot be moved. With `version`,
 * `ALTER EXTENSION citext UPDATE TO '1.6'`. SQLite has none.
 */
export const alterExtension: Definition<AlterExtension> = {
  kind: 'alter_extension',
  summary: 'Move an extension into another schema, or update it (PostgreSQL).',
  shape,
  example: {
    given: [
      { op: 'create_schema', only: 'postgres', name: 'extensions' },
      { op: 'create_extension', only: 'postgres', name: 'citext' },
    ],
    operation: { op: 'alter_extension', only: 'postgres', name: 'citext', schema: 'extensions' },
  },
  apply(op, model) {
    const old = extension(op, model)
    if (op.schema !== undefined && op.default_schema) {
      fault('contradiction', `"${op.name}" goes into one schema`, {
        path: ['default_schema'],
        hint: 'leave out `schema` or `default_schema`',
      })
    }
    if (!moves(op) && op.version === undefined) {
      fault('nothing-to-do', `nothing of extension "${op.name}" is changed`, { path: ['name'] })
    }
    const next: Extension = defined({
      name: old.name,
      schema: moves(op) ? op.schema : old.schema,
      version: op.version ?? old.version,
    })
    return { ...model, extensions: model.extensions.map((one) => one === old ? next : one) }
  },
  invert,
  compile: {
    postgres: (op, { sql }) => [
      ...(op.version === undefined
        ? []
        : [{ sql: `ALTER EXTENSION ${sql.name(op.name)} UPDATE TO ${sql.literal(op.version)}` }]),
      ...(moves(op) ? [move(op, sql)] : []),
    ],
    sqlite: unsupported('SQLite has no extensions to change'),
  },
  effects: (op) => {
    if (!moves(op)) return []
    const why = `what finds "${op.name}" by the search path may not find it any more`
    return [{ kind: 'breaks-readers', object: op.name, why }]
  },
  describe: (op) => `alter extension ${op.name}`,
}

function moves(op: AlterExtension): boolean {
  return op.schema !== undefined || op.default_schema === true
}

/** PostgreSQL has no word for the default schema where a name must stand. */
function move({ name, schema }: AlterExtension, sql: Spelling): Statement {
  const alter = `ALTER EXTENSION ${sql.name(name)} SET SCHEMA`
  if (schema !== undefined) return { sql: `${alter} ${sql.name(schema)}` }
  const pattern = sql.literal(`${alter.replaceAll('%', '%%')} %I`)
  return { sql: `DO $$ BEGIN EXECUTE format(${pattern}, current_schema()); END $$` }
}

function invert(op: AlterExtension, before: Model): Inverse {
  const old = extension(op, before)
  if (op.version !== undefined) return { irreversible: 'extensions are updated, and know no way back' }
  const where = old.schema === undefined ? { default_schema: true as const } : { schema: old.schema }
  return [defined({ op: 'alter_extension', only: op.only, name: op.name, ...where })]
}
