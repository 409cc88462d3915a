/** The golden pairs as trials on a database: the one schema is created, and what leads to the other runs on it. */
import assert from 'node:assert/strict'
import { EMPTY } from '../../src/model/model.ts'
import type { Model } from '../../src/model/model.ts'
import { diff, wayBack } from '../../src/diff/index.ts'
import type { DiffOptions } from '../../src/diff/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import type { Dialect } from '../../src/dialect/dialect.ts'
import { compiled } from './compile.ts'
import type { Trial } from './database.ts'
import { allPairs, modelsOf } from './diff-case.ts'
import { checkedDiff } from './difference.ts'

export interface PairTrial extends Trial {
  readonly name: string
  /** Whether some statement of it cannot run in a transaction. */
  readonly forbidden: boolean
}

/** There, and from there back. */
export function pairTrials(dialect: Dialect, version = dialect.newest.version): PairTrial[] {
  const fits = allPairs().filter((one) =>
    one.dialects.includes(dialect.name) && one.notRun === undefined &&
    (dialect.name !== 'postgres' || version >= one.postgresMin * 10_000) &&
    Object.values(one.expected).every((each) => each.error === undefined)
  )
  return fits.flatMap((one) => {
    const { from, to } = modelsOf(one, dialect)
    const { noRenames: _, ...answers } = one.options
    return [
      trialOf({ name: one.file, given: one.from, from, to }, dialect, version, answers),
      trialOf({ name: `${one.file}, the other way`, given: one.to, from: to, to: from }, dialect, version),
    ]
  })
}

interface Way {
  readonly name: string
  readonly given: readonly Operation[]
  readonly from: Model
  readonly to: Model
}

function trialOf(
  { name, given, from, to }: Way,
  dialect: Dialect,
  version: number,
  answers: DiffOptions = {},
): PairTrial {
  const options = { ...answers, server: { dialect: dialect.name, version } }
  const found = checkedDiff(from, to, dialect, options)
  const back = wayBack(found, from, dialect, options).operations
  const first = compiled(given, EMPTY, dialect, version)
  const second = compiled(found.operations, from, dialect, version)
  const third = compiled(back, second.after, dialect, version)
  const left = diff(third.after, from, dialect, { noRenames: true })
  assert.deepEqual(left.operations, [], `${name}: the way back does not lead back`)
  const all = [...first.statements, ...second.statements, ...third.statements]
  const forbidden = all.some((one) => one.transaction !== undefined)
  return { name, given, operations: found.operations, back, forbidden }
}
