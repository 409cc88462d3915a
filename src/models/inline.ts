/** Tables as people write them: a constraint of one column stands at the column. */

/** An item as YAML writes it. */
export type WrittenItem = Readonly<Record<string, unknown>>

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
  readonly primary_key?: Key
  readonly unique?: readonly Key[]
  readonly foreign_keys?: readonly Reference[]
}

/** Names longer than this may be cut, and then meet others that are cut. */
const SURELY_WHOLE = 50

/**
 * The item of a table with its unnamed unique constraints and foreign keys of one column at their columns, and without
 * what its primary key says already. What may get another name at its column stays where it is.
 */
export function inlined(item: WrittenItem): WrittenItem {
  const table = item as unknown as Written & WrittenItem
  const uniques = alone(table, table.unique).filter((one) => Object.keys(one).length === 1)
  const keys = alone(table, table.foreign_keys).filter((one) => !one.not_valid && one.comment === undefined)
  const columns = table.columns.map((column) => {
    const key = keys.find((one) => one.columns[0] === column.name)
    return {
      ...(table.primary_key?.columns.includes(column.name) ? withoutNotNull(column) : column),
      ...(uniques.some((one) => one.columns[0] === column.name) ? { unique: true } : {}),
      ...(key === undefined ? {} : { references: atColumn(key) }),
    }
  })
  const { primary_key: primary } = table
  const next = {
    ...table,
    columns,
    primary_key: primary !== undefined && Object.keys(primary).length === 1 ? primary.columns : primary,
    unique: rest(table.unique, uniques),
    foreign_keys: rest(table.foreign_keys, keys),
  }
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined))
}

/** Those that have no name and one column, and that no other can be confused with. */
function alone<K extends Key>(table: Written, keys: readonly K[] = []): K[] {
  const own = new Set(table.columns.map((one) => one.name))
  const named = keys.flatMap((one) => one.name ?? [])
  return keys.filter(({ name, columns: [column, ...others] }) =>
    name === undefined && others.length === 0 && own.has(column!) &&
    keys.filter((other) => other.columns.join('_') === column).length === 1 &&
    !named.some((one) => one.startsWith(`${table.name}_${column}_`)) &&
    new TextEncoder().encode(table.name + column).length < SURELY_WHOLE
  )
}

function rest(all: readonly Key[] = [], taken: readonly Key[]): readonly Key[] | undefined {
  const left = all.filter((one) => !taken.includes(one))
  return left.length === 0 ? undefined : left
}

/** NOT NULL goes without saying, unless a conflict clause belongs to it. */
function withoutNotNull(column: WrittenItem): WrittenItem {
  const { nullable: _, ...others } = column
  return column.nullable === false && column.on_conflict === undefined ? others : column
}

function atColumn({ name: _, columns: __, references, ...options }: Reference): WrittenItem {
  const { table, schema, columns: [column] } = references
  return { table, ...(schema === undefined ? {} : { schema }), column, ...options }
}
