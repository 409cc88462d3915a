import type { DialectName, Model, Table } from '../model/model.ts'
import { EMPTY } from '../model/model.ts'
import { find, get, sameName, shown } from '../model/edit.ts'
import { unsupportedField } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Statement } from '../dialect/dialect.ts'
import { fields, flag, optional } from '../shape.ts'
import { fromTable } from './parts/from-table.ts'
import { addTable, tableFields } from './parts/table.ts'
import { locks, newEnums, tableComments } from './parts/compile.ts'
import { checkNewReferences } from './parts/reference-types.ts'
import { checkNulls, checkVirtual } from './parts/server-version.ts'
import type { Operation } from './index.ts'

const shape = fields({
  ...tableFields,
  if_not_exists: optional(flag('Nothing is done when the table is there already.')),
})

export type CreateTable = Op<'create_table', typeof shape>

/** Whether a foreign key may refer to a table that is not there yet. */
const FORWARD: Readonly<Record<DialectName, boolean>> = { postgres: false, sqlite: true }

/** Whether an operation for this dialect alone may refer to tables that are not there. */
export function pointsAhead(only: DialectName | undefined): boolean {
  return only !== undefined && FORWARD[only]
}

/** Whether `if_not_exists` makes it do nothing. */
function skipped(op: CreateTable, model: Model): boolean {
  return op.if_not_exists === true && find(model, 'tables', op) !== undefined
}

/**
 * Creates a table with its columns, constraints, indexes and comments, and the enum types its columns name.
 *
 * ```yaml
 * - create_table:
 *     name: users
 *     columns:
 *       - { name: id, type: uuid, primary_key: true }
 *       - { name: email, type: varchar, nullable: false, unique: true }
 * ```
 * PostgreSQL: `CREATE TABLE users (id UUID NOT NULL, email VARCHAR NOT NULL, PRIMARY KEY (id), UNIQUE (email))`
 *
 * SQLite: the same, with `id CHAR(32) NOT NULL`.
 *
 * Enum types that its columns list are created first, unless the model has them: then they are shared. A foreign key
 * refers to a table that is there, or to this one; with `only: sqlite` also to one that comes later, which SQLite allows.
 * A number from a sequence is asked for, by `type: serial` or `identity`: an integer primary key alone does not become
 * SERIAL, as it does in SQLAlchemy. On SQLite such a key is INTEGER, the rowid's other name, whatever its size.
 */
export const createTable: Definition<CreateTable> = {
  kind: 'create_table',
  summary: 'Create a table with its columns, constraints, indexes and comments.',
  shape,
  example: {
    operation: {
      op: 'create_table',
      name: 'users',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'email', type: 'varchar', nullable: false, unique: true },
        {
          name: 'state',
          type: { enum: ['new', 'active'], name: 'userstate' },
          nullable: false,
          default: 'new',
        },
        { name: 'created_at', type: 'timestamptz', nullable: false, default: { sql: 'CURRENT_TIMESTAMP' } },
      ],
    },
  },
  declares: {
    section: 'tables',
    // Beside no others: enums are named, not listed again, and a name that others have too is spelled.
    of: (model) =>
      model.tables.map((one) => ({
        op: 'create_table',
        ...fromTable(one, { ...EMPTY, naming: model.naming }),
      })),
  },
  apply(op, model) {
    return skipped(op, model) ? model : addTable(model, op, { forward: pointsAhead(op.only) })
  },
  /** The enums that came with the table go with it: without that, upgrading again would find them there. */
  invert(op, before) {
    if (skipped(op, before)) return []
    const brought = createTable.apply(op, before).enums.filter((one) => !before.enums.includes(one))
    const drops = brought.map(({ schema, name }): Operation => ({
      op: 'drop_enum',
      name,
      ...(schema === undefined ? {} : { schema }),
    }))
    return [
      { op: 'drop_table', name: op.name, ...(op.schema === undefined ? {} : { schema: op.schema }) },
      ...drops,
    ]
  },
  compile: {
    postgres(op, cx) {
      if (skipped(op, cx.before)) return []
      const table = get(cx.after, 'tables', op)
      table.columns.forEach((one, i) => checkVirtual(one, cx.server, ['columns', i, 'generated', 'stored']))
      const typeOf = (
        name: string,
      ) => ['columns', table.columns.findIndex((one) => one.name === name), 'type']
      checkNewReferences(cx, op, typeOf)
      op.unique?.forEach((one, i) => checkNulls(one, cx.server, ['unique', i]))
      op.indexes?.forEach((one, i) => checkNulls(one, cx.server, ['indexes', i]))
      return [
        ...newEnums(cx.sql, cx.before, cx.after),
        ...tableAndIndexes(op, cx, table),
        ...tableComments(cx.sql, table),
      ]
    },
    sqlite(op, cx) {
      if (skipped(op, cx.before)) return []
      if (op.columns.length === 0) unsupportedField('SQLite has no tables without columns', ['columns'])
      return tableAndIndexes(op, cx, get(cx.after, 'tables', op))
    },
  },
  effects: () => [],
  describe: (op) => `create table ${op.name}`,
}

/** A table with foreign keys locks those that it refers to; its own indexes lock nothing that anybody waits for. */
function tableAndIndexes(op: CreateTable, cx: CompileContext, table: Table): Statement[] {
  const ifNotExists = op.if_not_exists
  const referred = new Set(
    table.foreignKeys.filter((key) => !sameName(key.references, table)).map((key) => shown(key.references)),
  )
  const hazards = [...referred].map((name) => locks(name, 'SHARE ROW EXCLUSIVE'))
  const create = cx.sql.createTable(table, cx.after, { ifNotExists })
  return [
    hazards.length === 0 ? { sql: create } : { sql: create, hazards },
    ...table.indexes.map((index) => ({ sql: cx.sql.createIndex(index, table, { ifNotExists }) })),
  ]
}
