import assert from 'node:assert/strict'
import { EXIT } from '../../src/problem.ts'
import { listHistory } from '../../src/revision/graph/listing.ts'
import { readStampTargets, readTarget } from '../../src/revision/graph/range.ts'
import { resolveAll, resolveWithCurrent, revisionsOfRows } from '../../src/revision/graph/resolve.ts'
import { graphOf, problemOf } from '../support/graphs.ts'

const GRAPH = graphOf('aaaa1\nbbbb2 aaaa1 [bill]\nbbcc3 bbbb2\ncccc4 aaaa1 [shop]\nd5 cccc4')

const NAMES: Readonly<Record<string, readonly string[]>> = {
  bbbb2: ['bbbb2'],
  bbb: ['bbbb2'],
  d5: ['d5'],
  heads: ['bbcc3', 'd5'],
  base: [],
  bill: ['bbbb2'],
  'sho': ['cccc4'],
  'bill@head': ['bbcc3'],
  'shop@heads': ['d5'],
  'bbcc@head': ['bbcc3'],
  'shop@base': [],
  'bill@bbc': ['bbcc3'],
  '-1': ['bbbb2', 'cccc4'],
  'shop@-1': ['cccc4'],
}

for (const [name, ids] of Object.entries(NAMES)) {
  Deno.test(`"${name}" names ${ids.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(resolveAll(GRAPH, name).map((revision) => revision.id), ids)
  })
}

const UNKNOWN: readonly (readonly [name: string, argument: string, hint: RegExp])[] = [
  ['b', 'b', /Several revisions begin so: "bbbb2", "bbcc3"/],
  ['bill@bb', 'bb', /Several revisions begin so/],
  ['zzzz', 'zzzz', /limbeck history/],
  ['bbbb3', 'bbbb3', /Did you mean "bbbb2"\?/],
  ['shop@bbbb2', 'bbbb2', /not a member of branch "shop"/],
  ['nope@head', 'nope', /limbeck history/],
  ['base@bbbb2', 'base', /"base" names no branch/],
  ['', '', /limbeck history/],
]

for (const [name, argument, hint] of UNKNOWN) {
  Deno.test(`"${name}" is refused with a hint`, () => {
    const problem = problemOf(() => resolveAll(GRAPH, name))
    assert.equal(problem.message, `Can't locate revision identified by '${argument}'`)
    assert.match(problem.hint ?? '', hint)
    assert.equal(problem.exit, EXIT.usage)
  })
}

Deno.test('head is refused while there are several', () => {
  const problem = problemOf(() => resolveAll(GRAPH, 'head'))
  assert.match(
    problem.message,
    /^Multiple head revisions are present for given argument 'head'; please specify/,
  )
  assert.match(problem.hint ?? '', /"bbcc3", "d5"/)
})

Deno.test('current is what the version table holds, and an unknown row is a problem of the database', () => {
  assert.deepEqual(resolveWithCurrent(GRAPH, 'current', ['d5', 'bbbb2']).map((r) => r.id), ['d5', 'bbbb2'])
  const problem = problemOf(() => revisionsOfRows(GRAPH, ['bbbb']))
  assert.equal(problem.code, 'unknown-database-revision')
  assert.equal(problem.exit, EXIT.failed)
})

const RANGES: Readonly<Record<string, readonly string[]>> = {
  'aaaa1:bbbb2': ['bbbb2', 'aaaa1'],
  ':bbbb2': ['bbbb2', 'aaaa1'],
  'cccc4:d5': ['d5', 'cccc4'],
  '-1:d5': ['d5', 'cccc4'],
  '-9:d5': ['d5', 'cccc4', 'aaaa1'],
  '-1:current': ['bbbb2', 'aaaa1'],
  'current:+1': ['bbcc3', 'bbbb2'],
  'shop@-1:': ['d5', 'cccc4'],
  'shop@base:': ['d5', 'cccc4', 'aaaa1'],
  'd5-1:d5': ['d5', 'cccc4'],
}

for (const [range, ids] of Object.entries(RANGES)) {
  Deno.test(`history -r ${range}`, () => {
    assert.deepEqual(listHistory(GRAPH, { range, rows: ['bbbb2'] }).map((entry) => entry.id), ids)
  })
}

Deno.test('history refuses malformed ranges and ends that do not belong together', () => {
  const message = (range: string) => problemOf(() => listHistory(GRAPH, { range })).message
  assert.equal(message('bbbb2'), 'History range requires [start]:[end], [start]:, or :[end]')
  assert.match(message('d5:bbcc3'), /^Requested range d5:bbcc3 does not refer to ancestor/)
  assert.equal(message('-1:+1'), "Can't locate revision identified by '-1'")
})

Deno.test('ranges of upgrade and downgrade need --sql', () => {
  assert.deepEqual(readTarget(GRAPH, 'upgrade', 'bbbb:head', true), { rows: ['bbbb2'], target: 'head' })
  assert.deepEqual(readTarget(GRAPH, 'upgrade', 'head', false), { rows: [], target: 'head' })
  assert.equal(
    problemOf(() => readTarget(GRAPH, 'upgrade', 'a:b', false)).message,
    'Range revision not allowed',
  )
  assert.match(problemOf(() => readTarget(GRAPH, 'upgrade', 'a:b:c', true)).message, /more than two ends/)
  assert.deepEqual(readStampTargets(GRAPH, ['base:d5', 'base:bbbb2'], true), {
    rows: [],
    targets: ['d5', 'bbbb2'],
  })
})
