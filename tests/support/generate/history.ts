/** Generated histories: some tables, then operations on them, each valid where it stands. */
import { ProblemError } from '../../../src/problem.ts'
import { EMPTY } from '../../../src/model/model.ts'
import type { Model } from '../../../src/model/model.ts'
import type { Dialect } from '../../../src/dialect/dialect.ts'
import type { Operation } from '../../../src/ops/index.ts'
import { compiled } from '../compile.ts'
import type { Trial } from '../database.ts'
import { fromYaml } from '../operation-yaml.ts'
import type { Yaml } from '../operation-yaml.ts'
import { change } from './changes.ts'
import { count } from './choose.ts'
import type { Choices } from './choose.ts'
import { createTable } from './tables.ts'

/** One to three tables and up to six operations on them. What an operation refuses is left out. */
export function history(choices: Choices, dialect: Dialect): Trial {
  let model: Model = EMPTY
  const take = (yaml: Yaml | undefined): Operation[] => {
    if (yaml === undefined) return []
    const operation = fromYaml(yaml)
    try {
      model = compiled([operation], model, dialect).after
      return [operation]
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      return []
    }
  }
  const given = Array.from({ length: count(choices, 1, 3) }, () => take(createTable(choices, model, dialect)))
  const operations = Array.from({ length: count(choices, 1, 6) }, () => take(change(choices, model, dialect)))
  return { given: given.flat(), operations: operations.flat() }
}
