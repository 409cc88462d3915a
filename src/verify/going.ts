/** What becomes of the rows of a table, by what operations say: under which names they go on. */
import { sameName, shown } from '../model/edit.ts'
import type { QualifiedName, Table } from '../model/model.ts'
import type { Effect, Renamed } from '../ops/definition.ts'

/** In the order in which operations bring them about. */
export type Turn =
  | { readonly kind: 'destroyed'; readonly effect: Effect }
  | { readonly kind: 'renamed'; readonly renamed: Renamed }

export interface Going {
  readonly table: QualifiedName
  /** The columns whose values go on, by their names before. */
  readonly columns: ReadonlyMap<string, string>
}

/** Where a table and its columns went; undefined when its rows are destroyed. */
export function goingOf(table: Table, turns: readonly Turn[]): Going | undefined {
  let now: QualifiedName = table
  let columns = new Map(table.columns.map(({ name }) => [name, name]))
  for (const turn of turns) {
    if (turn.kind === 'destroyed') {
      const { object, column } = turn.effect
      if (![now.name, shown(now)].includes(object)) continue
      if (column === undefined) return undefined
      columns = new Map([...columns].filter(([, name]) => name !== column))
    } else {
      const { column, to } = turn.renamed
      if (!sameName(turn.renamed, now)) continue
      if (column === undefined) now = { ...now, name: to }
      else columns = new Map([...columns].map(([was, name]) => [was, name === column ? to : name]))
    }
  }
  return { table: { name: now.name, ...(now.schema === undefined ? {} : { schema: now.schema }) }, columns }
}
