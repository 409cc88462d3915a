/**
 * Parse trees of PostgreSQL (libpg-query's JSON) in one form: what the server rewrites when it stores an expression is
 * rewritten here in the same direction (src/backend/parser/parse_expr.c, src/backend/utils/adt/ruleutils.c).
 */

/** JSON. */
export type Tree = null | string | number | boolean | Tree[] | { readonly [key: string]: Tree }
type Node = { readonly [key: string]: Tree }

/** Where a thing stood in the text, and how it was written. */
const PLACES: ReadonlySet<string> = new Set([
  'location',
  'stmt_location',
  'stmt_len',
  'version',
  'funcformat',
  'rexpr_list_start',
  'rexpr_list_end',
  'list_start',
  'list_end',
  'typemod',
])

/**
 * The tree without places, and with one way of saying what has several: IN, BETWEEN, LIKE, nested AND and OR, literals
 * with casts, pg_catalog in names, column qualifiers that say nothing.
 */
export function simplify(tree: unknown): Tree {
  const relations = JSON.stringify(tree).split('"RangeVar"').length - 1
  return walk(tree, relations > 1)
}

function walk(tree: unknown, qualifiers: boolean): Tree {
  if (Array.isArray(tree)) return tree.map((one) => walk(one, qualifiers))
  if (typeof tree !== 'object' || tree === null) return scalar(tree)
  const node: Record<string, Tree> = {}
  for (const [key, value] of Object.entries(tree)) if (!PLACES.has(key)) node[key] = walk(value, qualifiers)
  const [kind, ...others] = Object.keys(node)
  const body = kind === undefined ? undefined : record(node[kind])
  if (kind === undefined || body === undefined || others.length > 0) return node
  return REWRITES[kind]?.(body, qualifiers) ?? node
}

function scalar(value: unknown): Tree {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

function record(tree: Tree | undefined): Node | undefined {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? tree as Node : undefined
}

function items(tree: Tree | undefined): Tree[] {
  return Array.isArray(tree) ? tree : []
}

/** The texts of a list of String nodes. */
function strings(tree: Tree | undefined): string[] {
  return items(tree).map((one) => {
    const text = record(record(one)?.['String'])?.['sval']
    return typeof text === 'string' ? text : '*'
  })
}

type Rewrite = (body: Node, qualifiers: boolean) => Tree

const REWRITES: Readonly<Record<string, Rewrite>> = {
  A_Const: (body) => ({ constant: constant(body) }),
  TypeCast: (body) => typeCast(body),
  A_Expr: (body) => operator(body),
  BoolExpr: (body) => bool(String(body['boolop']), items(body['args'])),
  FuncCall: (body) => ({ FuncCall: { ...body, funcname: unqualified(body['funcname']) } }),
  ColumnRef: (body, qualifiers) => {
    const fields = strings(body['fields'])
    return { ColumnRef: qualifiers ? fields : fields.slice(-1) }
  },
  ResTarget: (body) => ({ ResTarget: withoutEcho(body) }),
}

/** A literal as a text that tells its type: `n1`, `sabc`, `btrue`, `null`. */
function constant(body: Node): string {
  if (body['isnull'] === true) return 'null'
  const [integer, float, text, flag] = ['ival', 'fval', 'sval', 'boolval'].map((key) => record(body[key]))
  if (integer !== undefined) return `n${String(integer['ival'] ?? 0)}`
  if (float !== undefined) return numeral(String(float['fval'] ?? '0'))
  if (flag !== undefined) return `b${String(flag['boolval'] ?? false)}`
  return `s${String(text?.['sval'] ?? record(body['bsval'])?.['bsval'] ?? '')}`
}

function numeral(text: string): string {
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text) ? `n${Number(text)}` : `n${text}`
}

const NUMBERS: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'])

/** `'a'::text` is `'a'`, `'-1'::integer` is -1: a literal has the type that its surroundings want. */
function typeCast(body: Node): Tree {
  const value = record(body['arg'])?.['constant']
  const names = unqualified(record(body['typeName'])?.['names'])
  if (typeof value !== 'string') {
    return { TypeCast: { ...body, typeName: { ...record(body['typeName']), names } } }
  }
  const type = names.at(-1) ?? ''
  const text = value.slice(1)
  if (value.startsWith('s') && NUMBERS.has(type) && /^[+-]?\d+(\.\d+)?$/.test(text)) {
    return { constant: numeral(text) }
  }
  if (type === 'bool' && /^s(t|f|true|false)$/i.test(value)) return { constant: `b${/^st/i.test(value)}` }
  return { constant: value }
}

function unqualified(names: Tree | undefined): string[] {
  const parts = strings(names)
  return parts[0] === 'pg_catalog' ? parts.slice(1) : parts
}

/** The target's name when it only repeats what PostgreSQL calls it anyway: `SELECT a AS a, count(*) AS count`. */
function withoutEcho(body: Node): Node {
  const { name, ...rest } = body
  return name !== undefined && usualName(body['val']) === name ? rest : body
}

/** FigureColname() in parse_target.c, as far as columns, functions and casts of them go. */
function usualName(value: Tree | undefined): Tree | undefined {
  const node = record(value)
  const column = node?.['ColumnRef']
  if (Array.isArray(column)) return column.at(-1)
  const called = record(node?.['FuncCall'])?.['funcname']
  if (Array.isArray(called)) return called.at(-1)
  if (node?.['CoalesceExpr'] !== undefined) return 'coalesce'
  return node?.['TypeCast'] === undefined ? undefined : usualName(record(node['TypeCast'])?.['arg'])
}

function bool(kind: string, args: Tree[]): Tree {
  const flat = kind === 'NOT_EXPR' ? args : args.flatMap((one) => {
    const inner = record(record(one)?.['BoolExpr'])
    return inner?.['boolop'] === kind ? items(inner['args']) : [one]
  })
  return { BoolExpr: { boolop: kind, args: flat } }
}

function comparison(kind: string, name: string, lexpr: Tree | undefined, rexpr: Tree | undefined): Tree {
  return { A_Expr: { kind, name: [name], lexpr: lexpr ?? null, rexpr: rexpr ?? null } }
}

function operator(body: Node): Tree {
  const kind = String(body['kind'])
  const { lexpr, rexpr } = body
  const names = unqualified(body['name'])
  const list = items(record(record(rexpr)?.['List'])?.['items'] ?? rexpr)
  const ranged = (low: string, high: string, join: string) =>
    bool(join, [comparison('AEXPR_OP', low, lexpr, list[0]), comparison('AEXPR_OP', high, lexpr, list[1])])
  switch (kind) {
    case 'AEXPR_IN': {
      if (list.length === 1) return comparison('AEXPR_OP', names[0] ?? '=', lexpr, list[0])
      const all = names[0] === '<>' ? 'AEXPR_OP_ALL' : 'AEXPR_OP_ANY'
      return comparison(all, names[0] ?? '=', lexpr, { A_ArrayExpr: { elements: list } })
    }
    case 'AEXPR_BETWEEN':
      return ranged('>=', '<=', 'AND_EXPR')
    case 'AEXPR_NOT_BETWEEN':
      return ranged('<', '>', 'OR_EXPR')
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return comparison('AEXPR_OP', names[0] ?? '', lexpr, rexpr)
    default:
      return { A_Expr: { kind, name: names, lexpr: lexpr ?? null, rexpr: rexpr ?? null } }
  }
}
