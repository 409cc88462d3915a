/** Earlier names (`was`) that something else bears now: they go from hand to hand. */
import type { FaultDetails } from '../problem.ts'

export interface Contradiction extends Pick<FaultDetails, 'hint'> {
  readonly message: string
}

/**
 * What is wrong with an earlier name that is in use; undefined when who bears it bore another one before.
 * @param was the earlier names of all of the kind, by their names
 * @param answer how `--rename` spells one of them
 */
export function contradiction(
  kind: 'table' | 'column' | 'enum',
  name: string,
  was: ReadonlyMap<string, string>,
  answer: (name: string) => string,
): Contradiction | undefined {
  const old = was.get(name)!
  if (old === name) {
    return { message: `${kind} "${name}" was always called so`, hint: '`was` is another name' }
  }
  if (!was.has(old)) {
    return {
      message: `${kind} "${name}" was "${old}", but there is ${
        kind === 'enum' ? 'an' : 'a'
      } ${kind} "${old}" too`,
      hint: 'take `was` out once every database has the new name',
    }
  }
  const circle = [name]
  for (let at = old; at !== name; at = was.get(at)!) {
    if (circle.includes(at) || !was.has(at)) return undefined
    circle.push(at)
  }
  // A circle is told once.
  if ([...was.keys()].find((one) => circle.includes(one)) !== name) return undefined
  const renames = circle.map((one) => `--rename ${answer(was.get(one)!)}=${answer(one)}`)
  return {
    message: `${kind} "${name}" was ${
      circle.slice(1).map((one) => `"${one}", which was `).join('')
    }"${name}"`,
    hint: `nobody could tell whether that was done already: take \`was\` out of them, and say it once, by ${
      renames.join(' ')
    }`,
  }
}
