/** Small graphs for tests. */
import assert from 'node:assert/strict'
import { ProblemError } from '../../src/problem.ts'
import type { Problem } from '../../src/problem.ts'
import { buildGraph } from '../../src/revision/graph/graph.ts'
import type { Graph, RevisionNode } from '../../src/revision/graph/graph.ts'

/**
 * Reads revisions from lines `id down,down (dependency,dependency) [label,label]`; all but the id may be absent. The
 * file of `a` is `a.yaml`, its message `rev a`.
 */
export function nodesOf(text: string): RevisionNode[] {
  return text.trim().split('\n').map((line, index) => {
    const [, id, down, dependsOn, labels] = /^\s*(\S+)(?: ([^\s([]+))?(?: \((.*)\))?(?: \[(.*)\])?$/.exec(
      line,
    )!
    const list = (part: string | undefined) => part === undefined ? [] : part.split(',')
    return {
      id: id!,
      down: list(down),
      dependsOn: list(dependsOn),
      labels: list(labels),
      message: `rev ${id}`,
      file: `${id}.yaml`,
      at: { file: `${id}.yaml`, line: index + 1, col: 1 },
    }
  })
}

export function graphOf(text: string): Graph {
  return buildGraph(nodesOf(text))
}

/** The first problem of what is thrown, with the exit code. */
export function problemOf(work: () => unknown): Problem & { readonly exit: number } {
  try {
    work()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { ...error.problems[0]!, exit: error.exit }
  }
  return assert.fail('nothing was thrown')
}
