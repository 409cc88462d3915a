import { Type } from 'typebox'
import { milliseconds } from '../duration.ts'
import { fault } from '../problem.ts'
import type { DialectName, Model, Table } from '../model/model.ts'
import { column, tableOf } from '../model/edit.ts'
import { bare, neededSql } from '../model/sql-text.ts'
import type { Batches } from '../dialect/batches.ts'
import type { Statement } from '../dialect/dialect.ts'
import { nameOf, tokenize } from '../model/sql-tokens.ts'
import type { SqlToken } from '../model/sql-tokens.ts'
import type { CompileContext, Definition, Effect, Op } from './definition.ts'
import { target } from './parts/rows.ts'
import { duration, fields, name, names, optional, schema, sqlPerDialect } from '../shape.ts'

const setShape = Type.Record(
  Type.String(),
  Type.Union([sqlPerDialect('SQL.', 'statement'), Type.Number(), Type.Boolean(), Type.Null()]),
  {
    minProperties: 1,
    description: 'SQL by column: what each takes for its value. Columns in it are the old ones.',
  },
)

const shape = fields({
  table: name('The table.'),
  schema,
  set: setShape,
  where: sqlPerDialect('Which rows are still to be done. What is set must make it false.', 'statement'),
  key: optional(Type.Union([name('One column.'), names('Several columns.')], {
    description:
      'The columns in whose order rows are taken. Absent: the primary key; on SQLite else the rowid.',
  })),
  batch_size: optional(
    Type.Integer({ minimum: 1, description: 'How many rows a transaction changes. Default: 1000.' }),
  ),
  pause: optional(duration('How long others are left alone between two batches: 50ms, 0. Default: 10ms.')),
})

export type Backfill = Op<'backfill', typeof shape>

const BATCH_SIZE = 1000
const PAUSE = '10ms'

/**
 * Updates rows in batches, each in a transaction of its own: no row is locked for longer than its batch takes.
 *
 * ```yaml
 * - backfill: { table: users, set: { email_lower: lower(email) }, where: email_lower IS NULL }
 * ```
 * PostgreSQL and SQLite, from the key at which the batch before ended:
 * `UPDATE users SET email_lower = lower(email) WHERE (email_lower IS NULL) AND id > '1000' AND id <= '2000'`
 *
 * It is done when no row matches `where`. A run that was stopped goes on where it was. Rows with NULL in the key would
 * never be come to, and are refused. A script (`--sql`) loops in DO on PostgreSQL, and is one UPDATE on SQLite.
 *
 * Where it fills columns that `where` says are NULL, or that its revision adds, nothing is lost, and nothing is to be
 * undone. Its inverse is not known otherwise: the old values are gone.
 */
export const backfill: Definition<Backfill> = {
  kind: 'backfill',
  summary: 'Update rows in batches, each in a transaction of its own.',
  shape,
  dataFields: () => ['set', 'where'],
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [
        { name: 'id', type: 'integer', primary_key: true },
        { name: 'email', type: 'varchar' },
        { name: 'email_lower', type: 'varchar' },
      ],
    }],
    operation: {
      op: 'backfill',
      table: 'users',
      set: { email_lower: 'lower(email)' },
      where: 'email_lower IS NULL',
    },
  },
  apply(op, model) {
    const table = tableOf(model, op)
    const key = keyColumns(op)
    key.forEach((one, i) => column(table, one, typeof op.key === 'string' ? ['key'] : ['key', i]))
    for (const one of Object.keys(op.set)) {
      const found = column(table, one, ['set', one])
      if (found.generated !== undefined) {
        fault('generated-column', `"${op.table}.${one}" is generated: it takes no values`, {
          path: ['set', one],
        })
      }
      if (!(key.length === 0 ? table.primaryKey?.columns ?? [] : key).includes(one)) continue
      fault('key-is-set', `"${op.table}.${one}" is in the key: rows would move while they are counted off`, {
        path: ['set', one],
        hint: 'name another `key`, or use update_rows',
      })
    }
    return model
  },
  invert: (op) => fillsNulls(op) ? [] : { irreversible: 'the values that the rows had are gone' },
  compile: {
    postgres: (op, cx) => compile(op, cx, () => noKey(op)),
    sqlite: (op, cx) => compile(op, cx, rowid),
  },
  effects(op) {
    if (fillsNulls(op)) return []
    return Object.keys(op.set).map((name): Effect => ({
      kind: 'destroys-data',
      object: op.table,
      column: name,
      why: `old values of "${op.table}.${name}" are overwritten`,
    }))
  },
  describe: (op) => `backfill ${Object.keys(op.set).join(', ')} in ${op.table}`,
}

function keyColumns(op: Backfill): readonly string[] {
  return [op.key ?? []].flat()
}

function compile(
  op: Backfill,
  cx: CompileContext,
  otherwise: (table: Table) => readonly string[],
): Statement[] {
  const { sql, before } = cx
  const batches: Batches = {
    table: target(op, cx),
    key: keyOf(op, before, otherwise).map(sql.name),
    set: Object.entries(op.set).map(([name, value]) => `${sql.name(name)} = ${spelled(value, name, cx)}`)
      .join(', '),
    where: enclosed(neededSql(op.where, sql.dialect, 'the condition', ['where'])),
    size: op.batch_size ?? BATCH_SIZE,
    pause: milliseconds(op.pause ?? PAUSE),
  }
  return [{ sql: sql.batches.script(batches), transaction: 'forbidden', batches }]
}

function keyOf(
  op: Backfill,
  model: Model,
  otherwise: (table: Table) => readonly string[],
): readonly string[] {
  const table = tableOf(model, op)
  if (op.key !== undefined) return keyColumns(op)
  return table.primaryKey?.columns ?? otherwise(table)
}

function noKey(op: Backfill): never {
  return fault('no-key', `table "${op.table}" has no primary key to take its rows by`, {
    path: ['table'],
    hint: 'name columns that tell its rows apart: `key: [a, b]`',
  })
}

/** SQLite's names for the number of a row; a column may take one of them away (sqlite.org/lang_createtable.html). */
const ROWIDS = ['rowid', '_rowid_', 'oid'] as const

function rowid({ columns, name }: Table): readonly string[] {
  const taken = new Set(columns.map((one) => one.name.toLowerCase()))
  const free = ROWIDS.find((one) => !taken.has(one))
  if (free !== undefined) return [free]
  return fault('no-key', `table "${name}" has no primary key, and columns hide its rowid`, {
    path: ['table'],
    hint: 'name columns that tell its rows apart: `key: [a, b]`',
  })
}

type Value = Backfill['set'][string]

function spelled(value: Value, column: string, { sql }: CompileContext): string {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return sql.literal(value)
  const text = bare(neededSql(value, sql.dialect, 'the value', ['set', column]))
  return text.includes('--') ? `(${text}\n)` : text
}

/** In parentheses that a comment at the end does not swallow. */
function enclosed(condition: string): string {
  const text = bare(condition)
  return text.includes('--') ? `(${text}\n)` : `(${text})`
}

/** Whether all that it sets was NULL by `where`: then no value is lost. */
function fillsNulls({ table, set, where, only }: Backfill): boolean {
  const texts: readonly (readonly [string, string | undefined])[] = typeof where === 'string'
    ? [[only ?? 'postgres', where]]
    : Object.entries(where)
  return texts.every(([dialect, text]) => {
    const tested = nullColumns(tokenize(text ?? '', dialect as DialectName), table)
    return Object.keys(set).every((name) => tested.has(name))
  })
}

/** The columns of which a condition says `… IS NULL`, and that must hold. */
function nullColumns(words: readonly SqlToken[], table: string): Set<string> {
  const found = new Set<string>()
  const outer = (key: string) => words.some((one) => one.depth === 0 && one.key === key)
  if (outer('OR') || outer('BETWEEN')) return found
  let part: SqlToken[] = []
  for (const token of [...words, undefined]) {
    if (token !== undefined && (token.depth > 0 || token.key !== 'AND')) {
      part.push(token)
      continue
    }
    const own = part.length === 5 && part[1]!.key === '.' && nameOf(part[0]!) === table ? part.slice(2) : part
    if (own.length === 3 && own[1]!.key === 'IS' && own[2]!.key === 'NULL') found.add(nameOf(own[0]!))
    part = []
  }
  return found
}
