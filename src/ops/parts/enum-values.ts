/** Which strings in SQL are values of an enum. It knows tokens and their neighbours, no grammar. */
import { usedColumns } from '../../model/used-columns.ts'
import type { Column, QualifiedName, Table } from '../../model/model.ts'
import { isColumn, isName } from '../../model/sql-names.ts'
import { nameOf, tokenize } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'
import { isOf } from '../../model/types.ts'

/** The columns of a table that are of the enum (or arrays of it). */
export function enumColumns(table: Table, name: QualifiedName): Column[] {
  return table.columns.filter((one) => isOf(one.type, 'enum', name))
}

/** Whether an expression is about columns of the enum and nothing else, so that its strings are the enum's values. */
export function isAbout(expression: string, table: Table, name: QualifiedName): boolean {
  const used = usedColumns(expression, table)
  const own = enumColumns(table, name).map((one) => one.name)
  return used.length > 0 && used.every((one) => own.includes(one))
}

/** The strings in an expression of the table that are values of the enum. */
export function valuesIn(expression: string, table: Table, one: QualifiedName): SqlToken[] {
  const tokens = tokenize(expression, 'postgres')
  const own = new Set(enumColumns(table, one).map((column) => column.name))
  const pure = isAbout(expression, table, one)
  return tokens.filter((token, at) =>
    token.kind === 'string' && (isValue(tokens, at, one, own) || (pure && isBare(tokens, at)))
  )
}

/** The strings in SQL that are cast to the enum, or compared with one of the columns (or variables) of such names. */
export function valuesOf(sql: string, one: QualifiedName, columns: ReadonlySet<string>): SqlToken[] {
  const tokens = tokenize(sql, 'postgres')
  return tokens.filter((token, at) => token.kind === 'string' && isValue(tokens, at, one, columns))
}

/** Neither cast to something else nor what a CASE gives, which may be of any type. */
function isBare(tokens: readonly SqlToken[], at: number): boolean {
  return tokens[at + 1]?.key !== '::' && !['THEN', 'ELSE'].includes(tokens[at - 1]?.key ?? '')
}

/** What compares a column with a value. */
const COMPARED: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '>', '<=', '>='])

function isValue(
  tokens: readonly SqlToken[],
  at: number,
  one: QualifiedName,
  columns: ReadonlySet<string>,
): boolean {
  const after = tokens[at + 1]?.key ?? ''
  const isCast = after === '::' || (tokens[at - 1]?.key === '(' && tokens[at - 2]?.key === 'CAST')
  if (isCast) return isType(tokens, at + 2, one)
  if (COMPARED.has(after) && isOperand(tokens, tokens[at + 3]?.key === '.' ? at + 4 : at + 2, columns)) {
    return true
  }
  return isOperand(tokens, comparedAt(tokens, at), columns)
}

function isType(tokens: readonly SqlToken[], at: number, one: QualifiedName): boolean {
  const last = tokens[at + 1]?.key === '.' ? tokens[at + 2] : tokens[at]
  return last !== undefined && isName(last) && nameOf(last) === one.name
}

/** Whether one of the columns stands there, and is not cast. */
function isOperand(tokens: readonly SqlToken[], at: number, columns: ReadonlySet<string>): boolean {
  const token = tokens[at]
  return token !== undefined && isName(token) && columns.has(nameOf(token)) && isColumn(tokens, at) &&
    tokens[at + 1]?.key !== '::'
}

/**
 * Where that ends which the string is compared with: `m = 'ok'`, `m IS NOT DISTINCT FROM 'ok'`, `m NOT IN ('sad', 'ok')`,
 * `CASE m WHEN 'ok'`.
 */
function comparedAt(tokens: readonly SqlToken[], at: number): number {
  const key = (back: number) => tokens[at - back]?.key ?? ''
  if (COMPARED.has(key(1))) return at - 2
  if (key(1) === 'FROM' && key(2) === 'DISTINCT') return key(3) === 'NOT' ? at - 5 : at - 4
  if (key(1) === 'WHEN') return caseOf(tokens, at - 1)
  let open = at - 1
  while (tokens[open]?.key === ',' && tokens[open - 1]?.kind === 'string') open -= 2
  if (tokens[open]?.key !== '(' || tokens[open - 1]?.key !== 'IN') return -1
  return tokens[open - 2]?.key === 'NOT' ? open - 3 : open - 2
}

/** The operand of the CASE of a WHEN: the name before its first WHEN. */
function caseOf(tokens: readonly SqlToken[], when: number): number {
  let nested = 0
  for (let at = when - 1; at >= 0; at--) {
    const { key } = tokens[at]!
    if (key === 'END') nested++
    else if (key === 'CASE' && nested-- === 0) {
      const operand = tokens[at + 2]?.key === '.' ? at + 3 : at + 1
      return tokens[operand + 1]?.key === 'WHEN' ? operand : -1
    }
  }
  return -1
}
