/** Operations as YAML writes them, `{ add_column: { … }, only? }`, and as the code knows them. */
import { EXIT, faults } from '../../src/problem.ts'
import type { Operation } from '../../src/ops/index.ts'
import { fromOperation, operationFindings, toOperation } from '../../src/revision/operation.ts'
import type { WrittenOperation } from '../../src/revision/operation.ts'
import { loadValidator } from '../../src/revision/shape/validator.ts'

await loadValidator()

export type Yaml = WrittenOperation

/** @throws what is wrong with its kind or its fields, as reading a revision file does */
export function fromYaml(yaml: Yaml): Operation {
  const wrong = operationFindings(yaml, [])
  if (wrong.length > 0) faults(wrong.map((one) => one.problem), EXIT.usage)
  return toOperation(yaml)
}

export const toYaml = fromOperation
