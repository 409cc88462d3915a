/** Generated pairs of schemas, as the operations that lead to each from nothing, and those that lead from one to the other. */
import type { Dialect } from '../../../src/dialect/dialect.ts'
import type { Model } from '../../../src/model/model.ts'
import { modelAfter } from '../compile.ts'
import type { Trial } from '../database.ts'
import { checkedDiff } from '../difference.ts'
import { chance } from './choose.ts'
import type { Choices } from './choose.ts'
import { history } from './history.ts'

export interface Pair {
  readonly from: Model
  readonly to: Model
  readonly trial: Trial
}

/** Two schemas: the one with some changes, or two that have nothing but names in common. */
export function pair(choices: Choices, dialect: Dialect): Pair {
  const first = history(choices, dialect)
  const own = modelAfter(first.given, dialect)
  const related = chance(choices, 60)
  const second = related ? first : history(choices, dialect)
  const given = related ? first.given : [...first.given, ...first.operations]
  const from = related ? own : modelAfter(given, dialect)
  const to = modelAfter([...second.given, ...second.operations], dialect)
  return { from, to, trial: { given, operations: checkedDiff(from, to, dialect).operations } }
}
