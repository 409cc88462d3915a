/** The CHECK that a type of SQLAlchemy makes by itself. */
import { spelled } from '../../model/sql-names.ts'
import { isKind } from '../evaluate/value.ts'
import type { Value } from '../evaluate/value.ts'
import { Bound, lastName } from './arguments.ts'
import { SQLALCHEMY } from './context.ts'
import type { Collection } from './context.ts'
import { literal } from './sql-text.ts'
import { enumArguments, isEnum } from './enum.ts'

export interface Check {
  readonly name?: string
  readonly condition: string
}

/**
 * The CHECK that `create_constraint=True` of an enum or a boolean makes of a column of it, unless limbeck's own type makes it.
 * On PostgreSQL a type of its own takes its place.
 * https://docs.sqlalchemy.org/en/20/core/type_basics.html#sqlalchemy.types.Enum.params.create_constraint
 */
export function impliedCheck(type: Value, column: string, context: Collection): Check | undefined {
  if (!isKind(type, 'construct') || type.named.get('create_constraint') !== true) return undefined
  const hasTypes = () => SQLALCHEMY[context.needDialect()].hasTypes
  const word = lastName(type.path)
  if (/^bool(ean)?$/i.test(word)) {
    if (hasTypes()) return undefined
    return { name: new Bound(word, type, []).text('name'), condition: `${spelled(column)} IN (0, 1)` }
  }
  if (!isEnum(type)) return undefined
  const { values, name, size, native } = enumArguments(type, word, context)
  if (native ? hasTypes() : name === undefined && size === undefined) return undefined
  return { name, condition: `${spelled(column)} IN (${values.map(literal).join(', ')})` }
}
