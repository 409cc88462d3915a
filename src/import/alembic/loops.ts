/** Loops that go on until no row is left: `while True: result = execute(…); if result.rowcount <= 0: break`. */
import { nameOf, tokenize } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'
import type { DialectName } from '../../model/model.ts'
import type { Statement } from '../python/syntax.ts'

type While = Extract<Statement, { kind: 'while' }>

/** What a turn of such a loop consists of. */
export interface Turn {
  /** The statements that are done in each turn. */
  readonly body: readonly Statement[]
}

/**
 * Takes the loop apart, when it is one that ends when no row was changed any more.
 * @param opaque whether the condition of the loop asks the database
 * @returns undefined for any other loop
 */
export function turnOf(loop: While, opaque: boolean): Turn | undefined {
  const forever = loop.test.kind === 'constant' && Boolean(loop.test.value)
  const body = loop.body.filter((one) => !isExit(one))
  const exits = loop.body.length - body.length
  if (forever ? exits !== 1 : !opaque || exits !== 0) return undefined
  const plain = body.every((one) =>
    one.kind === 'expression' || one.kind === 'assign' || one.kind === 'update'
  )
  return plain ? { body } : undefined
}

/** `if result.rowcount <= 0: break` */
function isExit(statement: Statement): boolean {
  if (statement.kind !== 'if' || statement.branches.length !== 1) return false
  const { test, body } = statement.branches[0]!
  if (body.length !== 1 || body[0]!.kind !== 'break' || test?.kind !== 'binary') return false
  return test.left.kind === 'attribute' && test.left.name === 'rowcount'
}

export interface Backfill {
  readonly table: string
  readonly set: Readonly<Record<string, string>>
  readonly where: string
  readonly size: number
}

/**
 * `UPDATE t SET a = … WHERE t.id IN (SELECT id FROM t WHERE … LIMIT 500)` as what it does in the end.
 * @returns undefined for any other statement
 */
export function backfillOf(sql: string, dialect: DialectName): Backfill | undefined {
  const tokens = tokenize(sql, dialect).filter((one) => one.key !== ';')
  const top = tokens.filter((one) => one.depth === 0)
  const [update, table, set] = top
  const where = top.findIndex((one) => one.key === 'WHERE')
  if (update?.key !== 'UPDATE' || set?.key !== 'SET' || where < 0) return undefined
  const condition = tokens.slice(tokens.indexOf(top[where]!) + 1)
  const inner = chosen(sql, condition, nameOf(table!))
  const assigned = assignments(sql, tokens.slice(tokens.indexOf(set) + 1, tokens.indexOf(top[where]!)))
  if (inner === undefined || assigned === undefined) return undefined
  return { table: nameOf(table!), set: assigned, ...inner }
}

/** `t.id IN (SELECT id FROM t WHERE … LIMIT 500)` */
function chosen(
  sql: string,
  tokens: readonly SqlToken[],
  table: string,
): { where: string; size: number } | undefined {
  const open = tokens.findIndex((one) => one.key === '(')
  const head = tokens.slice(0, open).map((one) => one.key === '' ? nameOf(one).toUpperCase() : one.key).join(
    ' ',
  )
  const upper = table.toUpperCase()
  const own = head.startsWith(`${upper} . `) ? head.slice(upper.length + 3) : head
  const match = /^(\w+) IN$/.exec(own)
  const close = tokens.at(-1)
  if (match === null || close?.key !== ')' || close.depth !== tokens[open]!.depth) return undefined
  const query = tokens.slice(open + 1, -1)
  const key = (i: number) => query[i] === undefined ? '' : query[i]!.key || nameOf(query[i]!).toUpperCase()
  const depth = query[0]?.depth ?? 0
  if (
    key(0) !== 'SELECT' || key(1) !== match[1] || key(2) !== 'FROM' || key(3) !== upper || key(4) !== 'WHERE'
  ) {
    return undefined
  }
  const limit = query.findIndex((one) => one.depth === depth && one.key === 'LIMIT')
  const end = query.findIndex((one) => one.depth === depth && (one.key === 'ORDER' || one.key === 'LIMIT'))
  const size = Number(query[limit + 1]?.text)
  if (limit < 0 || limit !== query.length - 2 || !Number.isSafeInteger(size) || size < 1) return undefined
  return { where: sql.slice(query[5]!.start, query[end - 1]!.end), size }
}

/** `a = …, b = …` */
function assignments(sql: string, tokens: readonly SqlToken[]): Record<string, string> | undefined {
  const set: Record<string, string> = {}
  let rest = tokens
  while (rest.length > 0) {
    const comma = rest.findIndex((one) => one.depth === 0 && one.key === ',')
    const part = comma < 0 ? rest : rest.slice(0, comma)
    rest = comma < 0 ? [] : rest.slice(comma + 1)
    const [column, equals, first] = part
    if (column === undefined || equals?.key !== '=' || first === undefined) return undefined
    if (part.some((one) => one.depth === 0 && one.key === 'FROM')) return undefined
    set[nameOf(column)] = sql.slice(first.start, part.at(-1)!.end)
  }
  return set
}

/** The statement without its last `LIMIT 500`, which made batches of it. @returns undefined when it has none */
export function withoutLimit(sql: string, dialect: DialectName): string | undefined {
  const tokens = tokenize(sql, dialect)
  const limits = tokens.filter((one) => one.key === 'LIMIT')
  const at = tokens.indexOf(limits[0]!)
  if (limits.length !== 1 || tokens[at + 1]?.kind !== 'number') return undefined
  const offset = tokens[at + 2]?.key === 'OFFSET' && tokens[at + 3]?.kind === 'number'
  const last = tokens[at + (offset ? 3 : 1)]!
  return sql.slice(0, tokens[at]!.start).trimEnd() + sql.slice(last.end)
}
