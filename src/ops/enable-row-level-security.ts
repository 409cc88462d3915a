import { changeTable, tableOf } from '../model/edit.ts'
import { unsupported } from './definition.ts'
import type { Definition, Inverse, Op } from './definition.ts'
import type { Model } from '../model/model.ts'
import { alterTable, locks } from './parts/compile.ts'
import { onTable, shownTable } from './parts/on-table.ts'
import type { OnTable } from './parts/on-table.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  force: optional(flag('true: for its owner too; false: not for its owner. Absent: as it is.')),
})

export type EnableRowLevelSecurity = Op<'enable_row_level_security', typeof shape>

/**
 * Turns on row security: only the rows that a policy lets pass are seen and written. SQLite has none.
 *
 * ```yaml
 * - enable_row_level_security: { table: posts, force: true }
 * ```
 * PostgreSQL: `ALTER TABLE posts ENABLE ROW LEVEL SECURITY`, `ALTER TABLE posts FORCE ROW LEVEL SECURITY`
 *
 * Without a policy no row passes. The owner of the table sees all rows, unless `force`
 * (https://www.postgresql.org/docs/current/ddl-rowsecurity.html).
 */
export const enableRowLevelSecurity: Definition<EnableRowLevelSecurity> = {
  kind: 'enable_row_level_security',
  summary: 'Turn on row security of a table (PostgreSQL).',
  shape,
  example: {
    given: [{
      op: 'create_table',
      only: 'postgres',
      name: 'posts',
      columns: [{ name: 'author', type: 'text' }],
    }],
    operation: { op: 'enable_row_level_security', only: 'postgres', table: 'posts' },
  },
  declares: {
    section: 'row_level_security',
    of: (model) =>
      model.tables.filter((one) => one.rowSecurity).map((one) => ({
        op: 'enable_row_level_security',
        ...onTable(one),
        ...(one.forceRowSecurity ? { force: true } : {}),
      })),
  },
  apply: (op, model) =>
    changeTable(model, op, ({ forceRowSecurity, ...table }) => ({
      ...table,
      rowSecurity: true,
      ...(op.force ?? forceRowSecurity ? { forceRowSecurity: true } : {}),
    })),
  invert: (op, before) => backTo(op, before),
  compile: {
    postgres: (op, { sql }) =>
      ['ENABLE', ...(op.force === undefined ? [] : [op.force ? 'FORCE' : 'NO FORCE'])].map((word) => ({
        sql: `${alterTable(sql, op)} ${word} ROW LEVEL SECURITY`,
        hazards: [locks(shownTable(op), 'ACCESS EXCLUSIVE')],
      })),
    sqlite: unsupported('SQLite has no row security'),
  },
  effects(op, before) {
    const table = tableOf(before, op)
    if (table.rowSecurity && (table.forceRowSecurity || !op.force)) return []
    const why = `rows of "${shownTable(op)}" that no policy lets pass are hidden`
    return [{ kind: 'breaks-readers', object: shownTable(op), why }]
  },
  describe: (op) => `enable row level security on ${shownTable(op)}`,
}

/** The operation that brings a table's row security back to what it was. */
export function backTo(op: OnTable, before: Model): Inverse {
  const table = tableOf(before, op)
  const force = { force: table.forceRowSecurity === true }
  return table.rowSecurity
    ? [{ op: 'enable_row_level_security', ...onTable(table), ...force }]
    : [{ op: 'disable_row_level_security', ...onTable(table), ...force }]
}
