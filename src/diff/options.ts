/** What a table is beside its columns: those options that can be changed are, the others are told. */
import type { Model, Scalar, Table } from '../model/model.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { shown } from '../model/edit.ts'
import { defined } from '../model/defined.ts'
import { onTable } from '../ops/parts/on-table.ts'
import type { SetTableOptions } from '../ops/set-table-options.ts'
import { identical } from '../model/identical.ts'
import { shadowOf } from './shadow.ts'
import type { Work } from './work.ts'

type Options = Omit<SetTableOptions, 'op' | 'only' | 'table' | 'schema'>

function emit(work: Work, to: Table, options: Options): void {
  const given = defined(options)
  if (Object.keys(given).length > 0) work.emit({ op: 'set_table_options', ...onTable(to), ...given })
}

/** The column that AUTOINCREMENT counts. */
function counted(table: Table): string | undefined {
  return table.columns.find((one) => one.autoincrement === true)?.name
}

/**
 * Takes away what stands in the way of other changes: AUTOINCREMENT and WITHOUT ROWID want a primary key, STRICT has few
 * types.
 * @param here the table as the dialect holds it
 * @param there as it shall be
 */
export function clearOptions(work: Work, to: Table, here: Table, there: Table): void {
  const gone = (was: boolean, is: boolean) => was && !is ? false : undefined
  emit(work, to, {
    strict: gone(here.strict === true, there.strict === true),
    without_rowid: gone(here.withoutRowid === true, there.withoutRowid === true && sameKey(here, there)),
    autoincrement: counted(here) !== undefined && counted(here) !== counted(there) ? false : undefined,
  })
}

/** Whether the primary key stays: without a rowid there is no moment without it. */
function sameKey({ primaryKey: a }: Table, { primaryKey: b }: Table): boolean {
  return a?.name === b?.name && identical(a?.columns, b?.columns) && identical(a?.descending, b?.descending)
}

/** Gives a table the options that it lacks. */
export function setOptions(work: Work, to: Table, here: Table, there: Table): void {
  const come = (is: true | undefined, was: true | undefined) => is !== was && is === true ? true : undefined
  emit(work, to, {
    strict: come(there.strict, here.strict),
    without_rowid: come(there.withoutRowid, here.withoutRowid),
    autoincrement: counted(there) !== undefined && counted(here) === undefined ? true : undefined,
    unlogged: here.unlogged === there.unlogged ? undefined : there.unlogged === true,
    with: parameters(here.with, there.with),
    tablespace: here.tablespace === there.tablespace ? undefined : there.tablespace ?? null,
  })
  for (const [field, word] of Object.entries(FIXED) as [keyof typeof FIXED, string][]) {
    if (identical(here[field], there[field])) continue
    const [a, b] = [here[field], there[field]].map((one) =>
      one === undefined ? 'absent' : JSON.stringify(one)
    )
    work.note(shown(to), `table "${shown(to)}": ${word} is ${a}, not ${b}`)
  }
}

/** What a table has from the beginning: no operation changes it. */
const FIXED = { partitionBy: 'partition_by', inherits: 'inherits' } as const

function parameters(here: Table['with'] = {}, there: Table['with'] = {}): Options['with'] {
  const keys = [...new Set([...Object.keys(here), ...Object.keys(there)])].filter((key) =>
    here[key] !== there[key]
  )
  if (keys.length === 0) return undefined
  const changed = keys.map((key): [string, Scalar] => [key, there[key] ?? null])
  return Object.fromEntries(changed) as NonNullable<Options['with']>
}

const NAMED: ReadonlySet<string> = new Set(['enum', 'domain'])

/**
 * The schema with the types that STRICT tables have in the database: it keeps few (a BIGINT is an INTEGER), and what it
 * was does not come back when the table is no longer STRICT.
 */
export function withStrictTypes(model: Model, dialect: Dialect): Model {
  if (model.tables.every((one) => one.strict !== true)) return model
  const tables = model.tables.map((table) => {
    const shadow = table.strict === true ? shadowOf(dialect, table, model) : undefined
    if (shadow?.strict !== true) return table
    const columns = table.columns.map((one, i) =>
      NAMED.has(one.type.kind) ? one : { ...one, type: shadow.columns[i]!.type }
    )
    return { ...table, columns }
  })
  return { ...model, tables }
}
