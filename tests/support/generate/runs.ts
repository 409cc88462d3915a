/** How many generated cases run, and what is said of one that fails. */
import process from 'node:process'
import { stringify } from 'yaml'
import type { Trial } from '../database.ts'
import type { Operation } from '../../../src/ops/index.ts'
import { toYaml } from '../operation-yaml.ts'

/**
 * A modest number of runs, the same ones each time; LIMBECK_FUZZ_RUNS asks for more, which then differ from run to run.
 * A failure prints its seed; LIMBECK_FUZZ_SEED takes it.
 */
export function runs(usual: number): { readonly numRuns: number; readonly seed?: number } {
  const wanted = Number(process.env['LIMBECK_FUZZ_RUNS'] ?? 0)
  const seed = process.env['LIMBECK_FUZZ_SEED']
  if (seed !== undefined) return { numRuns: wanted || usual, seed: Number(seed) }
  return wanted > 0 ? { numRuns: wanted } : { numRuns: usual, seed: 1 }
}

/** Runs the work; when it fails, the operations are in the message, as YAML. */
export async function told(trial: Trial, work: () => unknown): Promise<void> {
  try {
    await work()
  } catch (error) {
    const shown = (part: 'given' | 'operations') =>
      stringify({ [part]: trial[part].map(toYaml) }, { lineWidth: 0 })
    throw new Error(
      `${error instanceof Error ? error.message : error}\n${shown('given')}${shown('operations')}`,
    )
  }
}

/** As {@link told}, of two schemas. */
export async function toldPair(
  from: { readonly operations: readonly Operation[] },
  to: { readonly operations: readonly Operation[] },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    const text = stringify({ from: from.operations.map(toYaml), to: to.operations.map(toYaml) }, {
      lineWidth: 0,
    })
    throw new Error(`${error instanceof Error ? error.message : error}\n${text}`)
  }
}
