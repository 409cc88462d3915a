import type { Statement } from '../dialect/dialect.ts'
import { attachIndex, checkRelationName, indexName } from '../model/attach.ts'
import { findIndex } from '../model/called.ts'
import { shown } from '../model/edit.ts'
import type { Index, Model } from '../model/model.ts'
import { unsupportedField } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import { indexComment, inSchemaOf, locks, tableChange } from './parts/compile.ts'
import { indexFields, toIndex } from './parts/index-spec.ts'
import { changeIndexed, indexedTable, refuseOnSqlite } from './parts/on-index.ts'
import { checkNulls } from './parts/server-version.ts'
import { onTable, shownTable } from './parts/on-table.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'

const { name: indexNameField, ...otherFields } = indexFields

const shape = fields({
  name: indexNameField,
  table: name('The table, or the materialized view.'),
  schema,
  ...otherFields,
  concurrently: optional(flag('Writing goes on while it is built (PostgreSQL); outside a transaction.')),
  if_not_exists: optional(flag('Nothing is done when there is an index of that name.')),
})

export type CreateIndex = Op<'create_index', typeof shape>

/** The index it creates, named. */
function indexOf(op: CreateIndex, model: Model): Index {
  const table = indexedTable(model, op)
  const index = toIndex(model, op, table)
  return { ...index, name: indexName(model, table, index) }
}

/** Whether `if_not_exists` makes it do nothing. */
function skipped(op: CreateIndex, model: Model): boolean {
  return op.if_not_exists === true && halfBuilt(op, model) === undefined &&
    findIndex(model, indexOf(op, model).name, op.schema) !== undefined
}

/** What an earlier CREATE INDEX CONCURRENTLY left of it: no index to anybody who reads. */
function halfBuilt(op: CreateIndex, model: Model): Index | undefined {
  if (!op.if_not_exists) return undefined
  const { indexes } = indexedTable(model, op)
  const { name } = indexOf(op, model)
  return indexes.find((one) => one.invalid && one.name === name)
}

function withoutHalfBuilt(op: CreateIndex, model: Model): Model {
  const half = halfBuilt(op, model)
  if (half === undefined) return model
  return changeIndexed(model, indexedTable(model, op), (one) => ({
    ...one,
    indexes: one.indexes.filter((index) => index !== half),
  }))
}

/**
 * Creates an index of columns or expressions.
 *
 * ```yaml
 * - create_index: { name: ix_users_email, table: users, columns: [email], unique: true }
 * - create_index: { name: ix_lower, table: users, columns: [{ expression: lower(email) }], where: active }
 * ```
 * PostgreSQL and SQLite: `CREATE UNIQUE INDEX ix_users_email ON users (email)`
 *
 * Without a name it is `ix_<table>_<first column>`, as with Alembic. `concurrently` cannot run in a
 * transaction (https://www.postgresql.org/docs/current/sql-createindex.html), so it is moved out of it; on
 * SQLite it says nothing, and so do NULLS FIRST and LAST, storage parameters and tablespaces. An INVALID index, which a
 * build that failed left, is none to `if_not_exists`: it is dropped, and built anew.
 */
export const createIndex: Definition<CreateIndex> = {
  kind: 'create_index',
  summary: 'Create an index of columns or expressions.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }, { name: 'email', type: 'varchar' }],
    }],
    operation: {
      op: 'create_index',
      name: 'ix_users_email',
      table: 'users',
      columns: ['email'],
      unique: true,
    },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const start = withoutHalfBuilt(op, model)
    const table = indexedTable(start, op)
    return changeIndexed(start, table, (one) => attachIndex(start, one, toIndex(start, op, one)))
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    const where = onTable(indexedTable(before, op))
    const how = op.concurrently ? { concurrently: true } : {}
    return [{ op: 'drop_index', name: indexOf(op, before).name, ...where, ...how }]
  },
  compile: {
    postgres: postgresIndex,
    sqlite(op, cx) {
      refuseOnSqlite(op)
      const sql = createSql(op, cx)
      return [tableChange(op, cx, [{ sql }])]
    },
  },
  effects(op, before) {
    if (!op.unique || skipped(op, before)) return []
    const object = shownTable(op)
    const why = `it fails if two rows of "${object}" have the same (${shownKeys(op)})`
    return [{ kind: 'refuses-rows', object, why }]
  },
  describe(op) {
    const what = `${op.unique ? 'unique ' : ''}index${op.name === undefined ? '' : ` ${op.name}`}`
    return `create ${what} on ${shownTable(op)} (${shownKeys(op)})`
  },
}

function shownKeys(op: CreateIndex): string {
  return op.columns.map((one) => typeof one === 'string' ? one : one.column ?? one.expression).join(', ')
}

function createSql(op: CreateIndex, cx: CompileContext): string {
  const { if_not_exists: ifNotExists, concurrently } = op
  const options = { ifNotExists, concurrently }
  return cx.sql.createIndex(indexOf(op, cx.before), indexedTable(cx.before, op), options)
}

function postgresIndex(op: CreateIndex, cx: CompileContext): Statement[] {
  const index = indexOf(op, cx.before)
  const before = indexedTable(cx.before, op)
  if (op.concurrently && before.partitionBy !== undefined) {
    unsupportedField('PostgreSQL cannot create an index on a partitioned table concurrently', [
      'concurrently',
    ])
  }
  checkNulls(op, cx.server)
  if (!op.if_not_exists) checkRelationName(cx.before, before, index.name)
  const table = shownTable(op)
  const lock = locks(table, op.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE')
  const alone = op.concurrently ? { transaction: 'forbidden' } as const : {}
  const isThere = skipped(op, cx.before)
  const hazards = isThere ? [lock] : [lock, { kind: 'builds-index', table } as const]
  const create: Statement = { sql: createSql(op, cx), ...alone, hazards }
  if (isThere) return [create]
  return [...dropHalfBuilt(op, cx, alone), create, ...indexComment(cx.sql, before, index)]
}

function dropHalfBuilt(
  op: CreateIndex,
  { before, sql }: CompileContext,
  alone: Partial<Statement>,
): Statement[] {
  const half = halfBuilt(op, before)
  if (half === undefined) return []
  const table = indexedTable(before, op)
  const name = sql.qualified(inSchemaOf(table, half.name))
  const lock = locks(shown(table), op.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE')
  return [{ sql: `DROP INDEX ${op.concurrently ? 'CONCURRENTLY ' : ''}${name}`, ...alone, hazards: [lock] }]
}
