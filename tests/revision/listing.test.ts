import assert from 'node:assert/strict'
import { EXIT } from '../../src/problem.ts'
import {
  checkHeads,
  listBranches,
  listCurrent,
  listHeads,
  listHistory,
  listShow,
  revisionsToEdit,
} from '../../src/revision/graph/listing.ts'
import {
  branchesText,
  currentText,
  headsText,
  historyText,
  showText,
} from '../../src/revision/graph/listing-text.ts'
import { graphOf, problemOf } from '../support/graphs.ts'

const GRAPH = graphOf('ab12\nb ab12 [net]\nc ab12 (b)\nm b,c (net) [all]')
const DEPENDENT = graphOf('a1\na2 a1 [lib]\nb1 (a2)')

Deno.test('history as text', () => {
  const entries = listHistory(GRAPH, { range: null, rows: ['c'], indicateCurrent: true })
  assert.equal(
    historyText(entries, false),
    'b, c (net) -> m (all, net) (head) (mergepoint), rev m\n' +
      'ab12 (b) -> c (current), rev c\n' +
      'ab12 -> b (net), rev b\n' +
      '<base> -> ab12 (branchpoint), rev ab12\n',
  )
})

Deno.test('a range that begins above the newest revision is refused, one below the oldest begins there', () => {
  const line = graphOf('a1\nb2 a1\nc3 b2')
  const ids = (range: string) => listHistory(line, { range, rows: [] }).map(({ id }) => id)
  assert.deepEqual(ids('a1+1:'), ['c3', 'b2'])
  assert.deepEqual(ids('b2-9:'), ['c3', 'b2', 'a1'])
  assert.deepEqual(ids('b2:current'), [])
  assert.match(problemOf(() => ids('a1+9:')).message, /\+9 didn't produce 9 migrations/)
})

Deno.test('a revision as text, with everything that there is to say', () => {
  assert.equal(
    showText(listShow(GRAPH, 'm')),
    'Rev: m (head) (mergepoint)\nMerges: b, c\nAlso depends on: net\nBranch names: all, net\nPath: m.yaml\n\n    rev m\n\n',
  )
  assert.equal(
    showText(listShow(GRAPH, 'ab12')),
    'Rev: ab12 (branchpoint)\nParent: <base>\nBranches into: b, c\nPath: ab12.yaml\n\n    rev ab12\n\n',
  )
  assert.equal(showText(listShow(GRAPH, 'base')), '')
})

Deno.test('branch points as text, each with its children and an empty line', () => {
  const lines = (tail: string) =>
    `     -> b (net)${tail.replace('#', 'b')}\n     -> c${tail.replace('#', 'c')}\n\n`
  assert.equal(branchesText(listBranches(GRAPH), false), `ab12 (branchpoint)\n${lines('')}`)
  assert.equal(
    branchesText(listBranches(GRAPH), true),
    `${showText(listShow(GRAPH, 'ab12'))}${lines(', rev #')}`,
  )
})

Deno.test('a head that others depend on is an effective head', () => {
  assert.equal(headsText(listHeads(DEPENDENT, false), false), 'a2 (lib) (effective head)\nb1 (head)\n')
  assert.equal(headsText(listHeads(DEPENDENT, true), false), 'b1 (head)\n')
  assert.equal(currentText(listCurrent(DEPENDENT, ['b1']), false), 'a2 (effective head)\nb1 (head)\n')
})

Deno.test('--check-heads wants a row for every head, implied or not', () => {
  checkHeads(DEPENDENT, ['b1', 'a2'])
  const problem = problemOf(() => checkHeads(DEPENDENT, ['b1']))
  assert.equal(problem.message, 'Database is not on all head revisions')
  assert.equal(problem.exit, EXIT.differences)
})

Deno.test('edit needs a revision', () => {
  assert.deepEqual(revisionsToEdit(GRAPH, 'current', ['c']).map((revision) => revision.file), ['c.yaml'])
  assert.equal(problemOf(() => revisionsToEdit(GRAPH, 'current', [])).message, 'No current revisions')
  assert.equal(
    problemOf(() => revisionsToEdit(GRAPH, 'base', [])).message,
    "No revision files indicated by symbol 'base'",
  )
})
