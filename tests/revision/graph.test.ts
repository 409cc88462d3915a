import assert from 'node:assert/strict'
import { EXIT } from '../../src/problem.ts'
import { buildGraph } from '../../src/revision/graph/graph.ts'
import { graphOf, nodesOf, problemOf } from '../support/graphs.ts'

const BROKEN:
  readonly (readonly [name: string, revisions: string, message: RegExp, file: string, hint: RegExp])[] = [
    [
      'a repeated id names both files',
      'a\na',
      /"a" is present more than once: in "a.yaml" and in "a.yaml"/,
      'a.yaml',
      /another id/,
    ],
    [
      'a missing down_revision',
      'a\nb abcd',
      /"abcd" referenced from "b" as down_revision is not present/,
      'b.yaml',
      /Restore/,
    ],
    [
      'a shortened down_revision',
      'abcdef\nb abcd',
      /"abcd" referenced from "b"/,
      'b.yaml',
      /Did you mean "abcdef"\?/,
    ],
    [
      'a missing dependency',
      'a\nb a (nowhere)',
      /"nowhere" referenced from "b" in depends_on/,
      'b.yaml',
      /Restore/,
    ],
    [
      'an ambiguous dependency',
      'abcd1\nabcd2\nb (abcd)',
      /beginning of several/,
      'b.yaml',
      /"abcd1", "abcd2"/,
    ],
    ['a self-loop', 'a\nb b', /^Self-loop is detected in revisions \(b\)$/, 'b.yaml', /down_revision/],
    [
      'a dependency on itself',
      'a\nb a (b)',
      /^Dependency self-loop is detected in revisions \(b\)$/,
      'b.yaml',
      /depends_on/,
    ],
    [
      'a dependency on an own label',
      'a\nb a (x) [x]',
      /^Dependency self-loop/,
      'b.yaml',
      /this very revision/,
    ],
    [
      'a cycle',
      'root\na root,c\nb a\nc b\nd c',
      /^Cycle is detected in revisions \(a, b, c\)$/,
      'a.yaml',
      /down_revision/,
    ],
    [
      'a cycle without heads',
      'a b\nb a',
      /^Cycle is detected in revisions \(a, b\)$/,
      'a.yaml',
      /down_revision/,
    ],
    [
      'a cycle of dependencies',
      'a (b)\nb (a)',
      /^Dependency cycle is detected in revisions \(a, b\)$/,
      'a.yaml',
      /depends_on/,
    ],
    [
      'a repeated label',
      'a [x]\nb a [x]',
      /^Branch name 'x' in revision b already used by revision a$/,
      'b.yaml',
      /"a.yaml" and "b.yaml"/,
    ],
    [
      'a label like an id',
      'a\nb a [a]',
      /^Branch name 'a' in revision b already used by revision a$/,
      'b.yaml',
      /is the id/,
    ],
    [
      'an id with a character that has a meaning',
      'a-b',
      /^Character\(s\) '-' not allowed in revision identifier 'a-b'$/,
      'a-b.yaml',
      /letters/,
    ],
    ['an id that is a symbol', 'head', /'head' has a meaning of its own/, 'head.yaml', /letters/],
    ['an id that is too long', 'x'.repeat(33), /longer than 32/, `${'x'.repeat(33)}.yaml`, /at most 32/],
    [
      'a label that looks relative',
      'a [x-1]',
      /'x-1' must not end like a relative revision/,
      'a.yaml',
      /another word/,
    ],
  ]

for (const [name, revisions, message, file, hint] of BROKEN) {
  Deno.test(`the graph refuses ${name}`, () => {
    const problem = problemOf(() => graphOf(revisions))
    assert.match(problem.message, message)
    assert.equal(problem.at?.file, file)
    assert.match(problem.hint ?? '', hint)
    assert.equal(problem.exit, EXIT.usage)
  })
}

Deno.test('a cycle is shown with its way and its files', () => {
  const { notes } = problemOf(() => graphOf('root\nb a\na root,c\nc b\nd c'))
  assert.deepEqual(notes?.slice(0, 2), ['"b" needs "a" needs "c" needs "b".', '"b" is in "b.yaml".'])
})

Deno.test('a problem of one field points to that field', () => {
  const [a, b] = nodesOf('a\nb x')
  const span = { file: 'b.yaml', line: 3, col: 16 }
  const problem = problemOf(() => buildGraph([a!, { ...b!, fields: { down_revision: span } }]))
  assert.deepEqual(problem.at, span)
})

Deno.test('heads are by down_revision, real heads by dependencies too', () => {
  const graph = graphOf('a1\na2 a1\nb1\nb2 b1 (a2)')
  assert.deepEqual(graph.heads, ['a2', 'b2'])
  assert.deepEqual(graph.realHeads, ['b2'])
  assert.deepEqual(graph.bases, ['a1', 'b1'])
  assert.deepEqual(graph.byId.get('a2')!.followers, ['b2'])
  assert.deepEqual(graph.byId.get('a2')!.children, [])
})

Deno.test('a dependency may be a label or the beginning of an id; an ancestor of the same dependency makes it superfluous', () => {
  const graph = graphOf('abcdef [lib]\nb1 (lib)\nb2 b1 (abcd)\nb3 b2 (lib)')
  assert.deepEqual(graph.byId.get('b2')!.dependencies, ['abcdef'])
  assert.deepEqual(['b1', 'b2', 'b3'].map((id) => graph.byId.get(id)!.parents), [['abcdef'], ['b1'], ['b2']])
})

Deno.test('a label reaches down to the nearest junction, and not at all below one', () => {
  const reach = (text: string, label: string) =>
    graphOf(text).revisions.filter((revision) => revision.branches.includes(label)).map((revision) =>
      revision.id
    )
  assert.deepEqual(reach('a\nb a\nc b\nd c [x]\ne d\nz a', 'x'), ['b', 'c', 'd', 'e'])
  assert.deepEqual(reach('a\nb a [x]\nc b\nd c\ne c', 'x'), ['b', 'c', 'd', 'e'])
})

Deno.test('a parent that is named twice is one parent, and no merge', () => {
  const twice = graphOf('a\nb a,a [lab]\nc b').byId
  assert.deepEqual(twice.get('b')!.down, ['a'])
  assert.deepEqual(twice.get('a')!.branches, ['lab'])
})

Deno.test('no revisions make an empty graph', () => {
  assert.deepEqual(buildGraph([]).heads, [])
})
