/** Reading the tool's own tables: nobody waits for them without end. */
import { faults, ProblemError } from '../../problem.ts'
import type { Connection, Dialect, Row, SessionSettings } from '../../dialect/dialect.ts'
import { inTheWay } from '../session/in-the-way.ts'
import { DEFAULT_LIMITS } from '../session/settings.ts'
import type { RunOptions, Session } from '../session/session.ts'

/** Where the journal is, and the limits of the configuration. */
export type JournalPlace =
  & Pick<Session, 'connection' | 'dialect' | 'journal'>
  & { readonly options?: Pick<RunOptions, 'settings'> }

/**
 * The rows of a query of them.
 * @param configured the limits of the configuration
 * @throws `sql-failed` that tells who has locked them, when that is for longer than is waited for
 */
export async function readOwn(
  connection: Connection,
  dialect: Dialect,
  query: string,
  configured: SessionSettings = {},
): Promise<readonly Row[]> {
  // What is sent together is one transaction: the limit ends with it, and costs no round trip.
  const limits = dialect.lockHolds ? dialect.settings({ ...DEFAULT_LIMITS, ...configured }, true) : []
  try {
    return await connection.query([...limits, query].join('; '))
  } catch (error) {
    if (!(error instanceof ProblemError) || dialect.transience(error) !== 'blocked') throw error
    const held = await inTheWay(connection, dialect, error)
    const [first, ...others] = error.problems
    const told = { ...first!, notes: [...first!.notes ?? [], ...held] }
    return faults([told, ...others], error.exit, error.cause)
  }
}
