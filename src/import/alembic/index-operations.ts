/** `op.create_index`, `op.drop_index`. */
import { defined } from '../../model/defined.ts'
import { isKind, isSequence, isSymbolic, notUnderstood, text } from '../evaluate/value.ts'
import type { Arguments, Value } from '../evaluate/value.ts'
import type { Place } from '../python/syntax.ts'
import { Bound, lastName, textOf } from './arguments.ts'
import { conditionOf } from './column.ts'
import type { Collection } from './context.ts'
import { sqlOf, unwrapped } from './sql-text.ts'

type Key = string | Record<string, unknown>

/** The fields that an index has, in a table or alone; its name and columns are `index_name` and `columns`. */
export function indexFields(bound: Bound, context: Collection): Record<string, unknown> {
  const columns = bound.some('columns') ?? notUnderstood('an index has no columns')
  const items = isSequence(columns) ? columns.items : [columns]
  const classes = bound.some('postgresql_ops')
  const keys = items.map((one) => keyOf(one)).map((key) => withClass(key, classes))
  const storage = bound.some('postgresql_with')
  return {
    name: bound.text('index_name'),
    columns: keys,
    unique: bound.flag('unique') || undefined,
    where: whereOf(bound, context),
    using: bound.text('postgresql_using'),
    include: nonEmpty(bound.texts('postgresql_include')),
    with: storage !== undefined && isKind(storage, 'dict')
      ? Object.fromEntries(
        storage.entries.map(([key, value]) => [text(key), value as string | number | boolean]),
      )
      : undefined,
    nulls_not_distinct: bound.flag('postgresql_nulls_not_distinct') || undefined,
    tablespace: bound.text('postgresql_tablespace'),
  }
}

/** An empty list says nothing. */
export function nonEmpty<T>(items: T[] | undefined): T[] | undefined {
  return items === undefined || items.length === 0 ? undefined : items
}

function whereOf(bound: Bound, context: Collection): string | undefined {
  const read = (name: string) => {
    const value = bound.some(name)
    return value === undefined ? undefined : conditionOf(value)
  }
  const [postgres, sqlite] = [read('postgresql_where'), read('sqlite_where')]
  if (postgres === sqlite) return postgres
  return { postgres, sqlite }[context.needDialect()]
}

/** How a key ends: each tells a run of blanks from its beginning, of which there may be thousands. */
const NULLS = /(?<!\s)\s+nulls\s+(first|last)$/i
const DIRECTION = /(?<!\s)\s+(asc|desc)$/i

/** A column, or an expression, with its order. */
function keyOf(value: Value): Key {
  if (typeof value === 'string') return value
  if (!isSymbolic(value)) return textOf(value, 'a column of an index')
  if (isKind(value, 'attribute')) return sqlOf(value)
  const method = value.of === undefined ? '' : value.path
  const name = value.of === undefined ? lastName(value.path) : ''
  if (method === '.desc' || name === 'desc') {
    return ordered(value.of ?? value.positional[0]!, { sort: 'desc' })
  }
  if (method === '.asc' || name === 'asc') return keyOf(value.of ?? value.positional[0]!)
  if (/^\.nulls_?(first|last)$/.test(method)) {
    return ordered(value.of!, { nulls: method.endsWith('first') ? 'first' : 'last' })
  }
  if (name === 'column' || name === 'Column') return text(value.positional[0] ?? '')
  return textKey(sqlOf(value))
}

function ordered(value: Value, more: Record<string, unknown>): Key {
  const key = keyOf(value)
  return { ...(typeof key === 'string' ? { column: key } : key), ...more }
}

/** SQL of a key: `created DESC`, `lower(name)`, `name gin_trgm_ops`. */
function textKey(sql: string): Key {
  const whole = sql.trim()
  const nulls = NULLS.exec(whole)
  const directed = whole.slice(0, nulls?.index)
  const direction = DIRECTION.exec(directed)
  const body = directed.slice(0, direction?.index)
  const order = defined({
    sort: direction?.[1]?.toLowerCase() === 'desc' ? 'desc' : undefined,
    nulls: nulls?.[1]?.toLowerCase(),
  })
  const classed = /^([a-z_]\w*)\s+([a-z_]\w*_ops)$/.exec(body)
  if (classed !== null) return { column: classed[1], opclass: classed[2], ...order }
  const name = /^(?:([a-z_][a-z0-9_]*)|"((?:[^"]|"")+)")$/.exec(body)
  if (name === null) return { expression: unwrapped(body), ...order }
  const column = name[1] ?? name[2]!.replaceAll('""', '"')
  return Object.keys(order).length === 0 ? column : { column, ...order }
}

/** The key with the operator class that `postgresql_ops` (a constraint's `ops`) has for its column. */
export function withClass(key: Key, classes: Value | undefined): Key {
  if (classes === undefined || !isKind(classes, 'dict')) return key
  const name = typeof key === 'string' ? key : key.column
  const found = classes.entries.find(([one]) => text(one) === name)
  if (found === undefined) return key
  return {
    ...(typeof key === 'string' ? { column: key } : key),
    opclass: textOf(found[1], 'an operator class'),
  }
}

export const INDEX_OPERATIONS = {
  create_index(args: Arguments, at: Place, context: Collection): void {
    // SQLite has no index methods.
    if ((args.named.get('postgresql_using') ?? null) !== null) context.needDialect()
    const bound = new Bound('create_index', args, ['index_name', 'table_name', 'columns', 'schema', 'unique'])
    const { name, ...fields } = indexFields(bound, context)
    context.emit(at, {
      op: 'create_index',
      name,
      table: bound.required('table_name'),
      schema: bound.text('schema'),
      ...fields,
      concurrently: bound.flag('postgresql_concurrently') || undefined,
      if_not_exists: bound.flag('if_not_exists') || undefined,
    })
    bound.end()
  },
  drop_index(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('drop_index', args, ['index_name', 'table_name', 'schema'])
    context.emit(at, {
      op: 'drop_index',
      name: bound.required('index_name'),
      table: bound.text('table_name'),
      schema: bound.text('schema'),
      if_exists: bound.flag('if_exists') || undefined,
      concurrently: bound.flag('postgresql_concurrently') || undefined,
    })
    // What the index was is no part of dropping it.
    bound.ignore('unique', 'postgresql_where', 'sqlite_where', 'postgresql_using', 'postgresql_ops')
      .ignore('postgresql_include', 'postgresql_with', 'postgresql_nulls_not_distinct', 'columns').end()
  },
}
