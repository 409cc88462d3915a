import assert from 'node:assert/strict'
import { DEFINITIONS } from '../../src/ops/index.ts'
import { allCases } from '../support/case.ts'
import { evaluate } from '../support/evaluate.ts'
import { assertGolden } from '../support/golden-file.ts'

const cases = allCases()

for (const one of cases) {
  Deno.test(`golden: ${one.file}`, () => assertGolden(one, evaluate(one)))
}

for (const { kind } of DEFINITIONS) {
  Deno.test(`golden: ${kind} has a case that works`, () => {
    // A todo works when it refuses to.
    const works = (error: string | undefined) => error === undefined || error.startsWith('todo: ')
    assert(cases.some((one) => one.kind === kind && works(one.expected.error)))
  })
}
