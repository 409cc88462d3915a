/** What verifying finds: problems, each once, in the order in which they were found. */
import { ProblemError } from '../problem.ts'
import type { Problem, Span } from '../problem.ts'
import { differenceLines } from '../diff/index.ts'
import type { Diff } from '../diff/index.ts'
import { placeOf } from '../plan/placed.ts'
import type { LoadedRevision } from '../revision/load.ts'

export class Findings {
  readonly all: Problem[] = []
  readonly #told = new Set<string>()

  add(...problems: readonly Problem[]): void {
    for (const one of problems) {
      const { at } = one
      const key = [at?.file, at?.line, at?.col, one.code, one.message].join('\0')
      if (this.#told.has(key)) continue
      this.#told.add(key)
      this.all.push(one)
    }
  }

  /** Does something; what is wrong with it is found. @returns undefined then */
  async during<T>(work: () => Promise<T> | T, tell = (problem: Problem) => problem): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      this.add(...error.problems.map(tell))
      return undefined
    }
  }

  /** Whether anything is wrong: warnings are not. */
  get isEmpty(): boolean {
    return this.all.every((one) => one.severity === 'warning')
  }
}

/**
 * Finds that a schema is not what it should be, if something leads from the one to the other.
 * @param place where it is to be mended; it is looked for only then
 */
export function difference(
  code: string,
  message: string,
  found: Diff,
  place: () => Span | undefined,
): Problem | undefined {
  const lines = differenceLines(found)
  if (lines.length === 0) return undefined
  const at = place()
  return {
    code,
    severity: 'error',
    message,
    ...(at === undefined ? {} : { at }),
    notes: lines.map((line) => `what would lead there: ${line}`),
  }
}

/** Where the downgrade of a revision stands; the revision itself where it is derived, or empty. */
export function placeOfDowngrade({ downgrade, node }: LoadedRevision): Span | undefined {
  if (downgrade === undefined || !('operations' in downgrade)) return node.at
  const [first] = downgrade.operations
  return (first && placeOf(first)) ?? node.at
}
