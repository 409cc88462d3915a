import assert from 'node:assert/strict'
import process from 'node:process'
import { buildGraph } from '../../src/revision/graph/graph.ts'
import type { RevisionNode } from '../../src/revision/graph/graph.ts'
import { listHistory } from '../../src/revision/graph/listing.ts'
import { downgradeSteps, upgradeSteps } from '../../src/revision/graph/steps.ts'

const COUNT = 10_000
/** Of the processor, in milliseconds: far above what is needed, far below what quadratic work takes. */
const PATIENCE = 3_000

function node(id: string, down: readonly string[], dependsOn: readonly string[] = []): RevisionNode {
  return { id, down, dependsOn, labels: [], message: id, file: `${id}.yaml` }
}

const places = Array.from({ length: COUNT }, (_, place) => place)

const SHAPES: Readonly<Record<string, readonly RevisionNode[]>> = {
  'one line': places.map((place) => node(`r${place}`, place === 0 ? [] : [`r${place - 1}`])),
  'two lines, one depending on the other': places.map((place) => {
    const [line, step] = place % 2 === 0 ? ['a', place / 2] : ['b', (place - 1) / 2]
    return node(`${line}${step}`, step === 0 ? [] : [`${line}${step - 1}`], line === 'b' ? [`a${step}`] : [])
  }),
  'branches of one root': [node('root', []), ...places.map((place) => node(`s${place}`, ['root']))],
  'a chain of merges': places.map((place) => {
    const down = place === 0 ? [] : place % 3 === 0 ? [place - 1, place - 2] : [place - (place % 3)]
    return node(`m${place}`, down.map((other) => `m${other}`))
  }),
}

for (const [shape, nodes] of Object.entries(SHAPES)) {
  Deno.test(`ten thousand revisions, ${shape}: built, listed, upgraded and downgraded without delay`, () => {
    const begin = process.cpuUsage()
    const graph = buildGraph(nodes)
    assert.equal(listHistory(graph, { range: null }).length, nodes.length)
    assert.equal(upgradeSteps(graph, [], 'heads').steps.length, nodes.length)
    assert.equal(downgradeSteps(graph, graph.realHeads, 'base').steps.length, nodes.length)
    const { user, system } = process.cpuUsage(begin)
    assert.ok((user + system) / 1000 < PATIENCE)
  })
}
