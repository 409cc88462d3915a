import assert from 'node:assert/strict'
import type { Graph } from '../../src/revision/graph/graph.ts'
import { applyChanges } from '../../src/revision/graph/rows.ts'
import { stampSteps } from '../../src/revision/graph/stamp.ts'
import { downgradeSteps, upgradeSteps } from '../../src/revision/graph/steps.ts'
import type { Steps } from '../../src/revision/graph/steps.ts'
import { graphOf, problemOf } from '../support/graphs.ts'

/** `id: change, change` for every step. */
function told({ steps }: Steps): string[] {
  return steps.map((step) => {
    const changes = step.changes.map((change) => {
      if (change.change === 'clear') return 'clear'
      return change.change === 'update' ? `${change.from}→${change.to}` : `${change.change} ${change.id}`
    })
    return `${step.revisions.join('+')}: ${changes.join(', ')}`
  })
}

const up = (graph: Graph, rows: readonly string[], target: string) => told(upgradeSteps(graph, rows, target))
const down = (graph: Graph, rows: readonly string[], target: string) =>
  told(downgradeSteps(graph, rows, target))
const stamp = (graph: Graph, rows: readonly string[], ...targets: string[]) =>
  told(stampSteps(graph, rows, targets))

const MERGE = graphOf('a\nb a\nc a\nm b,c\nz m')
const DEPENDENT = graphOf('a1\na2 a1\nb1\nb2 b1 (a2)')
const LABELLED = graphOf('a\nb a [bl]\nc a\nd c')

Deno.test('upgrade inserts, updates and merges rows', () => {
  assert.deepEqual(up(MERGE, [], 'head'), [
    'a: insert a',
    'c: a→c',
    'b: insert b',
    'm: delete b, c→m',
    'z: m→z',
  ])
  assert.deepEqual(up(MERGE, ['b', 'c'], 'm'), ['m: delete b, c→m'])
})

Deno.test('downgrade splits a merge into the parents that nothing else implies', () => {
  assert.deepEqual(down(MERGE, ['z'], 'b'), ['z: z→m', 'm: insert b, m→c'])
  assert.deepEqual(down(MERGE, ['b', 'c'], 'a'), ['b: delete b', 'c: c→a'])
})

Deno.test('a dependency has no row while it is implied, and gets it back', () => {
  assert.deepEqual(up(DEPENDENT, [], 'b2'), [
    'a1: insert a1',
    'a2: a1→a2',
    'b1: insert b1',
    'b2: delete b1, a2→b2',
  ])
  assert.deepEqual(down(DEPENDENT, ['b2'], 'b1'), ['b2: insert b1, b2→a2'])
  assert.deepEqual(down(DEPENDENT, ['b2'], 'a1'), ['b2: insert b1, b2→a2', 'a2: a2→a1'])
})

Deno.test('downgrade writes no row for a dependency that is an ancestor of another parent', () => {
  const graph = graphOf('a\nb a\nc b\nd c (a)\nother')
  assert.deepEqual(down(graph, ['d', 'other'], 'c'), ['d: d→c'])
})

Deno.test('upgrading to what is applied and downgrading to a row do nothing', () => {
  for (const target of ['d', 'a', 'base']) assert.deepEqual(up(LABELLED, ['d'], target), [])
  assert.deepEqual(down(LABELLED, ['d'], 'd'), [])
  assert.deepEqual(down(LABELLED, [], 'base'), [])
})

Deno.test('a branch in a downgrade chooses what is reverted', () => {
  assert.deepEqual(down(LABELLED, ['b', 'd'], 'bl@a'), ['b: delete b'])
  assert.deepEqual(down(LABELLED, ['b', 'd'], 'bl@base'), ['b: delete b', 'd: d→c', 'c: c→a', 'a: delete a'])
})

Deno.test('downgrade -1 from several rows starts at the first and warns', () => {
  const steps = downgradeSteps(LABELLED, ['d', 'b'], '-1')
  assert.deepEqual(told(steps), ['d: d→c'])
  assert.match(steps.warnings.join(), /^downgrade -1 from multiple heads is ambiguous/)
  assert.deepEqual(downgradeSteps(LABELLED, ['d'], '-1').warnings, [])
})

const REFUSED: readonly (readonly [command: string, work: () => unknown, message: RegExp])[] = [
  [
    'downgrade to what is not applied',
    () => down(LABELLED, ['b'], 'd'),
    /^Destination d is not a valid downgrade target/,
  ],
  ['downgrade +1', () => down(LABELLED, ['b'], '+1'), /^Relative revision \+1 didn't produce 1 migrations$/],
  ['downgrade b-9', () => down(LABELLED, ['b'], 'b-9'), /^Walked too far$/],
  ['downgrade b+9', () => down(LABELLED, ['b'], 'b+9'), /^Walked too far$/],
  ['downgrade base-0', () => down(LABELLED, ['b'], 'base-0'), /^Walked too far$/],
  ['downgrade unknown@base', () => down(MERGE, ['z'], 'unknown@base'), /^Can't locate .* 'unknown'$/],
  ['downgrade of another branch', () => down(LABELLED, ['d'], 'bl@c'), /^Can't locate .* 'c'$/],
  ['upgrade -1', () => up(LABELLED, ['b'], '-1'), /^Relative revision -1 didn't produce 1 migrations$/],
  ['upgrade +5', () => up(LABELLED, ['c'], '+5'), /^Relative revision \+5 didn't produce 5 migrations$/],
  ['upgrade head+1', () => up(MERGE, ['z'], 'head+1'), /^Relative revision \+1 didn't produce 1 migrations$/],
  ['upgrade +1 at a fork', () => up(LABELLED, ['a'], '+1'), /^Ambiguous walk$/],
  [
    'upgrade +1 from several rows',
    () => up(LABELLED, ['b', 'c'], '+1'),
    /^Ambiguous upgrade from multiple current/,
  ],
  [
    'upgrade head with several',
    () => up(LABELLED, [], 'head'),
    /^Multiple head revisions .* 'head'; please specify/,
  ],
  [
    'rows that overlap',
    () => up(LABELLED, ['a', 'd'], 'heads'),
    /^Requested revision d overlaps .* revisions a$/,
  ],
  ['an unknown row', () => up(LABELLED, ['gone'], 'heads'), /^Can't locate revision identified by 'gone'$/],
]

for (const [command, work, message] of REFUSED) {
  Deno.test(`${command} is refused`, () => {
    const problem = problemOf(work)
    assert.match(problem.message, message)
    assert.notEqual(problem.hint, undefined)
  })
}

Deno.test('stamp replaces ancestors and descendants and leaves other branches alone', () => {
  assert.deepEqual(stamp(LABELLED, ['b', 'd'], 'c'), ['c: d→c'])
  assert.deepEqual(stamp(LABELLED, ['b', 'd'], 'a'), ['a: delete b, d→a'])
  assert.deepEqual(stamp(LABELLED, ['b'], 'd'), ['d: insert d'])
  assert.deepEqual(stamp(LABELLED, ['b', 'd'], 'base'), [': delete b', ': delete d'])
  assert.deepEqual(stamp(LABELLED, ['b', 'd'], 'bl@base'), [': delete b'])
})

Deno.test('stamping several revisions keeps those that were asked for, and repairs overlapping rows', () => {
  assert.deepEqual(stamp(LABELLED, ['b', 'd'], 'b', 'c'), ['c: d→c'])
  assert.deepEqual(stamp(LABELLED, ['a', 'd'], 'd'), [': delete a'])
  assert.match(stampSteps(LABELLED, [], ['a', 'd']).warnings.join(), /"a" are implied/)
})

Deno.test('a revision that another one needs gives way to it where a row says it already', () => {
  assert.deepEqual(stamp(LABELLED, ['c'], 'c', 'd'), ['d: c→d'])
  assert.deepEqual(stamp(LABELLED, ['b', 'c'], 'c', 'd'), ['d: c→d'])
  assert.deepEqual(stamp(LABELLED, ['d'], 'c', 'd'), [])
  assert.deepEqual(stampSteps(LABELLED, ['d'], ['c', 'd']).warnings, [])
})

Deno.test('stamp --purge removes unknown rows', () => {
  const { steps } = stampSteps(LABELLED, ['gone', 'b'], ['d'], true)
  assert.deepEqual(applyChanges(['gone', 'b'], steps.flatMap((step) => step.changes)), ['d'])
})
