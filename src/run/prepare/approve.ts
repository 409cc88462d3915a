/** Steps that destroy data are told of before they run: what is lost, and how many rows there are. */
import { ProblemError } from '../../problem.ts'
import type { Model } from '../../model/model.ts'
import { lossesOf } from '../../plan/losses.ts'
import type { CountedLoss, Loss } from '../../plan/losses.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import type { Session } from '../session/session.ts'
import { DEFAULT_LIMITS, limitsOf } from '../session/settings.ts'

/** So many rows are counted; of more it is told about how many they are. */
const MOST = 100_000

/** Has somebody approve of what the steps destroy, if they destroy anything. @throws what refuses */
export async function approveLosses(
  session: Session,
  prepared: readonly PreparedStep[],
  before: Model,
): Promise<void> {
  const { approve } = session.options
  if (approve === undefined) return
  const target = { dialect: session.dialect, server: session.connection.server }
  const losses = lossesOf(prepared.flatMap((one) => one.operations), before, target)
  if (losses.length === 0) return
  const counted = await countLosses(session, losses)
  const real = counted.filter((one) => one.rows !== 0)
  if (real.length > 0) await approve(real)
}

async function countLosses(session: Session, losses: readonly Loss[]): Promise<readonly CountedLoss[]> {
  const { connection, dialect, options } = session
  // A table that somebody has locked is not waited for longer than a statement would be.
  const limits = limitsOf(dialect, options.settings, undefined, DEFAULT_LIMITS)
  const counted: CountedLoss[] = []
  await connection.run(limits.session)
  try {
    for (const loss of losses) counted.push(await counting(session, loss))
  } finally {
    await connection.run(limits.reset)
  }
  return counted
}

async function counting(session: Session, loss: Loss): Promise<CountedLoss> {
  try {
    return { ...loss, ...await countLoss(session, loss) }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { ...loss, rows: undefined, uncounted: error.problems[0]!.message }
  }
}

async function countLoss(
  { connection, dialect }: Session,
  { table, column }: Loss,
): Promise<Pick<CountedLoss, 'rows' | 'but' | 'uncounted'>> {
  const sql = dialect.spelling
  if (await dialect.hidesRows?.(connection, table)) {
    return { rows: undefined, uncounted: 'row security hides some from who migrates' }
  }
  const value = column === undefined ? '1' : sql.name(column)
  const some = `SELECT ${value} AS cell FROM ${sql.qualified(table)} LIMIT ${MOST + 1}`
  const [row] = await connection.query(
    `SELECT count(*) AS found, count(cell) AS filled FROM (${some}) AS counted`,
  )
  if (Number(row?.['found']) <= MOST) return { rows: Number(row?.['filled']) }
  const estimate = await dialect.estimateRows?.(connection, table)
  if (estimate !== undefined && estimate > MOST) return { rows: estimate, but: 'about' }
  return { rows: MOST, but: 'more' }
}
