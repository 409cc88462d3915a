/** Indexes out of the catalog's rows, and the keys that constraints take from theirs. */
import type { Index, IndexKey } from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import type { Row } from '../dialect.ts'
import { unwrapped } from './expression.ts'
import { parameters } from './options.ts'
import { list, text, textOr } from './row.ts'

export interface Key {
  readonly column: string | null
  readonly expression: string | null
  readonly included: boolean
  readonly option: number | null
  readonly opclass: string | null
  readonly collation: string | null
}

/** The keys of an index's row, and the columns it only carries. */
export function keys(row: Row | undefined): { keys: readonly Key[]; include: readonly string[] | undefined } {
  const all = row === undefined ? [] : list<Key>(row, 'keys')
  const included = all.filter((key) => key.included).flatMap((key) => key.column ?? [])
  return { keys: all.filter((key) => !key.included), include: included.length === 0 ? undefined : included }
}

/** A key with what it does not have by itself. */
export function indexKey(key: Key): IndexKey {
  const descending = ((key.option ?? 0) & 1) !== 0
  const nullsFirst = ((key.option ?? 0) & 2) !== 0
  return defined<IndexKey>({
    ...target(key),
    collation: key.collation ?? undefined,
    opclass: key.opclass ?? undefined,
    sort: descending ? 'desc' : undefined,
    nulls: nullsFirst === descending ? undefined : nullsFirst ? 'first' : 'last',
  })
}

/** What a key is made of: one of the two. */
function target(key: Key): { column?: string; expression?: string } {
  return key.column === null ? { expression: unwrapped(key.expression ?? '') } : { column: key.column }
}

/** The index of a row of indexes. */
export function index(row: Row): Index {
  const parts = keys(row)
  const predicate = textOr(row, 'predicate')
  const method = text(row, 'method')
  return defined<Index>({
    name: text(row, 'name'),
    keys: parts.keys.map(indexKey),
    unique: row['is_unique'] === true ? true : undefined,
    where: predicate === undefined ? undefined : unwrapped(predicate),
    using: method === 'btree' ? undefined : method,
    include: parts.include,
    with: parameters(list<string>(row, 'options')),
    nullsNotDistinct: row['nulls_not_distinct'] === true ? true : undefined,
    tablespace: textOr(row, 'tablespace'),
    comment: textOr(row, 'comment'),
    invalid: row['invalid'] === true ? true : undefined,
  })
}
