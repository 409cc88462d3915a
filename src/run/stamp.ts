/** Stamping: the version table is rewritten and nothing else. */
import { applyChanges } from '../revision/graph/rows.ts'
import type { Step, Steps } from '../revision/graph/steps.ts'
import { journalInsert } from './records/journal.ts'
import { locked } from './records/locked.ts'
import { persistently } from './session/persist.ts'
import { ownLimits } from './session/settings.ts'
import type { Ran, RunResult } from './runner.ts'
import type { Session } from './session/session.ts'
import { stepLine } from './session/step-line.ts'
import { ensureTables } from './records/tables.ts'
import { beginAt, orRollback } from './records/transaction.ts'
import { unfinished } from './records/unfinished.ts'
import { checkCounts, readRows, rowStatement } from './records/version-table.ts'
import { VERSION } from '../version.ts'

/**
 * Finds the row changes from the rows of the version table; it may look at the database. Undefined: all stays as it is.
 * It is called again when another process moved the heads meanwhile.
 */
export type FindStamp = (
  rows: readonly string[],
  session: Session,
) => Steps | undefined | Promise<Steps | undefined>

/**
 * Makes the row changes of the steps in one transaction, under the migration lock. A stamp says in what state the
 * database is, also one that changes no row: what had begun and not ended is settled by it.
 * @throws what `find` throws, before anything was changed; `version-table-changed`
 */
export async function stamp(session: Session, find: FindStamp): Promise<RunResult> {
  return await persistently(session, () => 0, () =>
    locked(session, async (home) => {
      const { connection, dialect, versionTable, options } = home
      for (;;) {
        const before = await readRows(connection, dialect, versionTable, options.settings) ?? []
        const found = await find(before, home)
        if (found === undefined) return { before, after: before, steps: [] }
        // Who began it may be at it still, where the migration lock does not hold over transactions.
        if ((await unfinished(home)).length > 0) await home.lock?.hold?.()
        const settled = [...new Set((await unfinished(home)).map((one) => one.revision))]
        const result = { before, after: before, steps: [], settled }
        if (found.steps.length === 0 && settled.length === 0) return result
        await ensureTables(home)
        const ran = await stampAt(home, found.steps, before)
        if (ran === undefined) continue
        found.warnings.forEach((message) => options.reporter.warn({ code: 'ambiguous', message }))
        return {
          ...result,
          after: await readRows(connection, dialect, versionTable, options.settings) ?? [],
          steps: ran,
        }
      }
    }))
}

/** @returns undefined when another process moved the heads meanwhile */
async function stampAt(
  session: Session,
  steps: readonly Step[],
  rows: readonly string[],
): Promise<readonly Ran[] | undefined> {
  const { connection, dialect, versionTable, journal, options } = session
  if (!await beginAt(session, rows, { first: ownLimits(session) })) return undefined
  const sql = dialect.spelling
  const changes = steps.flatMap((one) => one.changes)
  await orRollback(session, async () => {
    const statements = changes.map((change) => rowStatement(sql, versionTable, change))
    checkCounts(statements, await connection.run(statements.map((one) => one.sql)), versionTable)
    const entry = {
      revision: applyChanges(rows, changes).join(',') || 'base',
      direction: 'stamp',
      status: 'done',
      startedAt: new Date(),
      statements: 0,
      ...(options.tag === undefined ? {} : { tag: options.tag }),
    } as const
    await connection.commit([journalInsert(sql, journal, entry, VERSION)])
  })
  let heads = rows
  return steps.map((step) => {
    options.reporter.done(stepLine(step, ''), 0)
    heads = applyChanges(heads, step.changes)
    return { step, milliseconds: 0, heads }
  })
}
