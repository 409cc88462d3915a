/** SQL for columns that several operations share. */
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { Server } from '../../dialect/dialect.ts'
import type { Column } from '../../model/model.ts'

/**
 * Refuses a virtual generated column where the server has none: PostgreSQL before 18.
 * @throws `unsupported`
 */
export function checkVirtual(column: Column, server: Server, path: Path): void {
  if (column.generated === undefined || column.generated.stored || server.version >= 180000) return
  const major = Math.floor(server.version / 10000)
  fault('unsupported', `PostgreSQL ${major} has no virtual generated columns ("${column.name}")`, {
    path,
    hint: 'leave out `stored: false`, or use PostgreSQL 18',
  })
}
