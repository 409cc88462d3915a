import { Type } from 'typebox'
import { fault } from '../problem.ts'
import type { Scalar, Table } from '../model/model.ts'
import { changeTable, shown, tableOf } from '../model/edit.ts'
import { defined } from '../model/defined.ts'
import type { Statement } from '../dialect/dialect.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'
import { alterTable, locks, tableChange } from './parts/compile.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  strict: optional(flag('Whether it is STRICT (SQLite).')),
  without_rowid: optional(flag('Whether it is WITHOUT ROWID (SQLite).')),
  autoincrement: optional(flag('Whether its integer primary key is AUTOINCREMENT (SQLite).')),
  unlogged: optional(flag('Whether it is UNLOGGED: fast, and empty after a crash (PostgreSQL).')),
  with: optional(
    Type.Record(
      Type.String(),
      Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
      { description: 'Storage parameters (PostgreSQL); null resets one. The others stay as they are.' },
    ),
  ),
  tablespace: optional(
    Type.Union([Type.String({ minLength: 1 }), Type.Null()], {
      description: "Its tablespace (PostgreSQL); null: the database's.",
    }),
  ),
})

export type SetTableOptions = Op<'set_table_options', typeof shape>

/**
 * Changes options that a table is created with; those that are not named stay.
 *
 * ```yaml
 * - set_table_options: { table: events, unlogged: true, with: { fillfactor: 70 } }
 * ```
 * PostgreSQL: `ALTER TABLE events SET UNLOGGED`, `SET (fillfactor = 70)`, `SET TABLESPACE fast`. The first and the last
 * write the table anew (manual, "ALTER TABLE"). What SQLite alone has is left aside.
 *
 * SQLite: STRICT, WITHOUT ROWID and AUTOINCREMENT by a rebuild; rows that are not of the types of a STRICT table are
 * refused then. What PostgreSQL alone has is left aside.
 */
export const setTableOptions: Definition<SetTableOptions> = {
  kind: 'set_table_options',
  summary: 'Change options of a table: UNLOGGED, storage parameters; STRICT, WITHOUT ROWID, AUTOINCREMENT.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'events',
      columns: [{ name: 'id', type: 'integer', primary_key: true }],
    }],
    operation: { op: 'set_table_options', table: 'events', unlogged: true, strict: true },
  },
  apply: (op, model) => changeTable(model, op, (table) => changed(op, table)),
  invert(op, before) {
    const table = tableOf(before, op)
    const parameters = Object.keys(op.with ?? {}).map((
      key,
    ): [string, Scalar] => [key, table.with?.[key] ?? null])
    return [defined({
      op: 'set_table_options',
      table: op.table,
      schema: op.schema,
      strict: op.strict === undefined ? undefined : table.strict === true,
      without_rowid: op.without_rowid === undefined ? undefined : table.withoutRowid === true,
      autoincrement: op.autoincrement === undefined ? undefined : isCounted(table),
      unlogged: op.unlogged === undefined ? undefined : table.unlogged === true,
      with: op.with === undefined ? undefined : Object.fromEntries(parameters) as SetTableOptions['with'],
      tablespace: op.tablespace === undefined ? undefined : table.tablespace ?? null,
    })]
  },
  compile: {
    postgres,
    sqlite(op, cx) {
      const [before, after] = [tableOf(cx.before, op), tableOf(cx.after, op)]
      const same = before.strict === after.strict && before.withoutRowid === after.withoutRowid &&
        isCounted(before) === isCounted(after)
      return same ? [] : [tableChange(op, cx)]
    },
  },
  effects: (op, before) =>
    op.strict === true && tableOf(before, op).strict !== true
      ? [{
        kind: 'refuses-rows',
        object: op.table,
        why: `SQLite refuses values in "${op.table}" that are not of the type of their column`,
      }]
      : [],
  describe: (op) => `${words(op)} of table ${op.table}`,
}

/** `set strict and unset without_rowid`. */
function words(op: SetTableOptions): string {
  const flags = ['strict', 'without_rowid', 'autoincrement', 'unlogged'] as const
  const set = [
    ...flags.filter((key) => op[key] === true),
    ...Object.keys(op.with ?? {}),
    ...op.tablespace === undefined ? [] : ['tablespace'],
  ]
  const unset = flags.filter((key) => op[key] === false)
  const said = (word: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${word} ${names.join(', ')}`]
  return [...said('set', set), ...said('unset', unset)].join(' and ')
}

function isCounted(table: Table): boolean {
  return table.columns.some((one) => one.autoincrement === true)
}

function changed(op: SetTableOptions, table: Table): Table {
  if (words(op) === '') {
    fault('nothing-to-do', `no option of table "${shown(table)}" is named`, { path: [] })
  }
  const flagOf = (now: boolean | undefined, was: true | undefined) =>
    now === undefined ? was : now ? true as const : undefined
  const parameters = Object.entries({ ...table.with, ...op.with }).filter(([, value]) => value !== null)
  const { strict, withoutRowid, unlogged, with: _, tablespace, columns, ...rest } = table
  const next: Table = defined({
    ...rest,
    columns: op.autoincrement === undefined ? columns : counted(table, op.autoincrement),
    strict: flagOf(op.strict, strict),
    withoutRowid: flagOf(op.without_rowid, withoutRowid),
    unlogged: flagOf(op.unlogged, unlogged),
    with: parameters.length === 0 ? undefined : Object.fromEntries(parameters) as NonNullable<Table['with']>,
    tablespace: op.tablespace === undefined ? tablespace : op.tablespace ?? undefined,
  })
  if (next.withoutRowid && next.primaryKey === undefined) {
    fault('needs-primary-key', `table "${shown(table)}" cannot be WITHOUT ROWID: it has no primary key`, {
      path: ['without_rowid'],
      hint: 'create one first: `create_primary_key`',
    })
  }
  return next
}

/** SQLite takes AUTOINCREMENT on an INTEGER PRIMARY KEY only (sqlite.org/autoinc.html). */
function counted(table: Table, on: boolean): Table['columns'] {
  const [key, ...others] = table.primaryKey?.columns ?? []
  if (on && (key === undefined || others.length > 0)) {
    fault(
      'needs-primary-key',
      `table "${shown(table)}" has no primary key of one column to be AUTOINCREMENT`,
      {
        path: ['autoincrement'],
      },
    )
  }
  return table.columns.map(({ autoincrement: _, ...one }) =>
    on && one.name === key ? { ...one, autoincrement: true } : one
  )
}

function postgres(op: SetTableOptions, { before, sql }: CompileContext): Statement[] {
  const table = tableOf(before, op)
  const at = shown(table)
  const head = alterTable(sql, op)
  const parameter = (key: string) => key.split('.').map(sql.name).join('.')
  const parameters = Object.entries(op.with ?? {})
  const given = parameters.flatMap(([key, value]) =>
    value === null ? [] : `${parameter(key)} = ${sql.literal(value)}`
  )
  const reset = parameters.flatMap(([key, value]) => value === null ? parameter(key) : [])
  const rewrites = [locks(at, 'ACCESS EXCLUSIVE'), { kind: 'rewrites', table: at } as const]
  const light = [locks(at, 'SHARE UPDATE EXCLUSIVE')]
  return [
    ...(op.unlogged === undefined || op.unlogged === (table.unlogged === true)
      ? []
      : [{ sql: `${head} SET ${op.unlogged ? 'UNLOGGED' : 'LOGGED'}`, hazards: rewrites }]),
    ...(given.length === 0 ? [] : [{ sql: `${head} SET (${given.join(', ')})`, hazards: light }]),
    ...(reset.length === 0 ? [] : [{ sql: `${head} RESET (${reset.join(', ')})`, hazards: light }]),
    ...(op.tablespace === undefined || op.tablespace === (table.tablespace ?? null)
      ? []
      : [{ sql: `${head} SET TABLESPACE ${sql.name(op.tablespace ?? 'pg_default')}`, hazards: rewrites }]),
  ]
}
