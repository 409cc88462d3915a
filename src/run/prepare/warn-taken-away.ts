/** What steps take away and no operation says is told of before they run. */
import type { Model } from '../../model/model.ts'
import { definitionOf } from '../../ops/index.ts'
import { placeOf } from '../../plan/placed.ts'
import { takenAway } from '../../plan/taken-away.ts'
import type { PreparedStep } from '../session/prepared-step.ts'
import type { Reporter } from '../session/session.ts'

/** @param before the schema that is there */
export function warnTakenAway(
  prepared: readonly PreparedStep[],
  before: Model,
  warn: Reporter['warn'],
): void {
  for (const { placed, what } of takenAway(prepared.flatMap((one) => one.operations), before)) {
    warn({
      code: 'not-brought-back',
      message: `"${definitionOf(placed.operation).describe(placed.operation)}" takes away with its view: ${
        what.join(', ')
      }`,
      hint: 'no downgrade brings that back: write it with `execute`, where the view is created again; ' +
        'its owner then is the role that migrates',
      at: placeOf(placed),
    })
  }
}
