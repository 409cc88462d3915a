/** What operations say that they do to data. */
import { ProblemError } from '../problem.ts'
import type { Model } from '../model/model.ts'
import type { Effect, Renamed } from '../ops/definition.ts'
import { definitionOf } from '../ops/index.ts'
import { operationsFor } from '../plan/compile.ts'
import type { Target } from '../plan/compile.ts'
import type { Placed } from '../plan/placed.ts'
import { inverseOf } from '../plan/replay.ts'
import type { LoadedRevision } from '../revision/load.ts'
import type { Turn } from './going.ts'

export interface Consequences {
  readonly effects: readonly Effect[]
  /** What they destroy and what they rename, one after the other. */
  readonly turns: readonly Turn[]
  /** Whether some operation leaves the schema as it is: then it is rows that it changes, or nobody knows what. */
  readonly writes: boolean
}

/**
 * @param before the schema before them; behind SQL of unknown effect it is not known, and operations that cannot be
 *   applied to it say nothing
 */
export function consequences(operations: readonly Placed[], before: Model, target: Target): Consequences {
  let model = before
  let writes = false
  const turns: Turn[] = []
  const effects = operationsFor(operations, target).flatMap(({ operation }): readonly Effect[] => {
    const definition = definitionOf(operation)
    try {
      const found = definition.effects(operation, model)
      const after = definition.apply(operation, model)
      writes ||= after === model
      turns.push(...turnsOf(found, definition.renames?.(operation) ?? []))
      model = after
      return found
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      writes = true
      return []
    }
  })
  return { effects, turns, writes }
}

export function turnsOf(effects: readonly Effect[], renames: readonly Renamed[]): Turn[] {
  const destroyed = effects.filter((one) => one.kind === 'destroys-data')
  return [
    ...destroyed.map((effect) => ({ kind: 'destroyed', effect }) as const),
    ...renames.map((renamed) => ({ kind: 'renamed', renamed }) as const),
  ]
}

/** The operations of a downgrade, those that are derived included; none where they cannot be: a run says why. */
export function downgradeOf(
  { downgrade, upgrade }: LoadedRevision,
  before: Model,
  target: Target,
): readonly Placed[] {
  if (downgrade !== undefined) return 'operations' in downgrade ? downgrade.operations : []
  try {
    return inverseOf(upgrade, before, target)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return []
  }
}
