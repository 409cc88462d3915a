/** Which columns a query reads, where it reads several relations. It knows tokens, no grammar. */
import {
  introducer,
  isColumn,
  isName,
  KEYWORDS,
  names,
  READ_AFTER,
  readsRelation,
  RESERVED,
} from './sql-names.ts'
import { mayName, tokenize, unquoted } from './sql-tokens.ts'
import type { SqlToken } from './sql-tokens.ts'

/** Words after which a name is no alias. */
const BEFORE_COLUMN = new Set(
  'ALL AND BETWEEN BY CASE DISTINCT ELSE FROM HAVING ILIKE IN IS LIKE NOT ON OR SELECT THEN WHEN WHERE'.split(
    ' ',
  ),
)

/** Whether a query that reads one relation certainly names the column of it. */
export function readsColumn(query: string, relation: string, column: string): boolean {
  if (!mayName(query, relation) || !mayName(query, column)) return false
  const tokens = tokenize(query, 'either')
  const relations = tokens.filter((token, at) =>
    isName(token) && !KEYWORDS.has(token.key) && READ_AFTER.includes(introducer(tokens, at))
  )
  if (relations.length !== 1 || tokens.some((token) => token.key === 'WITH')) return false
  if (!readsRelation(query, relation)) return false
  const owners = ownersIn(tokens, relation)
  return tokens.some((token, at) => {
    if (!names(token, column) || !isColumn(tokens, at)) return false
    const before = tokens[at - 1]
    if (before?.key === '.') return isOwner(tokens[at - 2], owners)
    if (before?.kind === 'symbol') return before.key !== ')'
    return before?.kind === 'word' && BEFORE_COLUMN.has(before.key)
  })
}

/**
 * Whether a query certainly reads the column of the relation: it names it alone ({@link readsColumn}), or behind what it
 * calls the relation: `users.mood`, `u.mood`.
 */
export function readsColumnOf(query: string, relation: string, column: string): boolean {
  if (readsColumn(query, relation, column)) return true
  if (!mayName(query, column) || !readsRelation(query, relation)) return false
  const tokens = tokenize(query, 'either')
  const owners = ownersIn(tokens, relation)
  return tokens.some((token, at) =>
    names(token, column) && tokens[at - 1]?.key === '.' && tokens[at + 1]?.key !== '(' &&
    isOwner(tokens[at - 2], owners)
  )
}

function isOwner(token: SqlToken | undefined, owners: readonly string[]): boolean {
  return token !== undefined && isName(token) && owners.some((owner) => names(token, owner))
}

/** What stands before a dot for the relation, its alias or its name, and for no other one. */
function ownersIn(tokens: readonly SqlToken[], relation: string): string[] {
  const own = new Set<string>()
  const others = new Set<string>()
  tokens.forEach((token, at) => {
    if (!isName(token) || tokens[at + 1]?.key === '.' || !READ_AFTER.includes(introducer(tokens, at))) return
    const called = names(token, relation) ? own : others
    called.add(aliasAt(tokens, tokens[at + 1]?.key === 'AS' ? at + 2 : at + 1) ?? unquoted(token))
  })
  return [...own].filter((one) => !others.has(one))
}

function aliasAt(tokens: readonly SqlToken[], at: number): string | undefined {
  const token = tokens[at]
  if (token === undefined || !isName(token)) return undefined
  return token.kind === 'word' && RESERVED.has(token.text.toLowerCase()) ? undefined : unquoted(token)
}
