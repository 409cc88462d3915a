import type { Hazard } from '../dialect/dialect.ts'
import { shown } from '../model/edit.ts'
import type { Model } from '../model/model.ts'
import { unsupportedField } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { locks, tableChange } from './parts/compile.ts'
import { foreignKeyFields } from './parts/constraint.ts'
import { toForeignKey } from './parts/constraint-model.ts'
import { addConstraint, dropAdded, withConstraint } from './parts/on-constraint.ts'
import { checkNewReferences } from './parts/reference-types.ts'
import { shownTable, tableName } from './parts/on-table.ts'
import { fields, name, schema } from '../shape.ts'

const shape = fields({ table: name('The table whose columns refer.'), schema, ...foreignKeyFields })

export type CreateForeignKey = Op<'create_foreign_key', typeof shape>

function apply(op: CreateForeignKey, model: Model): Model {
  return withConstraint(model, op, { kind: 'foreign_key', constraint: toForeignKey(op) })
}

function target(op: CreateForeignKey): string {
  return shown({ schema: op.references.schema, name: op.references.table })
}

/** Both tables, once when they are one. */
function bothTables(op: CreateForeignKey): string[] {
  return [...new Set([shownTable(op), target(op)])]
}

/**
 * Adds a foreign key to a table.
 *
 * ```yaml
 * - create_foreign_key: { table: posts, columns: [author], references: { table: users, columns: [id] }, on_delete: cascade }
 * ```
 * PostgreSQL: `ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (id) ON DELETE CASCADE`
 *
 * SQLite cannot add a constraint to a table (https://sqlite.org/lang_altertable.html): the table is rebuilt.
 *
 * What it refers to must be the primary key or unique: PostgreSQL refuses it otherwise, SQLite only when a
 * row comes. With `not_valid` PostgreSQL does not look at the rows that are there until validate_constraint;
 * SQLite has no NOT VALID, and the check of foreign keys after the rebuild looks at all. SQLite reads MATCH
 * FULL and does not heed it (https://sqlite.org/foreignkeys.html), so with several columns it is refused
 * there.
 */
export const createForeignKey: Definition<CreateForeignKey> = {
  kind: 'create_foreign_key',
  summary: 'Add a foreign key to a table.',
  shape,
  example: {
    given: [
      { op: 'create_table', name: 'users', columns: [{ name: 'id', type: 'integer', primary_key: true }] },
      {
        op: 'create_table',
        name: 'posts',
        columns: [
          { name: 'id', type: 'integer', primary_key: true },
          { name: 'author_id', type: 'integer' },
        ],
      },
    ],
    operation: {
      op: 'create_foreign_key',
      name: 'fk_posts_author',
      table: 'posts',
      columns: ['author_id'],
      references: { table: 'users', columns: ['id'] },
      on_delete: 'cascade',
    },
  },
  apply,
  invert: (op, before) => [dropAdded(op, before, apply(op, before))],
  compile: {
    postgres(op, cx) {
      checkNewReferences(cx, tableName(op), () => ['columns'])
      const tables = bothTables(op)
      const scans = op.not_valid ? [] : tables.map((table): Hazard => ({ kind: 'scans', table }))
      return addConstraint(op, cx, [...tables.map((one) => locks(one, 'SHARE ROW EXCLUSIVE')), ...scans])
    },
    sqlite(op, cx) {
      if (op.match === 'full' && op.columns.length > 1) {
        unsupportedField('SQLite has no MATCH FULL', ['match'])
      }
      return [tableChange(op, cx)]
    },
  },
  effects(op) {
    if (op.not_valid) return []
    const object = shownTable(op)
    const why = `it fails if a row of "${object}" refers to none of "${target(op)}"`
    return [{ kind: 'refuses-rows', object, why }]
  },
  describe(op) {
    const to = `${target(op)} (${op.references.columns.join(', ')})`
    return `add foreign key ${shownTable(op)} (${op.columns.join(', ')}) to ${to}`
  },
}
