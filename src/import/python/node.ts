/** Nodes of the tree that `@lezer/python` makes, and the text they stand in. */
import type { parser } from '@lezer/python'
import { EXIT, fault } from '../../problem.ts'

export type Node = ReturnType<typeof parser.parse>['topNode']

/** Where nodes get their text, and how deep they may nest. */
export class Reader {
  readonly source: string
  #depth = 0
  constructor(source: string) {
    this.source = source
  }
  text(node: Node): string {
    return this.source.slice(node.from, node.to)
  }
  /**
   * Goes one level down.
   * @throws `too-deep` beyond 200 levels: nobody writes that by hand, and every level takes stack
   */
  inside<T>(work: () => T): T {
    if (this.#depth >= DEEPEST) fault('too-deep', 'the Python is nested too deeply', { exit: EXIT.usage })
    this.#depth++
    const result = work()
    this.#depth--
    return result
  }
}

const DEEPEST = 200

/** The children in order, comments left out. */
export function children(node: Node): Node[] {
  const found: Node[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'Comment') found.push(child)
  }
  return found
}

/** The children between commas. */
export function betweenCommas(nodes: readonly Node[]): Node[][] {
  const groups: Node[][] = [[]]
  for (const node of nodes) {
    if (node.name === ',') groups.push([])
    else groups.at(-1)!.push(node)
  }
  return groups.filter((group) => group.length > 0)
}
