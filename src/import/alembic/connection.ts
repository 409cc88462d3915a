/** What of a revision's values is the connection of Alembic, its engine, or its context. */
import { isKind } from '../evaluate/value.ts'
import type { Value } from '../evaluate/value.ts'

const CONNECTION = /(^|\.)(get_bind|connection|Session|connect|begin)$/

/** `op.get_bind().engine` */
export function isEngine(value: Extract<Value, { kind: 'attribute' }>): boolean {
  return value.name === 'engine' && isConnection(value.of)
}

export function isContext(value: Value): boolean {
  return isKind(value, 'construct') && /(^|\.)get_context$/.test(value.path)
}

export function isConnection(value: Value): boolean {
  if (isKind(value, 'construct')) {
    if (value.path === 'result of a query') return false
    if (value.of !== undefined) {
      return /^\.(execution_options|connect)$/.test(value.path) && isConnection(value.of)
    }
    return CONNECTION.test(value.path)
  }
  return false
}
