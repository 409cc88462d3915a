/** Which golden cases are tried on which database. */
import { ProblemError } from '../../src/problem.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { Dialect } from '../../src/dialect/dialect.ts'
import { allCases, operationsOf } from './case.ts'
import type { Case } from './case.ts'
import type { Trial } from './database.ts'
import { compiled } from './compile.ts'

export interface CaseTrial extends Trial {
  readonly file: string
  /** Whether some statement of it cannot run in a transaction. */
  readonly forbidden: boolean
}

/** The cases whose operation and givens this dialect takes, in this version. */
export function trialsOf(dialect: Dialect, version = dialect.newest.version): CaseTrial[] {
  return allCases().filter((one) => succeeds(one, dialect)).flatMap((one): CaseTrial[] => {
    const { postgresMin = 0, file } = one
    const tooOld = dialect.name === 'postgres' && version < postgresMin * 10_000
    if (tooOld || one.notRun !== undefined) return []
    const { given, operation } = operationsOf(one)
    const trial = { given, operations: [operation] }
    const compilations = supported(() => {
      const first = compiled(trial.given, EMPTY, dialect, version)
      return [first, compiled(trial.operations, first.after, dialect, version)]
    })
    const forbidden = compilations?.some(({ statements }) => statements.some((each) => each.transaction))
    return forbidden === undefined ? [] : [{ ...trial, file, forbidden }]
  })
}

function succeeds({ expected, operation }: Case, dialect: Dialect): boolean {
  if (expected.error !== undefined || (operation.only ?? dialect.name) !== dialect.name) return false
  return typeof expected[dialect.name] === 'string'
}

/** What the work gives; undefined when something of it is not for this dialect. */
function supported<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof ProblemError && error.problems.every((one) => one.code === 'unsupported')) return
    throw error
  }
}
