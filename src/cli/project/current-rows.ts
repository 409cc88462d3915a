/** The rows of the version table, for commands that only look. */
import { maskUrl } from '../../dialect/mask-url.ts'
import type { Connection, Dialect } from '../../dialect/dialect.ts'
import { readRows } from '../../run/records/version-table.ts'
import type { Invocation } from '../command.ts'
import { withConnection } from './database.ts'
import type { Project } from './project.ts'

export interface Where {
  readonly rows: readonly string[]
  /** The database's URL, its secrets masked. */
  readonly url: string
}

/**
 * Connects and reads; nothing is created, and a missing version table is no rows.
 * @param look what else is to be looked at
 */
export async function currentRows(
  invocation: Invocation,
  project: Project,
  look?: (connection: Connection, dialect: Dialect) => Promise<unknown>,
): Promise<Where> {
  return await withConnection(invocation, project, false, async (connection, dialect) => {
    const rows = await readRows(connection, dialect, project.versionTable, project.settings) ?? []
    await look?.(connection, dialect)
    return { rows, url: maskUrl(connection.url) }
  })
}
