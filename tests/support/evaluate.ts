/** What an operation leads to on both dialects, from its definition alone: the written part of a golden case. */
import type { DialectName, Model } from '../../src/model/model.ts'
import type { Dialect } from '../../src/dialect/dialect.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { definitionOf } from '../../src/ops/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import { compiled, modelAfter, problemLine } from './compile.ts'
import { operationsOf } from './case.ts'
import type { Case, Results } from './case.ts'
import { toYaml } from './operation-yaml.ts'

export const DIALECTS: readonly Dialect[] = [postgres, sqlite]

/** The results a case should hold. */
export function evaluate(one: Case): Results {
  let operations
  try {
    operations = operationsOf(one)
  } catch (error) {
    return { error: problemLine(error) }
  }
  const { given, operation } = operations
  const dialects = DIALECTS.filter((dialect) =>
    operation.only === undefined || operation.only === dialect.name
  )
  const compilations = dialects.map((dialect) => attempt(given, operation, dialect))
  const errors = compilations.map((result) => result.error)
  if (errors[0] !== undefined && errors.every((error) => error === errors[0])) return { error: errors[0] }
  const sql = Object.fromEntries(compilations.map((result) => [
    result.dialect,
    result.error === undefined ? result.sql : { error: result.error },
  ]))
  const works = dialects[errors.indexOf(undefined)]!
  const hazards = [...new Set(compilations.flatMap((result) => result.hazards))]
  return {
    ...sql,
    ...(hazards.length === 0 ? {} : { hazards }),
    ...consequences(operation, modelAfter(given, works)),
  }
}

interface Attempt {
  readonly dialect: DialectName
  readonly error?: string
  readonly sql: string
  readonly hazards: readonly string[]
}

function attempt(given: readonly Operation[], operation: Operation, dialect: Dialect): Attempt {
  const before = modelAfter(given, dialect)
  try {
    const { statements } = compiled([operation], before, dialect)
    return {
      dialect: dialect.name,
      sql: statements.map((one) => `${one.transaction ? '-- outside a transaction\n' : ''}${one.sql};\n`)
        .join(''),
      hazards: dialect.name === 'sqlite'
        ? []
        : statements.flatMap((one) => one.hazards ?? []).map((hazard) =>
          [hazard.kind, hazard.table, hazard.lock].filter((word) => word !== undefined).join(' ')
        ),
    }
  } catch (error) {
    return { dialect: dialect.name, error: problemLine(error), sql: '', hazards: [] }
  }
}

/** What does not depend on the dialect. */
function consequences(operation: Operation, before: Model): Results {
  const definition = definitionOf(operation)
  const inverse = definition.invert(operation, before)
  const effects = definition.effects(operation, before)
  return {
    inverse: 'irreversible' in inverse ? inverse : inverse.map(toYaml),
    describe: definition.describe(operation),
    ...(effects.length === 0 ? {} : { effects }),
  }
}
