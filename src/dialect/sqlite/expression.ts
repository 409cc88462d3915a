/** Comparing SQL expressions by their tokens. */
import { closing } from './parse-column.ts'
import { identifierOf, tokenize } from './tokens.ts'
import type { Token } from './tokens.ts'

/** Whether two expressions are the same text but for blanks, case, quotes of names and outer parentheses. */
export function sameExpression(a: string, b: string): boolean {
  return a === b || normalised(a) === normalised(b)
}

const OPERATORS: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' }

function normalised(expression: string): string {
  return bare(tokenize(expression)).map(wordOf).join(' ')
}

/** Without parentheses around the whole, and without doubled ones inside. */
function bare(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.key !== '(') {
      kept.push(token)
      continue
    }
    const end = i + closing(tokens.slice(i))
    if (end < i) return tokens
    const inner = bare(tokens.slice(i + 1, end))
    const whole = i === 0 && end === tokens.length - 1
    if (whole || inner.length === 1 && !isCall(tokens[i - 1])) kept.push(...inner)
    else kept.push(token, ...inner, tokens[end]!)
    i = end
  }
  return kept
}

/** A parenthesis behind a name is a call's, and IN's list stays one. */
function isCall(before: Token | undefined): boolean {
  return before !== undefined && (before.kind === 'word' || before.kind === 'quoted') && !GLUE.has(before.key)
}

const GLUE: ReadonlySet<string> = new Set([
  'AND',
  'OR',
  'NOT',
  'WHEN',
  'THEN',
  'ELSE',
  'BETWEEN',
  'LIKE',
  'IS',
  'CASE',
])

function wordOf(token: Token): string {
  const name = identifierOf(token)
  if (name !== undefined) return /^[a-z_][\w$]*$/.test(name) ? name : `"${name}"`
  return token.kind === 'string' ? token.text : OPERATORS[token.key] ?? token.text.toLowerCase()
}
