/** The steps of a run, one after the other: each in transactions of its own, or all in one. */
import type { Model } from '../model/model.ts'
import { applyChanges } from '../revision/graph/rows.ts'
import type { Doubt, Journey, Ran } from './journey.ts'
import type { PreparedStep } from './prepare.ts'
import { isWhole } from './running.ts'
import type { Session } from './session.ts'
import { executeStep } from './step.ts'
import { stepLine } from './step-line.ts'
import { ensureProgress } from './tables.ts'
import { beginAt, orRollback } from './transaction.ts'

/** @returns false when the heads are not the expected ones */
export async function runEach(
  session: Session,
  journey: Journey,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
): Promise<boolean> {
  let expected = rows
  let known: Model | undefined
  for (const [i, one] of prepared.entries()) {
    const ran = await orRollback(
      session,
      async () => {
        if (!isWhole(session, one)) {
          // Not to be waited for inside a transaction: who has it waits for that.
          await session.lock?.hold?.()
          await ensureProgress(session)
        }
        const startedAt = new Date()
        const heads = applyChanges(expected, one.step.changes)
        journey.doubts = [{ prepared: one, startedAt, heads }]
        return await runStep(session, one, 'own', { expected, known, startedAt })
      },
      prepared,
      i,
    )
    journey.doubts = []
    if (ran === undefined) return false
    expected = ran.heads
    known = ran.known
    journey.done.push(ran)
  }
  return true
}

/** As {@link runEach}, in one transaction. */
export async function runTogether(
  session: Session,
  journey: Journey,
  prepared: readonly PreparedStep[],
  rows: readonly string[],
): Promise<boolean> {
  const rebuild = prepared.some(({ compilation, operations }) =>
    compilation?.rebuilds || operations.length > (compilation?.consumed ?? 0)
  )
  if (!await beginAt(session, rows, { rebuild })) return false
  const ran: Ran[] = []
  const doubts: Doubt[] = []
  await orRollback(session, async () => {
    let expected = rows
    let known: Model | undefined
    for (const one of prepared) {
      const startedAt = new Date()
      const { heads, known: after, ...rest } =
        (await runStep(session, one, 'shared', { expected, known, startedAt }))!
      expected = heads
      known = after
      ran.push({ ...rest, heads })
      doubts.push({ prepared: one, startedAt, heads })
    }
    journey.doubts = doubts
    await session.connection.commit()
  }, prepared)
  journey.doubts = []
  journey.done.push(...ran)
  return true
}

/** @returns undefined when the heads are not the expected ones */
async function runStep(
  session: Session,
  prepared: PreparedStep,
  scope: 'own' | 'shared',
  at: {
    readonly expected: readonly string[]
    readonly known: Model | undefined
    readonly startedAt: Date
  },
): Promise<(Ran & { readonly known: Model | undefined }) | undefined> {
  const { reporter } = session.options
  const { step, document } = prepared
  const line = stepLine(step, document.message)
  reporter.start(line)
  const stepped = await executeStep(session, prepared, { scope, ...at })
  if (stepped === undefined) return undefined
  reporter.done(line, stepped.milliseconds)
  return { ...stepped, step, heads: applyChanges(at.expected, step.changes) }
}
