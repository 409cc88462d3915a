/** `sa.Column` and the constraints of SQLAlchemy → limbeck's columns and constraints. */
import { ownValue } from '../../own-value.ts'
import { defined } from '../../model/defined.ts'
import { fromDefault } from '../../ops/parts/column.ts'
import type { ColumnSpec, DefaultSpec } from '../../ops/parts/column.ts'
import { isKind, isSymbolic, notUnderstood, numeric, text } from '../evaluate/value.ts'
import type { Construct, Value } from '../evaluate/value.ts'
import { Bound, lastName, textOf } from './arguments.ts'
import { SQLALCHEMY } from './context.ts'
import type { Collection } from './context.ts'
import { inheriting } from './enum.ts'
import { impliedCheck } from './implied-check.ts'
import type { Check } from './implied-check.ts'
import { filledText, literal, sqlOf, unwrapped } from './sql-text.ts'
import { collationOf, typeOf } from './types.ts'

const SERIALS: Readonly<Record<string, string>> = {
  integer: 'serial',
  bigint: 'bigserial',
  smallint: 'smallserial',
}

const ACTIONS: Readonly<Record<string, string>> = {
  cascade: 'cascade',
  'set null': 'set_null',
  'set default': 'set_default',
  restrict: 'restrict',
  'no action': 'no_action',
}

/** `ON DELETE` and `ON UPDATE` in limbeck's words. @throws `not-understood` */
function actionOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined
  return ACTIONS[written.toLowerCase().replace(/\s+/g, ' ').trim()] ??
    notUnderstood(`the action "${written}" is not known`)
}

/** deferrable, initially, onupdate, ondelete, match. */
export function keyOptions(bound: Bound): Record<string, unknown> {
  return {
    on_delete: actionOf(bound.text('ondelete')),
    on_update: actionOf(bound.text('onupdate')),
    match: bound.text('match')?.toLowerCase(),
    ...deferral(bound),
  }
}

/** INITIALLY IMMEDIATE alone leaves a constraint NOT DEFERRABLE, and here says that it is deferrable. */
export function deferral(bound: Bound): Record<string, unknown> {
  const deferrable = bound.flag('deferrable')
  const initially = bound.text('initially')?.toLowerCase()
  return { deferrable, initially: initially === 'immediate' && deferrable !== true ? undefined : initially }
}

/** `table.column`, `schema.table.column`. */
export function target(
  written: string,
): { readonly schema?: string; readonly table: string; readonly column: string } {
  const parts = written.split('.')
  const column = parts.pop()!
  const table = parts.pop() ?? notUnderstood(`"${written}" names no table and column`)
  return parts.length === 0 ? { table, column } : { schema: parts.join('.'), table, column }
}

/**
 * A server default: a text is a literal, `sa.text` an expression. False is what Alembic takes for "not given".
 * @throws `not-understood`
 */
export function defaultOf(value: Value): DefaultSpec {
  if (value === null) return null
  if (isSymbolic(value)) {
    const name = isKind(value, 'construct') ? lastName(value.path) : ''
    if (name === 'true' || name === 'false') return name === 'true'
    const sql = isKind(value, 'construct') && name === 'text'
      ? filledText(text(value.positional[0] ?? ''))
      : sqlOf(value)
    return simple(sql)
  }
  if (isKind(value, 'path')) return notUnderstood(`the default "${value.path}" is not known`)
  if (isKind(value, 'member')) return value.name
  const number = numeric(value)
  // SQLAlchemy quotes whatever text it is given; numbers are given as texts.
  return typeof value === 'string'
    ? fromDefault({ literal: value })
    : number === undefined
    ? notUnderstood('a default is no constant')
    : number
}

/** An expression that is a literal is written as one. */
function simple(written: string): DefaultSpec {
  const sql = unwrapped(written.trim())
  const string = /^'((?:[^']|'')*)'$/.exec(sql)
  if (string !== null) return fromDefault({ literal: string[1]!.replaceAll("''", "'") })
  return /^(0|-?[1-9]\d{0,14})$/.test(sql) ? Number(sql) : { sql: sql }
}

export interface ReadColumn {
  readonly spec: ColumnSpec
  /** Whether SQLAlchemy numbers it by itself when it is alone in the primary key. */
  readonly counts: boolean
  /** Whether it does so in a key of several columns, too. */
  readonly asked: boolean
  /** Its type then. */
  readonly serial: string
  /** What cannot be said at the column. */
  readonly checks: readonly Check[]
}

/**
 * `sa.Column('name', type, …)`.
 * @param schema that of its table
 * @throws `not-understood`
 */
export function columnOf(value: Value, context: Collection, schema?: string): ReadColumn {
  if (!isKind(value, 'construct') || lastName(value.path) !== 'Column') {
    return notUnderstood('a column is expected, and this is none that is known')
  }
  const positional = [...value.positional]
  const given = typeof positional[0] === 'string' ? positional.shift() : undefined
  const bound = new Bound('Column', { positional: [], named: value.named }, [])
  const name = given ?? bound.take('name') ?? notUnderstood('a column has no name')
  const first = positional[0]
  const isType = first !== undefined && !(isKind(first, 'construct') && PARTS.has(lastName(first.path)))
  const type = isType ? positional.shift()! : bound.take('type_')
  const key = bound.flag('primary_key')
  const autoincrement = bound.take('autoincrement')
  const parts = positional.map((one) => partOf(one, context))
  if (parts.filter((one) => one.references !== undefined).length > 1) {
    return notUnderstood(`two foreign keys of the column "${text(name)}"`)
  }
  const computed = parts.some((one) => one.identity !== undefined || one.generated !== undefined)
  const from = computed || parts.some((one) => one.references !== undefined)
  const { check, checks } = checksOf(positional, type ?? null, text(name), context)
  const server = bound.take('server_default')
  const sql = type === undefined
    ? notUnderstood(`the column "${text(name)}" has no type`)
    : inheriting(typeOf(type, context), type, schema)
  const identity = server !== undefined && isKind(server, 'construct')
    ? partOf(server, context, true)
    : undefined
  const spec = defined({
    name: textOf(name, 'the name of a column'),
    type: sql,
    primary_key: key || undefined,
    nullable: nullable(bound.take('nullable'), key),
    default:
      server === undefined || server === null || identity !== undefined && Object.keys(identity).length > 0
        ? undefined
        : defaultOf(server),
    unique: bound.flag('unique') || undefined,
    index: bound.flag('index') || undefined,
    collation: type === undefined ? undefined : collationOf(type, context),
    comment: bound.text('comment'),
    ...Object.assign({}, identity, ...parts),
    check,
  })
  bound.ignore('default', 'onupdate', 'server_onupdate', 'system', 'insert_default', 'insert_sentinel').end()
  const serial = typeof sql === 'string' ? ownValue(SERIALS, sql) : undefined
  const counts = serial !== undefined && !from && server === undefined && autoincrement !== false
  const asked = serial !== undefined && !computed && server === undefined && autoincrement === true
  return { spec: spec as unknown as ColumnSpec, counts, asked, serial: serial ?? '', checks }
}

/** NOT NULL, where the primary key does not say so already. */
function nullable(value: Value | undefined, key: boolean | undefined): boolean | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') return notUnderstood('"nullable" of a column is no constant')
  return value || key ? undefined : false
}

/** What may stand in a column besides its type. */
const PARTS = new Set([
  'ForeignKey',
  'CheckConstraint',
  'Identity',
  'Computed',
  'Sequence',
  'FetchedValue',
  'DefaultClause',
])

type Part = Partial<Record<'references' | 'identity' | 'generated', unknown>>

/** The checks in a column, and that of its type: the only one in it, without a name, is said at the column. */
function checksOf(
  parts: readonly Value[],
  type: Value,
  column: string,
  context: Collection,
): { readonly check?: string; readonly checks: readonly Check[] } {
  const implied = impliedCheck(type, column, context)
  const rest = implied === undefined ? [] : [implied]
  const written = parts.flatMap(checkIn)
  const [first] = written
  if (first === undefined || first.name !== undefined || written.length > 1) {
    return { checks: [...written, ...rest] }
  }
  return { check: first.condition, checks: rest }
}

function checkIn(value: Value): readonly Check[] {
  if (!isKind(value, 'construct') || lastName(value.path) !== 'CheckConstraint') return []
  const bound = new Bound('CheckConstraint', value, ['sqltext', 'name'])
  return [defined({ name: bound.text('name'), condition: conditionOf(bound.take('sqltext') ?? null) })]
}

/** @param quiet whether what is no part is passed over */
function partOf(value: Value, context: Collection, quiet = false): Part {
  if (!isKind(value, 'construct')) return notUnderstood('a part of a column is not known')
  const name = lastName(value.path)
  switch (name) {
    case 'ForeignKey':
      return references(value, context)
    case 'CheckConstraint':
      return {}
    case 'Identity':
      return { identity: identityOf(value) }
    case 'Computed': {
      const bound = new Bound(name, value, ['sqltext', 'persisted'])
      const stored = bound.flag('persisted')
      return {
        generated: defined({
          sql: conditionOf(bound.take('sqltext') ?? null),
          stored: stored === false ? false : undefined,
        }),
      }
    }
    case 'Sequence':
      context.note(
        value.at,
        'Sequence() in a column makes no default and no sequence in Alembic: it is left out',
      )
      return {}
  }
  return quiet ? {} : notUnderstood(`"${name}" in a column is not known`)
}

function references(value: Construct, context: Collection): Part {
  const bound = new Bound('ForeignKey', value, [
    ...['column', '_constraint', 'use_alter', 'name', 'onupdate', 'ondelete', 'deferrable', 'initially'],
    ...['link_to_name', 'match'],
  ])
  const { schema, table, column } = target(bound.required('column'))
  const later = bound.flag('use_alter')
  const spec = defined({ table, schema, column, name: bound.text('name'), ...keyOptions(bound) })
  bound.ignore('link_to_name').end()
  return later && leftOut(value, context) ? {} : { references: spec }
}

/**
 * Whether a foreign key with `use_alter` is left out, as SQLAlchemy does in CREATE TABLE where there is ALTER TABLE ADD
 * CONSTRAINT; op.create_table never adds it afterwards.
 */
export function leftOut(value: Construct, context: Collection): boolean {
  if (!SQLALCHEMY[context.needDialect()].altersLater) return false
  context.note(
    value.at,
    'a foreign key with use_alter=True is never created by Alembic on PostgreSQL: it is left out',
  )
  return true
}

function identityOf(value: Construct): unknown {
  const bound = new Bound('Identity', value, [
    'always',
    'on_null',
    'start',
    'increment',
    'minvalue',
    'maxvalue',
    'nominvalue',
    'nomaxvalue',
    'cycle',
    'cache',
  ])
  const generated = bound.flag('always') ? 'always' : 'by_default'
  const options = defined({
    start: bound.number('start'),
    increment: bound.number('increment'),
    min_value: bound.flag('nominvalue') ? null : bound.number('minvalue'),
    max_value: bound.flag('nomaxvalue') ? null : bound.number('maxvalue'),
    cycle: bound.flag('cycle'),
    cache: bound.number('cache'),
  })
  bound.ignore('on_null', 'order').end()
  return Object.keys(options).length === 0 ? generated : { generated, ...options }
}

/** A condition or an expression: text is SQL. */
export function conditionOf(value: Value): string {
  return typeof value === 'string' ? value : isSymbolic(value) ? sqlOf(value) : literal(value)
}
