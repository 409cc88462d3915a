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

/**
 * The strongly connected components, those that others lead to first (Tarjan, 1972). Without recursion: a chain of tables
 * that refer to one another may be longer than the stack is deep.
 */
function components(nodes: readonly Node[], edges: (one: Node) => readonly Node[]): Node[][] {
  const index = new Map<Node, number>()
  const low = new Map<Node, number>()
  const stack: Node[] = []
  const open = new Set<Node>()
  const found: Node[][] = []
  const begun = (one: Node) => {
    low.set(one, index.size)
    index.set(one, index.size)
    stack.push(one)
    open.add(one)
    return { one, left: edges(one)[Symbol.iterator]() }
  }
  const lower = (one: Node, to: number) => low.set(one, Math.min(low.get(one)!, to))
  const close = (one: Node) => {
    const group = stack.splice(stack.lastIndexOf(one))
    group.forEach((each) => open.delete(each))
    found.push(group)
  }
  for (const start of nodes) {
    const way = index.has(start) ? [] : [begun(start)]
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const { one, left } = here
      const next = left.next()
      if (next.done) {
        way.pop()
        if (low.get(one) === index.get(one)) close(one)
        const before = way.at(-1)
        if (before !== undefined) lower(before.one, low.get(one)!)
      } else if (!index.has(next.value)) way.push(begun(next.value))
      else if (open.has(next.value)) lower(one, index.get(next.value)!)
    }
  }
  return found
}
