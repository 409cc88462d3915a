import type { Model } from '../model/model.ts'
import { didYouMean, fault } from '../problem.ts'
import { unsupported } from './definition.ts'
import type { Definition, Effect, Op } from './definition.ts'
import { contentsOf, createContents, typesUsedOutside, withoutContents } from './parts/schema-contents.ts'
import { fields, flag, name, optional } from '../shape.ts'

const shape = fields({
  name: name('The schema.'),
  if_exists: optional(flag('Nothing is done when there is no such schema.')),
  cascade: optional(flag('Everything in it goes with it, and the foreign keys that refer to it.')),
})

export type DropSchema = Op<'drop_schema', typeof shape>

function skipped(op: DropSchema, model: Model): boolean {
  return op.if_exists === true && !model.schemas.includes(op.name)
}

/**
 * Drops a schema.
 *
 * ```yaml
 * - drop_schema: { name: billing }
 * ```
 * PostgreSQL: `DROP SCHEMA billing`. SQLite has none.
 *
 * Refused while something is in it, unless `cascade`; and refused even then while a column elsewhere is of a type in it,
 * since PostgreSQL would drop the column without a word.
 */
export const dropSchema: Definition<DropSchema> = {
  kind: 'drop_schema',
  summary: 'Drop a schema (PostgreSQL).',
  shape,
  example: {
    given: [{ op: 'create_schema', only: 'postgres', name: 'billing' }],
    operation: { op: 'drop_schema', only: 'postgres', name: 'billing' },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    if (!model.schemas.includes(op.name)) {
      const near = didYouMean(op.name, model.schemas)
      fault('no-such-schema', `there is no schema "${op.name}"`, {
        path: ['name'],
        hint: near === undefined ? undefined : `did you mean "${near}"?`,
      })
    }
    checkEmpty(op, model)
    return withoutContents({ ...model, schemas: model.schemas.filter((one) => one !== op.name) }, op.name)
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    return [{ op: 'create_schema', name: op.name }, ...createContents(before, op.name)]
  },
  compile: {
    postgres(op, { sql }) {
      const head = `DROP SCHEMA${op.if_exists ? ' IF EXISTS' : ''} ${sql.name(op.name)}`
      return [{ sql: `${head}${op.cascade ? ' CASCADE' : ''}` }]
    },
    sqlite: unsupported('SQLite has no schemas'),
  },
  effects(op, before): Effect[] {
    const contents = contentsOf(before, op.name)
    if (contents.length === 0) return []
    const listed = contents.join(', ')
    return [
      { kind: 'destroys-data', object: op.name, why: `what is in "${op.name}" is gone: ${listed}` },
      { kind: 'breaks-readers', object: op.name, why: `what reads from "${op.name}" fails` },
    ]
  },
  describe: (op) => `drop schema ${op.name}`,
}

function checkEmpty(op: DropSchema, model: Model): void {
  const contents = contentsOf(model, op.name)
  if (contents.length > 0 && !op.cascade) {
    fault('not-empty', `schema "${op.name}" is not empty: ${contents.join(', ')}`, {
      path: ['name'],
      hint: 'drop what is in it first, or write `cascade: true`',
    })
  }
  const [column] = typesUsedOutside(model, op.name)
  if (column === undefined) return
  fault('still-used', `"${column}" is of a type of the schema "${op.name}"`, {
    path: ['cascade'],
    hint: 'drop the column, or change its type, first',
  })
}
