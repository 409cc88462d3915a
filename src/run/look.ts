/** Looking at the database: its schema as the planner needs it. */
import { ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import type { Model } from '../model/model.ts'
import { recall } from '../plan/recall.ts'
import { modelAt } from './prepare.ts'
import { readRows } from './version-table.ts'
import type { Session } from './session.ts'
import { withNaming } from './session.ts'

const warned = new WeakSet<Session>()

function warnOnce(session: Session, problems: readonly Problem[]): void {
  if (warned.has(session)) return
  warned.add(session)
  for (const { message, at } of problems) {
    session.options.reporter.warn({
      code: 'not-replayed',
      message: `the history cannot be replayed, so that enums and comments are not known: ${message}`,
      hint: 'say with `effects:` what the SQL before it does to the schema',
      ...(at === undefined ? {} : { at }),
    })
  }
}

/**
 * Introspects. Where the database forgets part of a schema the history at its heads is recalled; a history that
 * cannot be replayed is told as a warning, and the schema is used as the database has it.
 */
export async function look(session: Session): Promise<Model> {
  const { connection, dialect, versionTable, journal, options } = session
  const live = await dialect.introspect(connection, {
    except: [versionTable, journal],
    ...(dialect.forgets ? {} : { uncompared: true as const }),
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
    warnOnce(session, error.problems)
    return named
  }
}
