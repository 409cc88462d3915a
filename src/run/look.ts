/** Looking at the database: its schema as the planner needs it. */
import { ProblemError } from '../problem.ts'
import type { Model } from '../model/model.ts'
import { recall } from '../plan/recall.ts'
import { modelAt } from './prepare.ts'
import { readRows } from './version-table.ts'
import type { Session } from './session.ts'
import { withNaming } from './session.ts'

/**
 * Introspects. Where the database forgets part of a schema the history at its heads is recalled; a history that
 * cannot be replayed is told as a warning, and the schema is used as the database has it.
 */
export async function look(session: Session): Promise<Model> {
  const { connection, dialect, versionTable, journal, options } = session
  const live = await dialect.introspect(connection, {
    except: [versionTable, journal],
    ...(options.schemas === undefined ? {} : { schemas: options.schemas }),
  })
  const named = withNaming(live, options.naming)
  if (!dialect.forgets) return named
  const rows = await readRows(connection, dialect, versionTable) ?? []
  const known = rows.filter((id) => session.history.graph.byId.has(id))
  if (known.length === 0) return named
  try {
    const target = { dialect, server: connection.server }
    return recall(named, await modelAt(session.history, known, target, options.naming), dialect)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    for (const problem of error.problems) {
      options.reporter.warn({
        code: problem.code,
        message: `the history cannot be replayed: ${problem.message}`,
      })
    }
    return named
  }
}
