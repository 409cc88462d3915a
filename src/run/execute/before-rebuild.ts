/**
 * What is looked at before a table is rebuilt. A rebuild makes of it what was known when it was compiled: a column, an index
 * or a trigger that came since would be lost with the old one, and comments in its text are.
 */
import { fault, locate } from '../../problem.ts'
import { shown } from '../../model/edit.ts'
import { atOrigin } from '../session/lines.ts'
import type { Line } from '../session/lines.ts'
import type { Session } from '../session/session.ts'

/** The lines in their order, cut where a rebuild begins or ends. */
export function cutAtRebuilds(lines: readonly Line[]): readonly (readonly Line[])[] {
  const cut: Line[][] = []
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line.rebuild !== lines[i - 1]!.rebuild) cut.push([])
    cut.at(-1)!.push(line)
  }
  return cut
}

/** Says, before a rebuild, that comments go with the old text of the table. @param line its first */
export async function tellComments(
  { connection, dialect, options }: Session,
  line: Line | undefined,
): Promise<void> {
  const change = line?.rebuild
  if (change === undefined || !await dialect.commented?.(connection, change)) return
  options.reporter.warn({
    code: 'comments-lost',
    message: `the comments within the CREATE TABLE of "${shown(change.before)}" are lost: it is made anew`,
  })
}

/** What is to be run after a rebuild, read before it. @param line its first */
export async function kept(
  { connection, dialect }: Session,
  line: Line | undefined,
): Promise<readonly string[]> {
  const change = line?.rebuild
  return change === undefined ? [] : await dialect.statistics?.(connection, change) ?? []
}

/**
 * To be awaited before a rebuild, in its transaction.
 * @param line its first
 * @throws `table-moved` when the table has what the rebuild does not know of
 */
export async function refuseMoved({ connection, dialect }: Session, line: Line | undefined): Promise<void> {
  const change = line?.rebuild
  if (change === undefined || dialect.unseen === undefined) return
  const lost = await dialect.unseen(connection, change)
  if (lost.length === 0) return
  const message = `the table "${shown(change.before)}" was changed meanwhile, and has ${lost.join(', ')} now`
  locate(
    (problem) => atOrigin(problem, line!.origin),
    () => fault('table-moved', message, { hint: 'run the command again' }),
  )
}
