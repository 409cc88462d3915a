/** What steps do to the rows of the version table: one row a head, as Alembic keeps it. */

export type RowChange =
  | { readonly change: 'insert'; readonly id: string }
  | { readonly change: 'delete'; readonly id: string }
  | { readonly change: 'update'; readonly from: string; readonly to: string }
  /** All rows, whatever they are. */
  | { readonly change: 'clear' }

/** The rows after some changes, in the order in which they were written. */
export function applyChanges(rows: Iterable<string>, changes: Iterable<RowChange>): string[] {
  const after = new Set(rows)
  for (const change of changes) applyChange(after, change)
  return [...after]
}

/** Changes a set of rows in place. */
export function applyChange(rows: Set<string>, change: RowChange): void {
  switch (change.change) {
    case 'insert':
      rows.add(change.id)
      return
    case 'delete':
      rows.delete(change.id)
      return
    case 'update':
      rows.delete(change.from)
      rows.add(change.to)
      return
    case 'clear':
      rows.clear()
      return
  }
}

/** The rows as people write them: `a3`, `a3, b2`, `base`. */
export function rowsText(rows: readonly string[]): string {
  return rows.length === 0 ? 'base' : rows.join(', ')
}

/** Whether two lists hold the same ids, in whatever order; one that stands twice counts once. */
export function sameRows(a: readonly string[], b: readonly string[]): boolean {
  const [one, other] = [new Set(a), new Set(b)]
  return one.size === other.size && a.every((id) => other.has(id))
}

/** Several rows become one: the last is updated, the others are deleted. */
export function mergeRows(from: readonly string[], to: string): RowChange[] {
  const last = from.at(-1)
  if (last === undefined) return [{ change: 'insert', id: to }]
  return [
    ...from.slice(0, -1).map((id): RowChange => ({ change: 'delete', id })),
    { change: 'update', from: last, to },
  ]
}

/** One row becomes several: it is updated to the last, the others are inserted before. */
export function splitRow(from: string, to: readonly string[]): RowChange[] {
  const last = to.at(-1)
  if (last === undefined) return [{ change: 'delete', id: from }]
  return [
    ...to.slice(0, -1).map((id): RowChange => ({ change: 'insert', id })),
    { change: 'update', from, to: last },
  ]
}
