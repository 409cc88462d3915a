/**
 * `if "users" not in inspector.get_table_names(): op.create_table("users", …)`: what is done only where it is not done
 * yet is an operation with `if_not_exists`, or `if_exists`.
 */
import type { Operation } from '../../ops/index.ts'
import { isKind, notUnderstood } from '../evaluate/value.ts'
import type { Construct, Value } from '../evaluate/value.ts'
import { lastName } from './arguments.ts'

/** What a condition asks of the schema. */
export interface Existence {
  readonly what: 'table' | 'column' | 'index' | 'constraint'
  readonly name: string
  /** The table of what is not one itself. */
  readonly table?: string
  readonly there: boolean
}

/** What SQLAlchemy's inspector lists. */
const LISTS: Readonly<Record<string, Existence['what']>> = {
  '.get_table_names': 'table',
  '.get_columns': 'column',
  '.get_indexes': 'index',
  '.get_foreign_keys': 'constraint',
  '.get_unique_constraints': 'constraint',
  '.get_check_constraints': 'constraint',
}

const ITSELF = new Set(['set', 'list', 'tuple', 'frozenset', 'sorted'])

/** Whether it is a list of the inspector's, or what a comprehension makes of one. */
export function isInspected(value: Value): boolean {
  if (!isKind(value, 'construct')) return false
  if (value.path === 'each of') return isInspected(value.of!)
  return Object.hasOwn(LISTS, value.path) && isInspector(value.of)
}

/** `set(inspector.get_table_names())` says what the list says, and `any(…)` is a condition. */
export function callOfInspected(
  path: string,
  [list]: readonly Value[],
  at: Construct['at'],
): Value | undefined {
  if (list === undefined || !isInspected(list)) return undefined
  if (ITSELF.has(path)) return list
  return path === 'any' ? { kind: 'construct', path, positional: [list], named: new Map(), at } : undefined
}

/** @returns undefined for any other condition */
export function existenceOf(value: Value): Existence | undefined {
  if (!isKind(value, 'construct')) return undefined
  const [first = null, second = null] = value.positional
  switch (value.path) {
    case 'operator not': {
      const inner = existenceOf(first)
      return inner === undefined ? undefined : { ...inner, there: !inner.there }
    }
    case 'operator in':
    case 'operator not in':
      return typeof first === 'string' ? listed(first, second, value.path === 'operator in') : undefined
    case '.has_table': {
      const plain = value.positional.length === 1 && value.named.size === 0 && isInspector(value.of)
      return plain && typeof first === 'string' ? { what: 'table', name: first, there: true } : undefined
    }
    case 'any':
      return anyOf(first as Construct)
  }
  return undefined
}

/** `name in [one["name"] for one in inspector.get_columns(table)]` */
function listed(name: string, list: Value, there: boolean): Existence | undefined {
  if (!isKind(list, 'construct') || !isInspected(list)) return undefined
  if (list.path === '.get_table_names') return about(list, name, there)
  return list.path === 'each of' && isName(list.positional[0])
    ? about(list.of as Construct, name, there)
    : undefined
}

/** `any(one["name"] == name for one in inspector.get_columns(table))` */
function anyOf({ positional: [test], of }: Construct): Existence | undefined {
  if (!isKind(test, 'construct') || test.path !== 'operator ==') return undefined
  const [left, right] = test.positional
  const name = isName(left) ? right : isName(right) ? left : undefined
  return typeof name === 'string' ? about(of as Construct, name, true) : undefined
}

function about({ path, positional, named }: Construct, name: string, there: boolean): Existence | undefined {
  const what = LISTS[path]!
  // Where a schema is named, it is for a person.
  if (named.size > 0 || positional.length > (what === 'table' ? 0 : 1)) return undefined
  if (what === 'table') return { what, name, there }
  const [table] = positional
  return typeof table === 'string' ? { what, name, table, there } : undefined
}

/** `one["name"]`, `one.get("name")` */
function isName(value: Value | undefined): boolean {
  return isKind(value, 'construct') && (value.path === '[]' || value.path === '.get') &&
    isKind(value.of, 'construct') && value.of.path === 'one of' && value.positional[0] === 'name'
}

function isInspector(value: Value | undefined): boolean {
  return isKind(value, 'construct') && value.path.startsWith('sqlalchemy.') &&
    /^(inspect|from_engine)$/.test(lastName(value.path))
}

/**
 * The operation that does nothing where the condition does not hold.
 * @throws `not-understood` when the condition is about something else
 */
export function guarded(operation: Operation, existence: Existence): Operation {
  const { what, name, table, there } = existence
  const same = (kind: Existence['what'], one: string | undefined, of?: string) =>
    what === kind && name === one && (what === 'table' || table === of)
  switch (operation.op) {
    case 'create_table':
      if (!there && same('table', operation.name)) return { ...operation, if_not_exists: true }
      break
    case 'add_column':
      if (!there && same('column', operation.column.name, operation.table)) {
        return { ...operation, if_not_exists: true }
      }
      break
    case 'create_index':
      if (!there && ofNew(operation, existence)) return { ...operation, if_not_exists: true }
      break
    case 'drop_table':
      if (there && same('table', operation.name)) return { ...operation, if_exists: true }
      break
    case 'drop_column':
      if (there && same('column', operation.column, operation.table)) return { ...operation, if_exists: true }
      break
    case 'drop_constraint':
      if (there && same('constraint', operation.name, operation.table)) {
        return { ...operation, if_exists: true }
      }
      break
    case 'drop_index':
      if (
        there &&
        (same('index', operation.name, operation.table ?? table) || operation.table === tableOf(existence))
      ) {
        return { ...operation, if_exists: true }
      }
      break
  }
  return notUnderstood('it depends on what is in the database')
}

/** Whether the index is the one that is not there, or of the table or on the column that is not. */
function ofNew(
  { name, table, columns }: Extract<Operation, { readonly op: 'create_index' }>,
  existence: Existence,
): boolean {
  if (table !== tableOf(existence)) return false
  if (existence.what === 'index') return name === existence.name
  return existence.what === 'table' ||
    columns.some((one) =>
      (typeof one === 'string' ? one : 'column' in one ? one.column : '') === existence.name
    )
}

function tableOf({ what, name, table }: Existence): string | undefined {
  return what === 'table' ? name : table
}
