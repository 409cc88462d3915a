/** What makes PostgreSQL rewrite or scan a table when a column is added. */
import type { Column, DataType, Model, Table } from '../../model/model.ts'
import { find } from '../../model/edit.ts'

/** Functions that give one value a statement: ADD COLUMN stores it once instead of rewriting the table. */
const STABLE: ReadonlySet<string> = new Set([
  ...[
    'now',
    'transaction_timestamp',
    'statement_timestamp',
    'to_timestamp',
    'to_date',
    'to_char',
    'make_date',
  ],
  ...[
    'current_setting',
    'coalesce',
    'nullif',
    'lower',
    'upper',
    'concat',
    'length',
    'abs',
    'date_trunc',
    'cast',
  ],
  ...['jsonb_build_object', 'jsonb_build_array', 'json_build_object', 'json_build_array', 'array', 'row'],
  ...[
    'make_interval',
    'timezone',
    'date_part',
    'extract',
    'round',
    'floor',
    'ceil',
    'md5',
    'substr',
    'substring',
  ],
  ...['varchar', 'char', 'numeric', 'decimal', 'timestamp', 'timestamptz', 'time', 'interval', 'bit', 'in'],
  ...['current_timestamp', 'current_time', 'localtime', 'localtimestamp', 'and', 'or', 'not', 'then', 'when'],
])

/**
 * Whether an expression may give every row a value of its own: it calls a function that is not known to be stable.
 * Strings are not looked into.
 */
function mayBeVolatile(expression: string): boolean {
  const bare = expression.replace(/'(?:[^']|'')*'/g, "''")
  const calls = bare.matchAll(/([\p{L}_][\p{L}\p{N}_$]*)"?\s*\(/gu)
  return [...calls].some(([, called]) => !STABLE.has(called!.toLowerCase()))
}

/**
 * Whether ADD COLUMN writes every row anew (measured on PostgreSQL 18): a volatile default, a sequence, a stored
 * generated column, a domain with constraints.
 */
export function addingRewrites(column: Column, model: Model): boolean {
  if (column.serial || column.identity !== undefined || column.generated?.stored) return true
  if (column.default !== undefined && 'expression' in column.default) {
    if (mayBeVolatile(column.default.expression)) return true
  }
  return isConstrained(column.type, model)
}

function isConstrained(type: DataType, model: Model): boolean {
  if (type.kind !== 'domain') return false
  const domain = find(model, 'domains', type)
  return domain !== undefined && (!domain.nullable || domain.checks.length > 0)
}

/** Whether a valid CHECK says that the column is not NULL: then SET NOT NULL does not read the table. */
export function neverNull(table: Table, column: string): boolean {
  const wanted = new Set([column, `"${column}"`].map((name) => `${name} is not null`.toLowerCase()))
  return table.checks.some((one) =>
    one.valid !== false && wanted.has(one.expression.trim().replace(/^\((.*)\)$/s, '$1').toLowerCase())
  )
}
