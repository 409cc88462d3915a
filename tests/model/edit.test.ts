/** What is said of a name that is not there. */
import assert from 'node:assert/strict'
import { get } from '../../src/model/edit.ts'
import { ProblemError } from '../../src/problem.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { modelAfter } from '../support/compile.ts'
import { fromYaml } from '../support/operation-yaml.ts'

Deno.test('where a table is in the default schema, that is said', () => {
  const users = { create_table: { name: 'users', columns: [{ name: 'id', type: 'uuid' }] } }
  const model = modelAfter([fromYaml(users)], postgres)
  assert.throws(() => get(model, 'tables', { schema: 'audit', name: 'users' }), (error) => {
    assert.ok(error instanceof ProblemError)
    assert.equal(error.problems[0]!.hint, '"users" is in the default schema: leave `schema: audit` out')
    return true
  })
})
