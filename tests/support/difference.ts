/** The third law: what diff finds leads there, in an order in which every operation is valid. */
import assert from 'node:assert/strict'
import { diff } from '../../src/diff/index.ts'
import type { Diff, DiffOptions } from '../../src/diff/index.ts'
import type { Dialect } from '../../src/dialect/dialect.ts'
import type { Model } from '../../src/model/model.ts'
import { sameModel } from '../../src/model/same.ts'
import { toYaml } from './operation-yaml.ts'
import { modelAfter } from './compile.ts'

/**
 * The difference between two schemas, after it was checked: applied to the one it leads to the other, and nothing is left
 * to do then.
 */
export function checkedDiff(from: Model, to: Model, dialect: Dialect, options: DiffOptions = {}): Diff {
  const found = diff(from, to, dialect, { ...options, noRenames: true })
  const after = modelAfter(found.operations, dialect, from)
  const again = diff(after, to, dialect, { noRenames: true })
  assert.deepEqual(again.operations.map(toYaml), [], 'something is left to do')
  const noted = new Set(again.notes.map((one) => one.message))
  const differences = sameModel(dialect.project(after), dialect.project(again.desired), dialect)
  assert.deepEqual(differences.filter((one) => !noted.has(one)), [], 'the operations do not lead there')
  return found
}
