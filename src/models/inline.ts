/** Tables as people write them: a constraint of one column stands at the column. */
import type { WrittenItem } from './write.ts'

interface Key {
  readonly name?: string
  readonly columns: readonly string[]
}

interface Reference extends Key {
  readonly references: {
    readonly table: string
    readonly schema?: string
    readonly columns: readonly string[]
  }
  readonly not_valid?: boolean
  readonly comment?: string
}

interface Written {
  readonly name: string
  readonly columns: readonly (WrittenItem & { readonly name: string })[]
  readonly unique?: readonly Key[]
  readonly foreign_keys?: readonly Reference[]
}

/** Names longer than this may be cut, and then meet others that are cut. */
const SURELY_WHOLE = 50

/**
 * The item of a table with its unnamed unique constraints and foreign keys of one column at their columns. What may get
 * another name there stays where it is.
 */
export function inlined(item: WrittenItem): WrittenItem {
  const table = item as unknown as Written & WrittenItem
  const alone = <K extends Key>(keys: readonly K[] = [], fits: (key: K) => boolean) =>
    keys.filter((one) =>
      one.name === undefined && one.columns.length === 1 && fits(one) &&
      keys.filter((other) => other.columns.join('_') === one.columns[0]).length === 1 &&
      new TextEncoder().encode(table.name + one.columns[0]).length < SURELY_WHOLE
    )
  const uniques = alone(table.unique, (one) => Object.keys(one).length === 1)
  const keys = alone(table.foreign_keys, (one) => !one.not_valid && one.comment === undefined)
  const columns = table.columns.map((column) => {
    const unique = uniques.some((one) => one.columns[0] === column.name)
    const key = keys.find((one) => one.columns[0] === column.name)
    return {
      ...column,
      ...(unique ? { unique } : {}),
      ...(key === undefined ? {} : { references: atColumn(key) }),
    }
  })
  const rest = (all: readonly Key[] = [], taken: readonly Key[]) => {
    const left = all.filter((one) => !taken.includes(one))
    return left.length === 0 ? undefined : left
  }
  const next = {
    ...table,
    columns,
    unique: rest(table.unique, uniques),
    foreign_keys: rest(table.foreign_keys, keys),
  }
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined))
}

function atColumn({ name: _, columns: __, references, ...options }: Reference): WrittenItem {
  const { table, schema, columns: [column] } = references
  return { table, ...(schema === undefined ? {} : { schema }), column, ...options }
}
