import assert from 'node:assert/strict'
import type { Dialect } from '../../src/dialect/dialect.ts'
import type { Model } from '../../src/model/model.ts'
import { definitionOf } from '../../src/ops/index.ts'
import { allCases, operationsOf } from '../support/case.ts'
import { assertRestored, modelAfter } from '../support/compile.ts'
import { DIALECTS } from '../support/evaluate.ts'

/** Operations make new models; one that changes the model it is given throws here. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}

function checkInverse(one: ReturnType<typeof operationsOf>, before: Model, dialect: Dialect): void {
  const definition = definitionOf(one.operation)
  const inverse = definition.invert(one.operation, before)
  if ('irreversible' in inverse) return assert.notEqual(inverse.irreversible, '')
  const after = frozen(definition.apply(one.operation, before))
  const restored = inverse.reduce((model, each) => frozen(definitionOf(each).apply(each, model)), after)
  assertRestored(restored, before, dialect)
}

for (const one of allCases().filter(({ expected }) => expected.error === undefined)) {
  for (const dialect of DIALECTS.filter(({ name }) => typeof one.expected[name] === 'string')) {
    Deno.test(`inverse (${dialect.name}): ${one.file}`, () => {
      const operations = operationsOf(one)
      checkInverse(operations, frozen(modelAfter(operations.given, dialect)), dialect)
    })
  }
}
