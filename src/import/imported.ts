/** What an import comes to, whatever it came from. */
import type { Problem, Span } from '../problem.ts'
import type { Operation } from '../ops/index.ts'
import type { Settings } from '../revision/document.ts'

/** An operation, and where it stood in the original. */
export interface Step {
  readonly operation: Operation
  readonly at: Span
  /** The statement of SQL that it was read from; those of one statement share it. */
  readonly raw?: Statement
}

/** A statement of SQL as written. */
export interface Statement {
  readonly sql: string
}

export type ImportedDowngrade = { readonly steps: readonly Step[] } | { readonly irreversible: string }

export interface Imported {
  readonly id: string
  readonly down: readonly string[]
  readonly labels: readonly string[]
  readonly dependsOn: readonly string[]
  readonly message: string
  readonly created?: string
  /** Lines that the original says of itself beyond its message. */
  readonly remarks?: readonly string[]
  /** The original, as it is shown. */
  readonly file: string
  readonly settings: Settings
  /** Its statements run outside a transaction. */
  readonly transaction?: 'none'
  readonly upgrade: readonly Step[]
  readonly downgrade: ImportedDowngrade
  /** What was left out or put otherwise. */
  readonly notes: readonly Problem[]
}

/** complete: operations alone; raw: with SQL as written; person: something is left to do. */
export type Verdict = 'complete' | 'raw' | 'person'

function stepsOf({ upgrade, downgrade }: Imported): readonly Step[] {
  return [...upgrade, ...('steps' in downgrade ? downgrade.steps : [])]
}

export function verdictOf(one: Imported & { readonly refused?: boolean }): Verdict {
  const steps = stepsOf(one)
  if (one.refused || steps.some(({ operation }) => operation.op === 'todo')) return 'person'
  return steps.some(({ operation }) => operation.op === 'execute') ? 'raw' : 'complete'
}

/** What is left to do, at its place in the original. */
export function todosOf(one: Imported): Problem[] {
  return stepsOf(one).flatMap(({ operation, at }): Problem[] =>
    operation.op === 'todo' ? [{ code: 'todo', severity: 'warning', message: operation.why, at }] : []
  )
}
