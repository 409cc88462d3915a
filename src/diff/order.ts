/** The order in which things are created: each after those that it needs, deterministic, circles broken. */

export interface Node {
  /** Unique among the nodes. */
  readonly key: string
  /** Among those that do not need each other lower ranks come first, then keys in order. */
  readonly rank: number
  /** Keys of what must be there before; keys of no node are no matter. */
  readonly needs: ReadonlySet<string>
  /** Keys of what had better be there before: given up in a circle. */
  readonly wants: ReadonlySet<string>
  build(): void
}

/**
 * The nodes, each behind those it needs and wants. In a circle what nodes want is given up, and when that does not break
 * it, the last need that closes it.
 */
export function ordered(nodes: readonly Node[]): Node[] {
  const sorted = [...nodes].sort((a, b) => a.rank - b.rank || compare(a.key, b.key))
  const byKey = new Map(sorted.map((one) => [one.key, one]))
  return components(sorted, (one) => targets([...one.needs, ...one.wants], byKey)).flatMap((group) =>
    group.length === 1 ? group : within(group)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function targets(keys: readonly string[], byKey: ReadonlyMap<string, Node>): Node[] {
  return keys.flatMap((key) => byKey.get(key) ?? [])
    .sort((a, b) => a.rank - b.rank || compare(a.key, b.key))
}

/** The nodes of a circle by what they need alone. */
function within(group: readonly Node[]): Node[] {
  const sorted = [...group].sort((a, b) => a.rank - b.rank || compare(a.key, b.key))
  const byKey = new Map(sorted.map((one) => [one.key, one]))
  const done = new Set<Node>()
  const result: Node[] = []
  const visit = (one: Node) => {
    if (done.has(one)) return
    done.add(one)
    targets([...one.needs], byKey).forEach(visit)
    result.push(one)
  }
  sorted.forEach(visit)
  return result
}

/** The strongly connected components, those that others lead to first (Tarjan, 1972). */
function components(nodes: readonly Node[], edges: (one: Node) => readonly Node[]): Node[][] {
  const index = new Map<Node, number>()
  const low = new Map<Node, number>()
  const stack: Node[] = []
  const open = new Set<Node>()
  const found: Node[][] = []
  const visit = (one: Node): number => {
    const own = index.size
    index.set(one, own)
    low.set(one, own)
    stack.push(one)
    open.add(one)
    for (const next of edges(one)) {
      if (!index.has(next)) low.set(one, Math.min(low.get(one)!, visit(next)))
      else if (open.has(next)) low.set(one, Math.min(low.get(one)!, index.get(next)!))
    }
    if (low.get(one) === own) {
      const group = stack.splice(stack.lastIndexOf(one))
      group.forEach((each) => open.delete(each))
      found.push(group)
    }
    return low.get(one)!
  }
  for (const one of nodes) if (!index.has(one)) visit(one)
  return found
}
