/**
 * Generated schemas of all kinds of objects. Names come from a short list, so that two schemas have much in common and
 * differ in every field.
 */
import { ProblemError } from '../../../src/problem.ts'
import { EMPTY } from '../../../src/model/model.ts'
import type { Model } from '../../../src/model/model.ts'
import type { Dialect } from '../../../src/dialect/dialect.ts'
import type { Operation } from '../../../src/ops/index.ts'
import { compiled } from '../compile.ts'
import { fromYaml } from '../operation-yaml.ts'
import type { Yaml } from '../operation-yaml.ts'
import { chance, oneOf, some } from './choose.ts'
import type { Choices } from './choose.ts'
import { codeBefore, codeBehind } from './schema-code.ts'
import { moreCode } from './schema-own-code.ts'
import { moreTables } from './schema-own-tables.ts'
import { tables } from './schema-tables.ts'

export interface Schema {
  readonly operations: readonly Operation[]
  readonly model: Model
}

/** What a part of a schema is made with. */
export interface Making {
  readonly choices: Choices
  readonly dialect: Dialect
  readonly version: number
  /** As made so far. */
  readonly model: () => Model
  /** Takes an operation, unless it is refused. */
  readonly take: (yaml: Yaml) => void
}

/** A schema for a server. What an operation refuses is left out. */
export function schema(choices: Choices, dialect: Dialect, version = dialect.newest.version): Schema {
  const operations: Operation[] = []
  let model: Model = EMPTY
  const making: Making = {
    choices,
    dialect,
    version,
    model: () => model,
    take(yaml) {
      const operation = fromYaml(yaml)
      try {
        model = compiled([operation], model, dialect, version).after
        operations.push(operation)
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
      }
    },
  }
  if (dialect.name === 'postgres') types(making)
  if (dialect.name === 'postgres') codeBefore(making)
  tables(making)
  codeBehind(making)
  if (dialect.name === 'postgres') {
    moreTables(making)
    moreCode(making)
  }
  return { operations, model }
}

/** Fields that are there so often in a hundred. */
export function maybe(choices: Choices, percent: number, fields: () => Yaml): Yaml {
  return chance(choices, percent) ? fields() : {}
}

function types({ choices, take }: Making): void {
  if (chance(choices, 30)) take({ create_schema: { name: 'app' } })
  const values = some(choices, ['new', 'open', `it's`, 'Closed', 'gone'])
  if (chance(choices, 60)) take({ create_enum: { name: 'state', values } })
  const check = () => ({
    ...maybe(choices, 50, () => ({ name: 'small' })),
    condition: oneOf(choices, ['VALUE < 100', 'VALUE IN (1, 2, 3)', 'VALUE IS NULL OR VALUE >= 0']),
  })
  if (chance(choices, 60)) {
    take({
      create_domain: {
        name: 'amount',
        type: oneOf(choices, ['integer', 'integer', 'bigint', 'numeric(10, 2)']),
        ...maybe(choices, 50, () => ({ checks: [check()] })),
        ...maybe(choices, 30, () => ({ default: oneOf<unknown>(choices, [1, { sql: '1 + 1' }]) })),
        ...maybe(choices, 20, () => ({ nullable: false })),
        ...maybe(choices, 20, () => ({ comment: oneOf(choices, ['money', `it's`]) })),
      },
    })
  }
  if (chance(choices, 30)) {
    take({ create_domain: { name: 'word', type: 'text', ...maybe(choices, 50, () => ({ collation: 'C' })) } })
  }
  if (chance(choices, 50)) {
    take({
      create_sequence: {
        name: 'numbers',
        ...maybe(choices, 40, () => ({ type: oneOf(choices, ['integer', 'bigint']) })),
        ...maybe(choices, 40, () => ({ increment: oneOf(choices, [2, 10]) })),
        ...maybe(choices, 30, () => ({ start: oneOf(choices, [5, 1000]) })),
        ...maybe(choices, 20, () => ({ cycle: true })),
        ...maybe(choices, 20, () => ({ cache: 20 })),
      },
    })
  }
}
