/** Operations that stand in no file: the models they lead to and the SQL they compile to. */
import assert from 'node:assert/strict'
import { ProblemError } from '../../src/problem.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { Model } from '../../src/model/model.ts'
import { AS_WRITTEN, sameModel } from '../../src/model/same.ts'
import type { Dialect } from '../../src/dialect/dialect.ts'
import type { Operation } from '../../src/ops/index.ts'
import { compileOperations, operationsFor } from '../../src/plan/compile.ts'
import type { Compilation } from '../../src/plan/compile.ts'
import type { Placed } from '../../src/plan/placed.ts'
import { replay } from '../../src/plan/replay.ts'

/** The operations as a plan takes them; their problems stay as they are. */
export function placed(operations: readonly Operation[]): Placed[] {
  return operations.map((operation) => ({ operation, locate: (problem) => problem }))
}

/** The model after the operations that are for this dialect. */
export function modelAfter(operations: readonly Operation[], dialect: Dialect, before: Model = EMPTY): Model {
  return replay(placed(operations), before, { dialect, server: dialect.newest })
}

/** The SQL of operations on a dialect, for a server version (absent: the newest). */
export function compiled(
  operations: readonly Operation[],
  before: Model,
  dialect: Dialect,
  version = dialect.newest.version,
): Compilation {
  const target = { dialect, server: { dialect: dialect.name, version } }
  return compileOperations(operationsFor(placed(operations), target), before, target, { blind: true })
}

/** `code: message` of a problem; anything else that was thrown is thrown on. */
export function problemLine(error: unknown): string {
  if (!(error instanceof ProblemError)) throw error
  return error.problems.map((one) => `${one.code}: ${one.message}`).join('\n')
}

/** The first law: what an inverse leads to is what there was, but for how SQL is written (a renamed column is quoted). */
export function assertRestored(restored: Model, before: Model, { sameExpression }: Dialect): void {
  const differences = sameModel(restored, before, { ...AS_WRITTEN, sameExpression })
  assert.deepEqual(differences, [], 'the inverse does not lead back')
}
