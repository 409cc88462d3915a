/** What a type is of. */
import { sameName } from './edit.ts'
import type { DataType, QualifiedName } from './model.ts'

/** What an array is of; any other type is itself. */
export function element(type: DataType): DataType {
  return type.kind === 'array' ? element(type.of) : type
}

/** Whether the type is that enum or domain, or an array of it. */
export function isOf(type: DataType, kind: 'enum' | 'domain', name: QualifiedName): boolean {
  const one = element(type)
  return one.kind === kind && sameName(one, name)
}
