/** Renames of one kind that hang together: names that others give up are taken, or go round in a circle. */

export interface Renaming {
  readonly from: string
  readonly to: string
}

/**
 * The renames that can be, in an order in which each name is free when it is taken. One can be when the new name is new
 * and the old one is gone, or is taken by another one that can be, or when they form a circle.
 * @param here the names that there are
 * @param there the names that there shall be
 * @returns lists of renames that go together: a chain, the newest name first, or a circle, each taking what the next has
 */
export function together(
  renames: readonly Renaming[],
  here: ReadonlySet<string>,
  there: ReadonlySet<string>,
): (readonly Renaming[])[] {
  const used = new Set<Renaming>()
  const groups: (readonly Renaming[])[] = []
  const starts = [...renames.filter(({ to }) => !here.has(to)), ...renames]
  for (const start of starts) {
    const group = used.has(start)
      ? undefined
      : followed(start, renames.filter((one) => !used.has(one)), here, there)
    if (group === undefined) continue
    groups.push(group)
    for (const one of group) used.add(one)
  }
  return groups
}

function followed(
  start: Renaming,
  renames: readonly Renaming[],
  here: ReadonlySet<string>,
  there: ReadonlySet<string>,
): readonly Renaming[] | undefined {
  const group: Renaming[] = []
  for (
    let one: Renaming | undefined = start;
    one !== undefined;
    one = renames.find(({ to }) => to === one!.from)
  ) {
    if (!here.has(one.from) || !there.has(one.to) || group.includes(one)) return undefined
    group.push(one)
    if (one.from === start.to) return group
    if (!there.has(one.from)) return here.has(start.to) ? undefined : group
  }
  return undefined
}

/** The steps that a group takes: in a circle one steps aside, under a name that nothing bears. */
export function steps(group: readonly Renaming[], isTaken: (name: string) => boolean): readonly Renaming[] {
  const last = group.at(-1)!
  const { to } = group[0]!
  if (last.from !== to) return group
  let aside = `${to}_aside`
  for (let i = 2; isTaken(aside); i++) aside = `${to}_aside${i}`
  return [{ from: to, to: aside }, ...group.slice(0, -1), { from: aside, to: last.to }]
}
