/** The order in which imported revisions are replayed. */
import type { Imported } from './imported.ts'

/** Parents first; where several are possible, in the order given. */
export function parentsFirst(revisions: readonly Imported[]): Imported[] {
  const byId = new Map(revisions.map((one) => [one.id, one]))
  const done = new Set<Imported>()
  for (const one of revisions) {
    // Depth first, without recursion: histories are long.
    const stack = [one]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = [...top.down, ...top.dependsOn].map((id) => byId.get(id))
        .find((parent) => parent !== undefined && !done.has(parent) && !stack.includes(parent))
      if (next !== undefined) stack.push(next)
      else done.add(stack.pop()!)
    }
  }
  return [...done]
}
