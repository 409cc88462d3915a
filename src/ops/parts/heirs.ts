/** What a change of a parent's column does to the tables that inherit from it, beyond what it says. PostgreSQL. */
import { findColumn, shown } from '../../model/edit.ts'
import { heirsOf } from '../../model/inherited.ts'
import type { DataType, Table } from '../../model/model.ts'
import type { Statement } from '../../dialect/dialect.ts'
import type { CompileContext } from '../definition.ts'
import { locks } from './compile.ts'

/**
 * The statements that give the heirs of a table their own defaults of a column again, which is of that type now: SET
 * DEFAULT and DROP DEFAULT reach them, too (manual of ALTER TABLE, "ONLY"), and an heir without one of its own goes on
 * with its parent's.
 */
export function restoreDefaults(
  table: Table,
  column: string,
  type: DataType,
  { sql, before }: CompileContext,
): Statement[] {
  return [...new Set(heirsOf(before, table))].flatMap((heir) => {
    const own = findColumn(heir, column)
    if (own?.default === undefined) return []
    const value = sql.default(own.default, type)
    return [{
      sql: `ALTER TABLE ${sql.qualified(heir)} ALTER COLUMN ${sql.name(column)} SET DEFAULT ${value}`,
    }]
  })
}

/** The first version whose heirs have NOT NULL as a constraint of their own, which their parent's leaves alone. */
const OWN_NOT_NULL = 180_000

/**
 * The statements by which the heirs of a table refuse NULLs in a column again, where they say so themselves: before
 * PostgreSQL 18 DROP NOT NULL takes it from them, too.
 */
export function restoreNotNull(
  table: Table,
  column: string,
  { sql, before, server }: CompileContext,
): Statement[] {
  if (server.version >= OWN_NOT_NULL) return []
  return [...new Set(heirsOf(before, table))].flatMap((heir) =>
    findColumn(heir, column)?.nullable === false
      ? [{
        sql: `ALTER TABLE ${sql.qualified(heir)} ALTER COLUMN ${sql.name(column)} SET NOT NULL`,
        hazards: [locks(shown(heir), 'ACCESS EXCLUSIVE'), { kind: 'scans', table: shown(heir) } as const],
      }]
      : []
  )
}
