import { changeTable } from '../model/edit.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { backTo } from './enable-row-level-security.ts'
import { alterTable, locks } from './parts/compile.ts'
import { onTable, shownTable } from './parts/on-table.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  force: optional(flag('Whether it will be for its owner too when it is on again. Absent: as it is.')),
})

export type DisableRowLevelSecurity = Op<'disable_row_level_security', typeof shape>

/**
 * Turns off row security: whoever may read the table sees all rows. Its policies stay. SQLite has none.
 *
 * ```yaml
 * - disable_row_level_security: { table: posts }
 * ```
 * PostgreSQL: `ALTER TABLE posts DISABLE ROW LEVEL SECURITY`
 */
export const disableRowLevelSecurity: Definition<DisableRowLevelSecurity> = {
  kind: 'disable_row_level_security',
  summary: 'Turn off row security of a table (PostgreSQL).',
  shape,
  example: {
    given: [
      { op: 'create_table', only: 'postgres', name: 'posts', columns: [{ name: 'author', type: 'text' }] },
      { op: 'enable_row_level_security', only: 'postgres', table: 'posts' },
    ],
    operation: { op: 'disable_row_level_security', only: 'postgres', table: 'posts' },
  },
  declares: {
    section: 'no_row_level_security',
    of: (model) =>
      model.tables.filter((one) => one.forceRowSecurity && !one.rowSecurity).map((one) => ({
        op: 'disable_row_level_security',
        ...onTable(one),
        force: true,
      })),
  },
  apply: (op, model) =>
    changeTable(model, op, ({ rowSecurity: _, forceRowSecurity, ...table }) => ({
      ...table,
      ...(op.force ?? forceRowSecurity ? { forceRowSecurity: true } : {}),
    })),
  invert: (op, before) => backTo(op, before),
  compile: {
    postgres: (op, { sql }) =>
      ['DISABLE', ...(op.force === undefined ? [] : [op.force ? 'FORCE' : 'NO FORCE'])].map((word) => ({
        sql: `${alterTable(sql, op)} ${word} ROW LEVEL SECURITY`,
        hazards: [locks(shownTable(op), 'ACCESS EXCLUSIVE')],
      })),
    sqlite: unsupported('SQLite has no row security'),
  },
  effects: () => [],
  describe: (op) => `disable row level security on ${shownTable(op)}`,
}
