/** Saying that a revision was begun and did not end: the database is at none of its revisions then. */
import { EXIT, ProblemError } from '../../problem.ts'
import { goingOn, inWords, unfinished } from '../../run/records/unfinished.ts'
import type { Unfinished } from '../../run/records/unfinished.ts'
import type { JournalPlace } from '../../run/records/read-own.ts'
import type { Invocation } from '../command.ts'
import { printWarning } from '../output/print.ts'
import type { Project } from '../project/project.ts'

/**
 * Warns of each revision that was begun and did not end; of a journal that may not be read, too.
 * @returns whether it may be read
 */
export async function warnUnfinished(
  { io, options }: Invocation,
  { graph }: Project,
  where: JournalPlace,
): Promise<boolean> {
  const found = await readable(where)
  if (found instanceof ProblemError) {
    printWarning(io, options, {
      code: 'no-journal',
      message: `the journal cannot be read: ${found.message}`,
      notes: found.problems[0]?.notes ?? [],
      hint: 'whether a revision was begun and did not end, or was edited since, is not known',
    })
    return false
  }
  for (const one of found) {
    printWarning(io, options, {
      code: 'unfinished',
      ...inWords(one),
      hint: `unless somebody is at it still, go on with it: ${goingOn(one, graph)}`,
    })
  }
  return true
}

async function readable(where: JournalPlace): Promise<readonly Unfinished[] | ProblemError> {
  try {
    return await unfinished(where)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.exit !== EXIT.failed) throw error
    return error
  }
}
