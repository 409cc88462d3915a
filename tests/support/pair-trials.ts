/** The golden pairs as trials on a database: the one schema is created, and what leads to the other runs on it. */
import { EMPTY } from '../../src/model/model.ts'
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
    const server = { dialect: dialect.name, version }
    return [
      {
        name: one.file,
        given: one.from,
        before: from,
        found: checkedDiff(from, to, dialect, { ...one.options, server }),
      },
      {
        name: `${one.file}, the other way`,
        given: one.to,
        before: to,
        found: checkedDiff(to, from, dialect, { server }),
      },
    ].map(({ name, given, before, found }): PairTrial => {
      const { operations } = found
      const { statements } = compiled(operations, before, dialect, version)
      const first = compiled(given, EMPTY, dialect, version)
      const forbidden = [...first.statements, ...statements].some((each) => each.transaction !== undefined)
      return { name, given, operations, forbidden }
    })
  })
}
