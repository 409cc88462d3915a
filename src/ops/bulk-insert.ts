import { Type } from 'typebox'
import type { Column, Model, Table } from '../model/model.ts'
import { noneTwice } from '../model/attach.ts'
import { findColumn, shown } from '../model/edit.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import type { CompileContext, Definition, Inverse, Op } from './definition.ts'
import type { Statement } from '../dialect/dialect.ts'
import { checkNotEmpty, checkRows, rowTable, target } from './parts/rows.ts'
import { fields, name, optional, schema, words } from '../shape.ts'
import { expressionOf, isRowid, neededColumns, rowShape, spellValue, targetOf } from './parts/value.ts'
import type { Row } from './parts/value.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  columns: optional(Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    description: 'The columns, when the rows are lists.',
  })),
  rows: Type.Array(
    Type.Union([rowShape, Type.Array(Type.Unknown(), { description: 'Values in the order of `columns`.' })]),
    { minItems: 1, description: 'The rows: maps of values by column, or lists of values.' },
  ),
  on_conflict: optional(words(['nothing'], 'nothing: a row whose key is there already is left out.')),
})

export type BulkInsert = Op<'bulk_insert', typeof shape>

/** How many rows stand in one INSERT. */
const ROWS = 200

/** The rows as maps. @throws `row-length`, `no-columns`, for lists that `columns` does not fit */
function rowsOf(op: BulkInsert): Row[] {
  return op.rows.map((row, i) => {
    if (!Array.isArray(row)) return row as Row
    const { columns } = op
    if (columns === undefined) {
      return fault('no-columns', 'rows that are lists need `columns`', {
        path: ['rows', i],
        hint: 'name them in the order of the values: `columns: [a, b]`',
      })
    }
    if (row.length !== columns.length) {
      fault('row-length', `the row has ${row.length} values for ${columns.length} columns`, {
        path: ['rows', i],
        hint: `a value for each of ${columns.join(', ')}; null for none`,
      })
    }
    return Object.fromEntries(columns.map((column, j) => [column, row[j]]))
  })
}

/**
 * Inserts rows.
 *
 * ```yaml
 * - bulk_insert:
 *     table: roles
 *     rows:
 *       - { id: 1, name: admin, rights: [read, write], created_at: { sql: CURRENT_TIMESTAMP } }
 *       - { id: 2, name: guest, rights: [read], created_at: { sql: CURRENT_TIMESTAMP } }
 * ```
 * PostgreSQL: `INSERT INTO roles (id, name, rights, created_at) VALUES (1, 'admin', ARRAY['read', 'write']::TEXT[],
 * CURRENT_TIMESTAMP), …`; at most 200 rows a statement, rows with other columns in another one.
 *
 * SQLite: the same; lists and maps go into JSON columns only. A uuid is written without dashes, as SQLAlchemy does.
 *
 * A value for an identity column that is GENERATED ALWAYS makes it OVERRIDING SYSTEM VALUE. Undone, the rows are
 * deleted by their primary keys, if every row gives it.
 */
export const bulkInsert: Definition<BulkInsert> = {
  kind: 'bulk_insert',
  summary: 'Insert rows.',
  shape,
  dataFields: () => ['rows'],
  example: {
    given: [{
      op: 'create_table',
      name: 'roles',
      columns: [
        { name: 'id', type: 'integer', primary_key: true },
        { name: 'name', type: 'varchar', nullable: false },
        { name: 'rights', type: 'json' },
      ],
    }],
    operation: {
      op: 'bulk_insert',
      table: 'roles',
      rows: [{ id: 1, name: 'admin', rights: ['read', 'write'] }, { id: 2, name: 'guest', rights: null }],
    },
  },
  apply(op, model) {
    noneTwice(op.columns ?? [], ['columns'])
    const rows = rowsOf(op)
    checkNotEmpty(rows, ['rows'])
    checkRows(model, op, rows, ['rows'])
    const table = rowTable(model, op)
    if (table !== undefined) {
      checkComplete(rows, table, neededColumns(table, model).filter((one) => !isRowid(one, table)))
    }
    return model
  },
  invert,
  compile: {
    postgres(op, cx) {
      const table = rowTable(cx.before, op)
      if (table !== undefined) checkComplete(rowsOf(op), table, neededColumns(table, cx.before))
      return compile(
        op,
        cx,
        (columns) => columns.some((one) => isAlways(table, one)) ? ' OVERRIDING SYSTEM VALUE' : '',
      )
    },
    sqlite: (op, cx) => compile(op, cx, () => ''),
  },
  effects: () => [],
  describe: (op) => `insert ${op.rows.length} row${op.rows.length === 1 ? '' : 's'} into ${op.table}`,
}

/** @throws `missing-value` for a row that lacks one of these columns */
function checkComplete(rows: readonly Row[], table: Table, needed: readonly Column[]): void {
  rows.forEach((row, i) => {
    const missing = needed.find((one) => !Object.hasOwn(row, one.name))
    if (missing === undefined) return
    const name = `${shown(table)}.${missing.name}`
    fault('missing-value', `"${name}" takes no NULL and has no default: the row must give it`, {
      path: ['rows', i],
    })
  })
}

function invert(op: BulkInsert, before: Model): Inverse {
  const table = rowTable(before, op)
  const key = table?.primaryKey?.columns
  if (op.on_conflict !== undefined) return { irreversible: 'which rows were there before is not known' }
  if (key === undefined) return { irreversible: `"${op.table}" has no primary key to find the rows by` }
  const rows = rowsOf(op)
  const found = rows.every((row) =>
    key.every((name) => Object.hasOwn(row, name) && expressionOf(row[name]) === undefined)
  )
  if (!found) return { irreversible: `not every row gives the primary key (${key.join(', ')}) as a literal` }
  const keys = rows.map((row) => Object.fromEntries(key.map((name) => [name, row[name]])))
  return [defined({ op: 'delete_rows', table: op.table, schema: op.schema, rows: keys })]
}

/** Consecutive rows of the same columns, so many as one statement takes. */
function groups(rows: readonly Row[]): Row[][] {
  const result: Row[][] = []
  for (const row of rows) {
    const last = result.at(-1)
    const same = last !== undefined && last.length < ROWS &&
      Object.keys(last[0]!).join('\0') === Object.keys(row).join('\0')
    if (same) last.push(row)
    else result.push([row])
  }
  return result
}

/** @param overriding what stands before VALUES for rows that give these columns */
function compile(
  op: BulkInsert,
  cx: CompileContext,
  overriding: (columns: readonly string[]) => string,
): Statement[] {
  const table = rowTable(cx.before, op)
  const conflict = op.on_conflict === undefined ? '' : '\nON CONFLICT DO NOTHING'
  return groups(rowsOf(op)).map((rows) => {
    const columns = Object.keys(rows[0]!)
    const values = rows.map((row) =>
      `  (${columns.map((one) => spellValue(row[one], targetOf(table, one), cx, ['rows'])).join(', ')})`
    )
    const head = `INSERT INTO ${target(op, cx)} (${cx.sql.names(columns)})${overriding(columns)} VALUES`
    return { sql: `${head}\n${values.join(',\n')}${conflict}` }
  })
}

function isAlways(table: Table | undefined, name: string): boolean {
  return table !== undefined && findColumn(table, name)?.identity?.generated === 'always'
}
