/** The arguments of a call by their names, as Python would bind them. */
import { isKind, isSequence, notUnderstood, text } from '../evaluate/value.ts'
import type { Arguments, Value } from '../evaluate/value.ts'
import { SQLALCHEMY } from './context.ts'
import type { Collection } from './context.ts'

/** Arguments that say nothing about the schema. */
const MEANINGLESS = new Set([
  ...['info', 'listeners', 'quote', 'key', 'doc', 'prefixes', 'implicit_returning'],
  // Of the reflection of a table.
  'postgresql_ignore_search_path',
])

/** Bound arguments. Whoever reads them takes each once: what is left over at the end was not understood. */
export class Bound {
  readonly call: string
  readonly #values: Map<string, Value>
  #rest: readonly Value[]
  constructor(call: string, { positional, named }: Arguments, names: readonly string[]) {
    this.call = call
    this.#values = new Map(named)
    positional.slice(0, names.length).forEach((value, i) => this.#values.set(names[i]!, value))
    this.#rest = positional.slice(names.length)
  }

  /** The value, None included; undefined when it is not given. */
  take(name: string): Value | undefined {
    const value = this.#values.get(name)
    this.#values.delete(name)
    return value
  }

  /** The positional arguments beyond the names. */
  others(): readonly Value[] {
    const rest = this.#rest
    this.#rest = []
    return rest
  }

  /** The value; undefined when it is not given or None. */
  some(name: string): Value | undefined {
    return this.take(name) ?? undefined
  }

  /** @throws `not-understood` when it is no text */
  text(name: string): string | undefined {
    const value = this.some(name)
    return value === undefined ? undefined : textOf(value, `"${name}" of ${this.call}`)
  }

  /** @throws `not-understood` when it is missing */
  required(name: string): string {
    return this.text(name) ?? notUnderstood(`${this.call} lacks its argument "${name}"`)
  }

  /** @throws `not-understood` when it is no constant */
  flag(name: string): boolean | undefined {
    const value = this.some(name)
    if (value === undefined || typeof value === 'boolean') return value
    if (typeof value === 'number') return value !== 0
    return notUnderstood(`"${name}" of ${this.call} is no constant`)
  }

  number(name: string): number | undefined {
    const value = this.some(name)
    if (value === undefined || typeof value === 'number') return value
    return notUnderstood(`"${name}" of ${this.call} is no number`)
  }

  /** Names of columns. */
  texts(name: string): string[] | undefined {
    const value = this.some(name)
    if (value === undefined) return undefined
    if (typeof value === 'string') return [value]
    if (!isSequence(value)) return notUnderstood(`"${name}" of ${this.call} is no list`)
    return value.items.map((one) => textOf(one, `"${name}" of ${this.call}`))
  }

  /** Leaves out arguments that repeat what is known anyway. */
  ignore(...names: readonly string[]): this {
    names.forEach((name) => this.#values.delete(name))
    return this
  }

  /** @throws `not-understood` when an argument was not taken: it would be lost */
  end(): void {
    if (this.#rest.length > 0) notUnderstood(`${this.call} has more arguments by position than are known`)
    for (const [name, value] of this.#values) {
      if (MEANINGLESS.has(name) || value === null || /^(mysql|mssql|oracle|mariadb)_/.test(name)) continue
      notUnderstood(`the argument "${name}" of ${this.call} is not known`)
    }
  }
}

/** A text, or a name that `op.f` or `sa.text` is around. */
export function textOf(value: Value, what: string): string {
  if (typeof value === 'string') return value
  if (isKind(value, 'member') || (isKind(value, 'construct') && value.path === 'sqlalchemy.text')) {
    return isKind(value, 'member') ? textOf(value.value, what) : text(value)
  }
  if (isKind(value, 'construct') && /(^|\.)quoted_name$/.test(value.path)) {
    return textOf(value.positional[0]!, what)
  }
  return notUnderstood(`${what} is no constant`)
}

/** The last word of a dotted name. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

/** What SQLite has not, and SQLAlchemy leaves out there. */
const POSTGRES_ALONE =
  /^postgresql_(ops|include|with|nulls_not_distinct|tablespace|where|partition_by|inherits)$/

/**
 * The arguments that count on the database that is looked at: `postgresql_…` does not on SQLite.
 * @throws `needs-dialect` when an operation is another one on each
 */
export function forDialect(args: Arguments, context: Collection): Arguments {
  const { positional, named } = args
  const decisive = [...named].some(([name, value]) =>
    POSTGRES_ALONE.test(name) && value !== null && !isEmpty(value)
  )
  if (decisive) context.needDialect()
  if (context.dialect === undefined) return args
  const { foreign } = SQLALCHEMY[context.dialect]
  return { positional, named: new Map([...named].filter(([name]) => !foreign.test(name))) }
}

function isEmpty(value: Value): boolean {
  if (value === false) return true
  return isSequence(value) ? value.items.length === 0 : isKind(value, 'dict') && value.entries.length === 0
}

/** Whose types are known. */
export const LIBRARIES =
  /^(sqlalchemy|sqlmodel|sqlalchemy_utils|alembic|pgvector|sqlalchemy_citext|citext|geoalchemy2|fastapi_users_db_sqlalchemy)\b/
