/**
 * Names in SQL texts, by their tokens: the text after a column or a table was renamed, and what certainly reads one. Both
 * databases rewrite what they hold when something is renamed; this keeps the model in step. It knows tokens and their
 * neighbours, no grammar.
 */
import { mayName, tokenize, unquoted } from './sql-tokens.ts'
import type { QualifiedName } from './base.ts'
import type { SqlToken } from './sql-tokens.ts'

/** Words that neither database takes for a name without quotes. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  `ALL AND AS CASE CHECK COLLATE CONSTRAINT CREATE DEFAULT DEFERRABLE DISTINCT ELSE EXCEPT FOREIGN FROM GROUP HAVING IN
  INTERSECT INTO IS ISNULL JOIN LIMIT NOT NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT TABLE THEN TO UNION
  UNIQUE USING WHEN WHERE`.split(/\s+/),
)

/** Whether a token names the identifier: without quotes the case does not count. */
export function names(token: SqlToken, identifier: string): boolean {
  if (token.kind === 'quoted') return unquoted(token) === identifier
  return token.kind === 'word' && token.key === identifier.toUpperCase() && !KEYWORDS.has(token.key)
}

/** Whether a token can be a name, quoted or not. */
export const isName = (token: SqlToken | undefined) => token?.kind === 'word' || token?.kind === 'quoted'
const tokensOf = (sql: string) => tokenize(sql, 'either')

/**
 * Whether the name at a position can be a column: not a function, a type, a collation, an alias or a qualifier.
 * `extract(year FROM x)` and `date '2024-01-01'` have words that are no columns.
 */
export function isColumn(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1]
  const next = tokens[at + 1]
  if (next?.key === '(' || next?.key === '.') return false
  if (next?.kind === 'string' && tokens[at]!.kind === 'word') return false
  if (before?.key === '.') return tokens[at - 2]?.key !== ')'
  if (before !== undefined && NO_COLUMN.has(before.key)) return false
  // A window or a WITH query.
  if (next?.key === 'AS' && tokens[at + 2]?.key === '(') return false
  if (isAlias(tokens, at) || isRelation(tokens, at)) return false
  return !(before?.key === '(' && tokens[at - 2]?.key === 'EXTRACT')
}

/** What a type, a collation, an alias or a window stands behind. */
const NO_COLUMN: ReadonlySet<string> = new Set(['::', 'COLLATE', 'AS', 'OVER'])

/** Whether the name is an alias without AS: it stands behind an operand, as in `SELECT t.b a, sum(b) a, b a`. */
function isAlias(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1]
  if (before === undefined || before.kind === 'comment' || before.kind === 'blob') return false
  if (before.key === ')') {
    const { depth } = before
    const open = tokens.findLastIndex((one, i) => i < at && one.key === '(' && one.depth === depth)
    return tokens[open - 1]?.key !== 'ON'
  }
  if (before.kind !== 'word') return before.kind !== 'symbol'
  const { key } = tokens[at - 2] ?? { key: '' }
  if (key === '.' || key === '::') return true
  return (key === 'SELECT' || key === ',') && !RESERVED.has(before.text.toLowerCase())
}

/** Functions whose arguments stand behind FROM. */
const WITH_FROM: ReadonlySet<string> = new Set(['EXTRACT', 'OVERLAY', 'POSITION', 'SUBSTRING', 'TRIM'])

/** Whether the name stands behind the FROM or JOIN of a query, and not of `trim(both FROM a)` or IS DISTINCT FROM. */
function isRelation(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1]?.key
  if (before === 'JOIN') return true
  if (before !== 'FROM' || tokens[at - 2]?.key === 'DISTINCT') return false
  let depth = 0
  for (let open = at - 1; open > 0; open--) {
    const { key } = tokens[open]!
    if (key === ')') depth++
    else if (key === '(' && --depth < 0) return !WITH_FROM.has(tokens[open - 1]!.key)
  }
  return true
}

/** Words that one of the databases does not take for a name without quotes. */
export const RESERVED: ReadonlySet<string> = new Set(
  `add all alter analyse analyze and any array as asc asymmetric authorization between binary both case cast check
  collate collation column commit concurrently constraint create cross current current_catalog current_date
  current_role current_schema current_time current_timestamp current_user default deferrable deferred delete desc
  distinct do drop each else end escape except exclude exists explain false fetch for foreign freeze from full glob
  grant group having if ilike in index indexed initially inner insert intersect into is isnull join lateral leading
  left like limit localtime localtimestamp match natural not notnull null offset on only or order outer overlaps
  placing primary query raise references replace returning right select session_user set similar some symmetric table
  tablesample then to trailing transaction trigger true union unique update user using vacuum values variadic verbose
  view when where window with`.split(/\s+/),
)

/** A name as an expression can hold it on both databases: in quotes when it must have them. */
export function spelled(name: string): string {
  const plain = /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name)
  return plain ? name : `"${name.replaceAll('"', '""')}"`
}

/** The text with another name in the place of those names for which `which` holds. */
export function replaced(
  sql: string,
  to: string,
  which: (tokens: readonly SqlToken[], at: number) => boolean,
): string {
  const tokens = tokensOf(sql)
  let text = ''
  let last = 0
  tokens.forEach((token, at) => {
    if (!isName(token) || !which(tokens, at)) return
    text += sql.slice(last, token.start) + spelled(to)
    last = token.end
  })
  return text + sql.slice(last)
}

/** The expression after a column was renamed; strings, functions and types of that name stay. */
export function withColumnRenamed(expression: string, from: string, to: string): string {
  return replaced(expression, to, (tokens, at) => names(tokens[at]!, from) && isColumn(tokens, at))
}

/** The text after a table was renamed: where it stands before a dot, or after one of `words` (FROM, JOIN). */
export function withTableRenamed(
  sql: string,
  from: string,
  to: string,
  words: readonly string[] = [],
): string {
  if (!mayName(sql, from)) return sql
  return replaced(sql, to, (tokens, at) => {
    if (!names(tokens[at]!, from)) return false
    const qualifies = tokens[at + 1]?.key === '.' && tokens[at - 1]?.key !== '.'
    return (qualifies && !isAliased(tokens, at, from)) || words.includes(introducer(tokens, at))
  })
}

/**
 * Whether the name before a dot is what a query calls a relation: `FROM u AS t`. The innermost one that knows it counts, and
 * any of the text where none around it does.
 */
function isAliased(tokens: readonly SqlToken[], at: number, name: string): boolean {
  const here = tokens.flatMap((token, i) => names(token, name) ? [i] : [])
  for (let depth = tokens[at]!.depth, inside = at; depth >= 0; depth--) {
    const isOut = (token: SqlToken) => token.depth < depth || token.key === ';'
    const open = tokens.findLastIndex((token, i) => i < inside && isOut(token))
    const close = tokens.findIndex((token, i) => i > inside && isOut(token))
    const own = here.filter((i) => tokens[i]!.depth === depth && i > open && (close < 0 || i < close))
    if (own.some((i) => isRelationAlias(tokens, i))) return true
    if (own.some((i) => NAMED.includes(introducer(tokens, i)))) return false
    inside = open
  }
  return here.some((i) => isRelationAlias(tokens, i))
}

function isRelationAlias(tokens: readonly SqlToken[], at: number): boolean {
  const relation = tokens[at - 1]?.key === 'AS' ? at - 2 : at - 1
  const { key = '', kind } = tokens[at] ?? {}
  if (!isName(tokens[at]) || !isName(tokens[relation]) || tokens[relation]?.key === 'ONLY') return false
  if (kind === 'word' && RESERVED.has(key.toLowerCase())) return false
  return READ_AFTER.includes(introducer(tokens, relation))
}

/**
 * The keyword that introduces a relation, behind ONLY, OR IGNORE and a schema: FROM, JOIN, ON… IS DISTINCT FROM is none. Of a
 * list of relations it is FROM, and of a join in parentheses, as PostgreSQL writes them, what stands before these.
 */
export function introducer(tokens: readonly SqlToken[], at: number): string {
  let before = at - 1
  if (tokens[before]?.key === '.') before -= 2
  if (tokens[before]?.key === 'ONLY') before--
  const open = before
  while (tokens[before]?.key === '(') before--
  if (tokens[before]?.key === ',' && isListOfRelations(tokens, before)) return 'FROM'
  if (before < open) return isRelation(tokens, before + 1) ? tokens[before]!.key : '('
  if (tokens[before - 1]?.key === 'OR') before -= 2
  return tokens[before - 1]?.key === 'DISTINCT' ? '' : tokens[before]?.key ?? ''
}

/** What begins a part of a query that holds a list. */
const LISTS: ReadonlySet<string> = new Set(['SELECT', 'FROM', 'WHERE', 'BY', 'VALUES', 'SET', 'RETURNING'])

/** What is known of the commas of a text: the one before it in its list says the same, so that a list is walked once. */
const COMMAS = new WeakMap<readonly SqlToken[], Map<number, boolean>>()

/** Whether a comma is one between the relations behind FROM. */
function isListOfRelations(tokens: readonly SqlToken[], comma: number): boolean {
  const commas = COMMAS.get(tokens) ?? new Map<number, boolean>()
  COMMAS.set(tokens, commas)
  const known = commas.get(comma) ?? isBehindFrom(tokens, comma, commas)
  commas.set(comma, known)
  return known
}

function isBehindFrom(
  tokens: readonly SqlToken[],
  comma: number,
  commas: ReadonlyMap<number, boolean>,
): boolean {
  const { depth } = tokens[comma]!
  let at = comma - 1
  for (; at >= 0 && tokens[at]!.depth >= depth; at--) {
    if (tokens[at]!.depth > depth) continue
    const known = commas.get(at)
    if (known !== undefined) return known
    if (!LISTS.has(tokens[at]!.key)) continue
    if (tokens[at]!.key !== 'FROM') return false
    if (tokens[at - 1]?.key !== 'DISTINCT') return isRelation(tokens, at + 1)
  }
  // SQLite takes a list in parentheses: FROM (a, b).
  return tokens[at]?.key === '(' && READ_AFTER.includes(introducer(tokens, at))
}

/** What a relation that is read stands after. */
export const READ_AFTER = ['FROM', 'JOIN']
const NAMED = [...READ_AFTER, 'INTO', 'UPDATE']

/** Whether a query certainly reads the relation: it stands after FROM or JOIN, and is no WITH query of that name. */
export function readsRelation(query: string, relation: string): boolean {
  if (!mayName(query, relation)) return false
  const tokens = tokensOf(query)
  const here = tokens.flatMap((token, at) => names(token, relation) ? [at] : [])
  if (here.some((at) => tokens[at + 1]?.key === 'AS' && tokens[at + 2]?.key === '(')) return false
  return here.some((at) => READ_AFTER.includes(introducer(tokens, at)) && tokens[at + 1]?.key !== '.')
}

/** A trigger's text after a column of its table was renamed: `NEW.a`, `OLD.a` and `UPDATE OF a, b`. */
export function withTriggerColumnRenamed(sql: string, from: string, to: string): string {
  return replaced(sql, to, (tokens, at) => names(tokens[at]!, from) && isTriggerColumn(tokens, at))
}

/** Whether a trigger names a column of its table as `NEW.a`, `OLD.a` or in `UPDATE OF a, b`. */
export function triggerReads(sql: string, column: string): boolean {
  const tokens = tokensOf(sql)
  return tokens.some((token, at) => names(token, column) && isTriggerColumn(tokens, at))
}

/** Whether statements of SQLite upsert into a table, however it is spelled, and name what was to be inserted: `EXCLUDED.n`. */
export function upserts(sql: string, table: string): boolean {
  if (!/excluded/i.test(sql)) return false
  const tokens = tokenize(sql, 'sqlite')
  const isCalled = (token: SqlToken, name: string) => isName(token) && unquoted(token).toLowerCase() === name
  return tokens.some((token, at) => isCalled(token, 'excluded') && tokens[at + 1]?.key === '.') &&
    tokens.some((token, at) => isCalled(token, table.toLowerCase()) && introducer(tokens, at) === 'INTO')
}

function isTriggerColumn(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1]?.key
  if (before === '.') return ['NEW', 'OLD'].includes(tokens[at - 2]?.key ?? '')
  let list = at
  while (tokens[list - 1]?.key === ',' && isName(tokens[list - 2])) list -= 2
  return tokens[list - 1]?.key === 'OF' && tokens[list - 2]?.key === 'UPDATE'
}

/** The text after a type was renamed: what is cast to it, and `mood 'sad'`. */
export function withTypeRenamed(sql: string, type: QualifiedName, to: string): string {
  return replaced(sql, to, (tokens, at) => {
    const before = beforeType(tokens, at, type)
    if (before === undefined) return false
    const { key } = tokens[before] ?? { key: '' }
    return key === '::' || (key === 'AS' && isCast(tokens, before)) || tokens[at + 1]?.kind === 'string'
  })
}

/** What a function takes or returns (`mood[]`, `SETOF mood`, `TABLE(a mood)`) after a type was renamed. */
export function withTypesRenamed(written: string, type: QualifiedName, to: string): string {
  return replaced(written, to, (tokens, at) => {
    const before = beforeType(tokens, at, type)
    if (before === undefined || tokens[at + 1]?.key === '(') return false
    // In a list each type stands behind the name of its column.
    return tokens[0]!.key === 'TABLE' && tokens[1]?.key === '(' ? isName(tokens[before]) : true
  })
}

/** Where the token is that stands before the type, if its name is the one at that place. */
function beforeType(tokens: readonly SqlToken[], at: number, type: QualifiedName): number | undefined {
  if (!names(tokens[at]!, type.name) || tokens[at + 1]?.key === '.') return undefined
  const qualified = tokens[at - 1]?.key === '.'
  if (!qualified) return type.schema === undefined ? at - 1 : undefined
  return type.schema !== undefined && names(tokens[at - 2]!, type.schema) ? at - 3 : undefined
}

/** Whether an AS is that of `CAST(x AS type)`. */
function isCast(tokens: readonly SqlToken[], as: number): boolean {
  const { depth } = tokens[as]!
  const open = tokens.findLastIndex((one, at) => at < as && one.key === '(' && one.depth === depth - 1)
  return tokens[open - 1]?.key === 'CAST'
}
