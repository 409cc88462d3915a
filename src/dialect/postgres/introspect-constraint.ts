/** Constraints out of the catalog's rows. */
import type {
  Check,
  Deferral,
  ExcludeElement,
  Exclusion,
  ForeignKey,
  PrimaryKey,
  Table,
  Unique,
} from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import type { Row } from '../dialect.ts'
import { unwrapped } from './expression.ts'
import { indexKey, keys } from './introspect-index.ts'
import type { Reading } from './reading.ts'
import { list, text, textOr } from './row.ts'

const ACTIONS = { r: 'restrict', c: 'cascade', n: 'set_null', d: 'set_default' } as const

function action(code: unknown): ForeignKey['onDelete'] {
  return Object.entries(ACTIONS).find(([key]) => key === code)?.[1]
}

function deferral(row: Row): Deferral | undefined {
  if (row['deferrable'] !== true) return undefined
  return row['deferred'] === true ? 'deferred' : 'immediate'
}

function common(row: Row): { name: string; comment?: string } {
  return defined({ name: text(row, 'name'), comment: textOr(row, 'comment') })
}

/** Only that which is not valid says so. */
function validity(row: Row): false | undefined {
  return row['valid'] === false ? false : undefined
}

function primaryKey(row: Row, index: Row | undefined): PrimaryKey {
  const parts = keys(index)
  const columns = parts.keys.flatMap((one) => one.column ?? [])
  return defined({ ...common(row), columns, include: parts.include, deferrable: deferral(row) })
}

function unique(row: Row, index: Row | undefined): Unique {
  const nullsNotDistinct = index?.['nulls_not_distinct'] === true ? true : undefined
  return defined({ ...primaryKey(row, index), nullsNotDistinct })
}

function check(row: Row): Check {
  return defined<Check>({
    ...common(row),
    expression: unwrapped(text(row, 'expression')),
    noInherit: row['no_inherit'] === true ? true : undefined,
    valid: validity(row),
  })
}

function foreignKey(reading: Reading, row: Row, columnNames: ReadonlyMap<unknown, string>): ForeignKey {
  return defined<ForeignKey>({
    ...common(row),
    columns: list<number>(row, 'columns').map((number) => columnNames.get(number) ?? ''),
    references: {
      ...reading.named(row['target_schema'], text(row, 'target')),
      columns: list<string>(row, 'target_columns'),
    },
    onDelete: action(row['on_delete']),
    onUpdate: action(row['on_update']),
    deferrable: deferral(row),
    match: row['match'] === 'f' ? 'full' : undefined,
    valid: validity(row),
  })
}

function exclusion(row: Row, index: Row | undefined): Exclusion {
  const operators = list<string>(row, 'operators')
  const parts = keys(index)
  const predicate = textOr(index ?? {}, 'predicate')
  return defined<Exclusion>({
    ...common(row),
    using: text(index ?? {}, 'method'),
    elements: parts.keys.map((one, i): ExcludeElement => ({
      ...indexKey(one),
      with: operators[i] ?? '=',
    })),
    include: parts.include,
    where: predicate === undefined ? undefined : unwrapped(predicate),
    deferrable: deferral(row),
  })
}

type Constraints = Pick<Table, 'primaryKey' | 'uniques' | 'checks' | 'foreignKeys' | 'excludes'>

/**
 * The constraints of one table.
 * @param rows those of the table
 * @param columnNames its columns by number
 */
export function tableConstraints(
  reading: Reading,
  rows: readonly Row[],
  columnNames: ReadonlyMap<unknown, string>,
): Constraints {
  const of = <T>(kind: string, read: (row: Row, index: Row | undefined) => T): readonly T[] =>
    rows.filter((row) => row['kind'] === kind).map((row) => read(row, reading.indexById.get(row['index'])))
  return {
    primaryKey: of('p', primaryKey)[0],
    uniques: of('u', unique),
    checks: of('c', check),
    foreignKeys: of('f', (row) => foreignKey(reading, row, columnNames)),
    excludes: of('x', exclusion),
  }
}
