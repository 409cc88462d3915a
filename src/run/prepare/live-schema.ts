/** The schema that the database has, as the planner needs it. */
import { setImmediate } from 'node:timers/promises'
import { ProblemError } from '../../problem.ts'
import type { Problem } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import { recall } from '../../plan/recall.ts'
import { pastOf } from './past.ts'
import type { Past } from './past.ts'
import { readRows } from '../records/version-table.ts'
import type { History, Session } from '../session/session.ts'
import { withNaming } from '../session/session.ts'
import { patienceOf } from '../session/settings.ts'
import { beginAt, orRollback } from '../records/transaction.ts'

const warned = new WeakSet<Session['options']>()

/** Says it once a run, by the first of the problems. */
function warnOnce({ options }: Session, what: string, problems: readonly Problem[]): void {
  const [first, ...others] = problems
  if (first === undefined || warned.has(options)) return
  warned.add(options)
  options.reporter.warn({
    code: 'not-replayed',
    message: `${what}: ${first.message}${others.length === 0 ? '' : ` (and ${others.length} more)`}`,
    hint: 'say with `effects:` what the SQL before it does to the schema',
    ...(first.at === undefined ? {} : { at: first.at }),
  })
}

/**
 * Introspects. Where the database forgets part of a schema it is recalled.
 * @param known the schema as the planner carried it to here; absent: the history at the database's heads is replayed.
 *   What of it cannot be replayed is told as a warning and passed over
 */
export async function liveSchema(session: Session, known?: Model): Promise<Model> {
  const { connection, dialect, versionTable, journal, options } = session
  const live = await dialect.introspect(connection, {
    ...patienceOf(options.settings),
    except: [versionTable, journal, ...session.alias ?? []],
    ...(dialect.forgets ? {} : { uncompared: true as const }),
    ...(options.schemas === undefined ? {} : { schemas: options.schemas }),
  })
  const named = withNaming(live, options.naming)
  if (!dialect.forgets) return named
  const remembered = known ?? await remember(session)
  return remembered === undefined ? named : recall(named, remembered, dialect)
}

interface Memory {
  readonly past: Past
  /** What of the history could not be replayed, as far as the past was asked for. */
  readonly skipped: Problem[]
}

/** What runs of the same history remember: it is folded once. */
const MEMORIES = new WeakMap<History, Memory>()

function memoryOf({ connection, dialect, history, options }: Session): Memory {
  const known = MEMORIES.get(history)
  if (known !== undefined) return known
  const skipped: Problem[] = []
  const target = { dialect, server: connection.server }
  const past = pastOf(history, target, options.naming, (some) => skipped.push(...some))
  const memory = { past, skipped }
  MEMORIES.set(history, memory)
  return memory
}

/** The history at the database's heads; undefined when there is none, or its files cannot be read. */
async function remember(session: Session): Promise<Model | undefined> {
  const { connection, dialect, versionTable, history, options } = session
  const rows = await readRows(connection, dialect, versionTable, options.settings) ?? []
  const ids = rows.filter((id) => history.graph.byId.has(id))
  if (ids.length === 0) return undefined
  const { past, skipped } = memoryOf(session)
  try {
    const { model } = await past.at(ids)
    warnOnce(
      session,
      'what cannot be replayed of the history is passed over; enums and comments in it are not known',
      skipped,
    )
    return model
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    warnOnce(session, 'the history cannot be read, so that enums and comments are not known', error.problems)
    return undefined
  }
}

/** From so many files on, reading them takes longer than a server takes to read its catalog. */
const MANY_FILES = 50

/**
 * The schema, asked for while there is other work: a server reads its catalog while many files are read here.
 * @param files how many are to be read
 * @returns a function, for a promise would be waited for; undefined where nothing is gained
 */
export async function schemaAhead(
  session: Session,
  files: number,
): Promise<(() => Promise<Model>) | undefined> {
  if (!session.dialect.lockHolds || files < MANY_FILES) return undefined
  const asked = liveSchema(session)
  // Who never asks the function was told of something else.
  asked.catch(() => {})
  // What was asked is sent when this turn ends.
  await setImmediate()
  return () => asked
}

/** The schema that belongs to these heads; undefined when another process has moved the database since. */
export async function liveSchemaAt(session: Session, rows: readonly string[]): Promise<Model | undefined> {
  if (session.dialect.lockHolds) return await liveSchema(session)
  if (!await beginAt(session, rows, { missing: true })) return undefined
  const model = await orRollback(session, () => liveSchema(session))
  await session.connection.rollback()
  return model
}
