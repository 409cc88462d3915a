import assert from 'node:assert/strict'
import { EXIT } from '../../src/problem.ts'
import { planRevision, withRevision } from '../../src/revision/graph/create.ts'
import type { NewRevisionRequest } from '../../src/revision/graph/create.ts'
import { buildGraph } from '../../src/revision/graph/graph.ts'
import { graphOf, nodesOf, problemOf } from '../support/graphs.ts'

const GRAPH = graphOf('aaaa1 [lib]\nb2 aaaa1\nc3 aaaa1')

function plan(request: Partial<NewRevisionRequest>) {
  return planRevision(GRAPH, { id: 'new', message: 'm', heads: ['b2'], ...request })
}

Deno.test('a new revision follows its head, a merge several', () => {
  assert.deepEqual(plan({}).down, ['b2'])
  assert.deepEqual(plan({ heads: ['base'] }).down, [])
  assert.deepEqual(plan({ heads: ['b2', 'c3'] }).down, ['b2', 'c3'])
  assert.deepEqual(withRevision(GRAPH, plan({ heads: ['heads'] })).heads, ['new'])
})

Deno.test('a dependency on a label stays one, a shortened id is written out', () => {
  assert.deepEqual(plan({ dependsOn: ['lib', 'aaaa'] }).dependsOn, ['lib', 'aaaa1'])
})

const REFUSED: readonly (readonly [request: Partial<NewRevisionRequest>, message: RegExp])[] = [
  [{ heads: ['head'] }, /^Multiple heads are present; please specify the head revision on which the new/],
  [{ heads: ['aaaa'] }, /^Revision aaaa1 is not a head revision; please specify --splice/],
  [{ heads: ['b2', 'b2'] }, /^Duplicate head revisions specified$/],
  [{ heads: ['nowhere'] }, /^Can't locate revision identified by 'nowhere'$/],
  [{ id: 'a:b@c' }, /^Character\(s\) ':, @' not allowed in revision identifier 'a:b@c'$/],
  [{ id: 'b2', heads: ['c3'] }, /^Revision "b2" exists already/],
  [{ labels: ['lib'] }, /^Branch name 'lib' in revision new already used by revision aaaa1$/],
  [{ dependsOn: ['base'] }, /^Can't locate revision identified by 'base'$/],
]

for (const [request, message] of REFUSED) {
  Deno.test(`a new revision with ${JSON.stringify(request)} is refused`, () => {
    const problem = problemOf(() => plan(request))
    assert.match(problem.message, message)
    assert.equal(problem.exit, EXIT.usage)
  })
}

Deno.test('with several folders a revision goes next to its head, and a new base must name one', () => {
  const [a, b] = nodesOf('a\nb')
  const graph = buildGraph([{ ...a!, file: 'one/a.yaml' }, { ...b!, file: 'two/b.yaml' }], ['one', 'two'])
  const request = { id: 'new', message: 'm', heads: ['b'] }
  assert.equal(planRevision(graph, request).location, 'two')
  assert.equal(planRevision(graph, { ...request, heads: ['base'], location: './one/' }).location, 'one')
  const messageOf = (more: Partial<NewRevisionRequest>) =>
    problemOf(() => planRevision(graph, { ...request, ...more })).message
  assert.match(
    messageOf({ heads: ['base'] }),
    /^Multiple version locations present, please specify --version-path$/,
  )
  assert.match(
    messageOf({ location: 'three' }),
    /^Path three is not represented in current version locations$/,
  )
})
