/** Variables without a value: an error for who runs a revision; who only wants its schema can do without some of them. */
import { EXIT, faults } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { definitionOf } from '../ops/index.ts'
import { toOperation } from './operation.ts'
import type { WrittenOperation } from './operation.ts'
import type { Finding } from './shape/validate.ts'

/** What is wrong with a file, told apart. */
export interface Sorted {
  /** What nobody can do without. */
  readonly wrong: readonly Finding[]
  /** Variables in fields that say nothing of the schema; none while anything else is wrong. */
  readonly missing: readonly Finding[]
}

/**
 * Tells what is wrong with a file from variables that only a run needs.
 * @param operations the operations of the file by the keys of its lists; they are valid when only variables are missing
 */
export function sorted(
  all: readonly Finding[],
  operations: Readonly<Record<string, readonly WrittenOperation[]>>,
): Sorted {
  if (all.length === 0 || all.some(({ problem }) => problem.code !== 'missing-variable')) {
    return { wrong: all, missing: [] }
  }
  const isSpared = ({ problem: { path: [list, i, , field] } }: Finding): boolean => {
    const written = operations[list!]?.[Number(i)]
    if (written === undefined) return false
    const operation = toOperation(written)
    return definitionOf(operation).dataFields?.(operation).includes(String(field)) ?? false
  }
  return { wrong: all.filter((one) => !isSpared(one)), missing: all.filter(isSpared) }
}

interface Part {
  readonly missing?: readonly Problem[]
}

/** What of a revision is looked at: see `LoadedRevision`. */
export interface Runnable {
  readonly upgrade: readonly Part[]
  readonly downgrade?: { readonly operations: readonly Part[] } | { readonly irreversible: string }
}

/** What keeps a revision from running, at its places. */
function missingIn({ upgrade, downgrade }: Runnable): readonly Problem[] {
  const back = downgrade !== undefined && 'operations' in downgrade ? downgrade.operations : []
  return [...upgrade, ...back].flatMap((one) => one.missing ?? [])
}

/**
 * For revisions that are to run.
 * @throws `missing-variable` (exit code 2), all of them at once
 */
export function refuseMissing(revisions: readonly Runnable[]): void {
  const problems = revisions.flatMap(missingIn)
  if (problems.length > 0) faults(problems, EXIT.usage)
}
