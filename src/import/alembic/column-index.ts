/** `index=True` of a column. */
import { defined } from '../../model/defined.ts'
import type { ColumnSpec } from '../../ops/parts/column.ts'
import { conventionalName } from './context.ts'
import type { Collection } from './context.ts'

interface Where {
  readonly table: string
  readonly schema?: string
}

interface NamedIndex {
  readonly name: string
  readonly columns: readonly string[]
  readonly unique?: boolean
}

/**
 * Parts a column from its index where SQLAlchemy's name for that is another one than limbeck's: its schema is in it, and
 * what is too long ends in a hash (sqlalchemy/sql/base.py, `DEFAULT_NAMING_CONVENTION`: `ix_%(column_0_label)s`).
 * @returns the column; and the index, unless the column says it
 */
export function indexApart(
  spec: ColumnSpec,
  { table, schema }: Where,
  context: Collection,
): { readonly spec: ColumnSpec; readonly index?: NamedIndex } {
  if (!spec.index) return { spec }
  const label = `ix_${schema === undefined ? '' : `${schema.replaceAll('.', '_')}_`}${table}_${spec.name}`
  const name = conventionalName(label, context)
  if (schema === undefined && name === label) return { spec }
  const { index: _, unique, ...rest } = spec
  return { spec: rest, index: defined({ name, columns: [spec.name], unique }) }
}
