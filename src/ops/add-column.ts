import type { Column, Model } from '../model/model.ts'
import {
  changeTable,
  column as columnOf,
  constraints,
  find,
  findColumn,
  shown,
  tableOf,
} from '../model/edit.ts'
import type { AnyConstraint } from '../model/edit.ts'
import { attach } from '../model/attach.ts'
import { withStarsKept } from '../model/view-text.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import type { Compiled, Hazard, Statement } from '../dialect/dialect.ts'
import type { CompileContext, Definition, Effect, Op } from './definition.ts'
import type { Operation } from './index.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'
import { columnShape, toColumn } from './parts/column.ts'
import { attachColumnParts, withEnum } from './parts/table.ts'
import { shownType } from './parts/type.ts'
import { alterTable, commentOn, locks, newEnums, tableChange } from './parts/compile.ts'
import { addingRewrites } from './parts/rewrites.ts'
import { checkNewReferences } from './parts/reference-types.ts'
import { constraintSql } from './parts/on-constraint.ts'
import { checkVirtual } from './parts/server-version.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  column: columnShape,
  if_not_exists: optional(flag('Nothing is done when the column is there already.')),
})

export type AddColumn = Op<'add_column', typeof shape>

function skipped(op: AddColumn, model: Model): boolean {
  return op.if_not_exists === true && findColumn(tableOf(model, op), op.column.name) !== undefined
}

/**
 * Adds a column, with the constraints and the index that it asks for, and the enum type that it names.
 *
 * ```yaml
 * - add_column: { table: users, column: { name: seen, type: timestamptz, nullable: false, default: { sql: now() } } }
 * ```
 * PostgreSQL: `ALTER TABLE users ADD COLUMN seen TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL`. Constraints are added
 * in the same statement, so that the table is locked and read once; a new enum type is created before (Alembic does not).
 * Views with `SELECT *` keep to the columns that they had; on SQLite they show the new one.
 *
 * SQLite: `ALTER TABLE users ADD COLUMN …`; the table is rebuilt for what that cannot do
 * (https://www.sqlite.org/lang_altertable.html, "ALTER TABLE ADD COLUMN"): PRIMARY KEY, UNIQUE, a default that is no
 * constant, REFERENCES with a default, a stored generated column.
 */
export const addColumn: Definition<AddColumn> = {
  kind: 'add_column',
  summary: 'Add a column to a table.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }],
    }],
    operation: {
      op: 'add_column',
      table: 'users',
      column: { name: 'seen', type: 'timestamptz', nullable: false, default: { sql: 'CURRENT_TIMESTAMP' } },
    },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const table = tableOf(model, op)
    if (findColumn(table, op.column.name) !== undefined) {
      fault('column-exists', `table "${shown(table)}" has a column "${op.column.name}" already`, {
        path: ['column', 'name'],
        hint: 'write `if_not_exists: true` when that is all right',
      })
    }
    const read = toColumn(op.column, model, ['column'])
    const next = withEnum(withStarsKept(model, table), read)
    return changeTable(next, op, (old) => {
      const bare = { ...old, columns: [...old.columns, read.column] }
      const keyed = op.column.primary_key
        ? attach(next, bare, { kind: 'primary_key', constraint: { columns: [op.column.name] } }, [
          'column',
          'primary_key',
        ])
        : bare
      return attachColumnParts(next, keyed, op.column, read, ['column'])
    })
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    const { newEnum } = toColumn(op.column, before)
    const drop: Operation[] = newEnum === undefined
      ? []
      : [defined({ op: 'drop_enum' as const, name: newEnum.name, schema: newEnum.schema })]
    return [
      defined({ op: 'drop_column', table: op.table, schema: op.schema, column: op.column.name }),
      ...drop,
    ]
  },
  compile: { postgres, sqlite },
  effects,
  describe: (op) => `add column ${op.table}.${op.column.name} (${shownType(op.column.type)})`,
}

/** What the column brought to the table: its constraints and indexes. */
function brought(op: AddColumn, cx: CompileContext) {
  const [before, after] = [tableOf(cx.before, op), tableOf(cx.after, op)]
  const known = new Set<object>(constraints(before).map((one) => one.constraint))
  return {
    after,
    column: columnOf(after, op.column.name),
    constraints: constraints(after).filter((one) => !known.has(one.constraint)),
    indexes: after.indexes.filter((one) => !before.indexes.includes(one)),
  }
}

function postgres(op: AddColumn, cx: CompileContext): Statement[] {
  if (skipped(op, cx.before)) return []
  const { sql } = cx
  const { after, column, constraints: added, indexes } = brought(op, cx)
  checkVirtual(column, cx.server, ['column', 'generated', 'stored'])
  checkNewReferences(cx, after, () => ['column', 'type'])
  const ifNotExists = op.if_not_exists
  const actions = [
    `ADD COLUMN ${ifNotExists ? 'IF NOT EXISTS ' : ''}${sql.column(column, after, cx.after)}`,
    ...added.map((one) => `ADD ${constraintSql(cx.sql, one, after)}`),
  ]
  const head = alterTable(sql, op)
  const place = `COLUMN ${sql.qualified(after)}.${sql.name(column.name)}`
  const table = shown(after)
  return [
    ...newEnums(sql, cx.before, cx.after),
    {
      sql: actions.length === 1 ? `${head} ${actions[0]!}` : `${head}\n  ${actions.join(',\n  ')}`,
      hazards: [locks(table, 'ACCESS EXCLUSIVE'), ...workOf(table, column, added, cx)],
    },
    ...indexes.map((index) => ({
      sql: sql.createIndex(index, after, { ifNotExists }),
      hazards: [locks(table, 'SHARE'), { kind: 'builds-index', table } as const],
    })),
    ...(column.comment === undefined ? [] : [commentOn(sql, place, column.comment)]),
  ]
}

function workOf(
  table: string,
  column: Column,
  added: readonly AnyConstraint[],
  cx: CompileContext,
): Hazard[] {
  const work: Hazard[] = []
  if (addingRewrites(column, cx.after)) work.push({ kind: 'rewrites', table })
  const filled = column.default !== undefined || column.generated !== undefined
  for (const one of added) {
    if (one.kind === 'primary_key' || one.kind === 'unique') work.push({ kind: 'builds-index', table })
    if (one.kind === 'check') work.push({ kind: 'scans', table })
    if (one.kind !== 'foreign_key') continue
    work.push(locks(shown(one.constraint.references), 'SHARE ROW EXCLUSIVE'))
    if (filled) work.push({ kind: 'scans', table })
  }
  return work
}

function sqlite(op: AddColumn, cx: CompileContext): Compiled[] {
  if (skipped(op, cx.before)) return []
  return [tableChange(op, cx, inPlace(op, cx))]
}

/**
 * ADD COLUMN, if SQLite can do it on a table with rows. NOT NULL without a default stays in place: it fails on rows as
 * a rebuild would, only at once.
 */
function inPlace(op: AddColumn, cx: CompileContext): Statement[] | undefined {
  const { sql } = cx
  const { after, column, constraints: added, indexes } = brought(op, cx)
  // A numbered column is no primary key yet when create_primary_key comes next: the rebuild joins the two.
  if (column.serial || column.identity !== undefined || column.autoincrement) return undefined
  const value = column.default === undefined ? 'NULL' : sql.default(column.default, column.type)
  if (/^\(|^CURRENT_/i.test(value) || column.generated?.stored) return undefined
  const own = `FOREIGN KEY (${sql.name(column.name)}) `
  const clauses: string[] = []
  for (const one of added) {
    if (one.kind === 'foreign_key' && value === 'NULL') {
      clauses.push(sql.foreignKey(one.constraint, after).replace(own, ''))
    } else if (one.kind === 'check') clauses.push(sql.check(one.constraint))
    else return undefined
  }
  const text = [`ADD COLUMN ${sql.column(column, after, cx.after)}`, ...clauses].join(' ')
  return [
    { sql: `${alterTable(sql, op)} ${text}` },
    ...indexes.map((index) => ({ sql: sql.createIndex(index, after) })),
  ]
}

function effects(op: AddColumn, before: Model): Effect[] {
  if (skipped(op, before)) return []
  const { column: spec } = op
  const { column } = toColumn(spec, before)
  const refuses = (why: string): Effect => ({
    kind: 'refuses-rows',
    object: op.table,
    column: column.name,
    why,
  })
  if (column.serial || column.identity !== undefined) return []
  const found: Effect[] = []
  if (column.generated !== undefined) {
    if (!column.nullable) found.push(refuses(`it fails on rows for which "${column.name}" is NULL`))
  } else if (column.default === undefined) {
    const domain = column.type.kind === 'domain' ? find(before, 'domains', column.type) : undefined
    const takesNull = column.nullable && domain?.nullable !== false
    if (!takesNull && domain?.default === undefined) {
      found.push(refuses(`it fails if "${op.table}" has rows: they have no "${column.name}"`))
    }
  } else {
    if ((spec.unique || spec.primary_key) && !isOwnValue(column)) {
      found.push(refuses('it fails if there are two rows: both get the default'))
    }
    if (spec.references !== undefined) {
      found.push(
        refuses(`it fails if "${op.table}" has rows and "${spec.references.table}" lacks the default`),
      )
    }
  }
  return found
}

/** Expressions that have one value for all rows of a statement. */
const ONE_VALUE =
  /^\W*(current_(date|time|timestamp|user|role|schema|catalog)|localtime(stamp)?|now\(\)|session_user|user|null|'.*'|[\d.]+)\W*$/i

/** Whether the default is an expression that may give every row another value. */
function isOwnValue(column: Column): boolean {
  const value = column.default
  return value !== undefined && 'expression' in value && !ONE_VALUE.test(value.expression)
}
