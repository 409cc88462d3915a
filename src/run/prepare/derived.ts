/** Downgrades that their files do not give. */
import { definitionOf } from '../../ops/index.ts'
import { operationsFor } from '../../plan/compile.ts'
import type { Target } from '../../plan/compile.ts'
import { placeOf } from '../../plan/placed.ts'
import type { Placed } from '../../plan/placed.ts'
import { destructions, inverseOf } from '../../plan/replay.ts'
import type { LoadedRevision } from '../../revision/load.ts'
import { notDerivable, replayable } from './past.ts'
import type { Known, Opaque } from './past.ts'
import type { Reporter } from '../session/session.ts'

/**
 * What undoes a revision, from its upgrade and the schema before it.
 * @param known what is known of the schema before it
 * @throws `irreversible`; `not-derivable` when SQL of unknown effect keeps the schema from being known
 */
export async function derivedDowngrade(
  document: LoadedRevision,
  known: () => Promise<Known>,
  target: Target,
  warn: Reporter['warn'],
): Promise<readonly Placed[]> {
  const { id, node } = document
  const need = {
    message: `the downgrade of revision "${id}" cannot be derived: the history before it cannot be replayed`,
    instead: `give "${id}" a \`downgrade:\``,
    at: node.at,
  }
  return await replayable(need, async () => {
    const before = await known()
    const inverse = inverseOf(document.upgrade, before.model, target)
    checkRecreated(document, before, target, warn)
    return inverse
  })
}

/**
 * What was dropped comes back as the history has it. SQL of unknown effect that names it may have given it columns that
 * the history knows nothing of: then it is refused; such SQL that does not name it is worth a warning.
 */
function checkRecreated(
  { id, upgrade, node }: LoadedRevision,
  before: Known,
  target: Target,
  warn: Reporter['warn'],
): void {
  const own = operationsFor(upgrade, target)
  for (const { placed, object, at } of destructions(upgrade, before.model, target)) {
    const inside = own.slice(0, at).filter(({ operation }) => definitionOf(operation).opaque?.(operation))
    const suspects = [...before.opaque, ...inside.map((one) => ({ id, placed: one }))]
    const named = suspects.find((one) => mentions(one, object))
    const what = `"${definitionOf(placed.operation).describe(placed.operation)}"`
    if (named !== undefined) {
      const message = `the downgrade of revision "${id}" cannot be derived: ` +
        `SQL of revision "${named.id}" did to "${object}" what the history does not know, and ${what} dropped it`
      const place = placeOf(named.placed)
      const note = place === undefined ? [] : [`${place.file}:${place.line}:${place.col}: the SQL`]
      notDerivable({ message, instead: `give "${id}" a \`downgrade:\``, at: node.at }, note)
    }
    if (suspects.length === 0) continue
    warn({
      code: 'derived-downgrade',
      message: `the downgrade of revision "${id}" undoes ${what} by what the history knows; ` +
        `SQL of revision "${suspects.at(-1)!.id}" may have done more`,
      hint: 'say with `effects:` what that SQL does to the schema',
      at: node.at,
    })
  }
}

/** Whether the text names the object: as a word, whatever its case. */
function mentions({ placed: { operation } }: Opaque, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w])${escaped}(?![\\w])`, 'i').test(JSON.stringify(operation))
}
