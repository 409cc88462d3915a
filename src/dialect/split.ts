/** The statements of an SQL text, for both dialects. */
import type { DialectName } from '../model/model.ts'
import { scan } from '../model/sql-tokens.ts'
import type { SqlToken } from '../model/sql-tokens.ts'

export interface SplitStatement {
  /** Without its semicolon, from the comments above it to its last token. */
  readonly text: string
  /** Where it begins in the whole text, in characters. */
  readonly offset: number
  /** Its tokens, without comments; their offsets are those in the whole text. */
  readonly tokens: readonly SqlToken[]
}

/**
 * Splits a text at the semicolons that end statements: not those in quotes, dollar quotes, comments and parentheses
 * (CREATE RULE … DO (a; b)), in `CREATE TRIGGER … BEGIN … END` (SQLite: it ends at `; END`, as sqlite3_complete has it)
 * and in `BEGIN ATOMIC … END` (PostgreSQL: CASE … END nests in it, as psql has it).
 *
 * What is unfinished (an open quote) goes on to the end: the database says what is wrong with it. CREATE TRIGGER … BEGIN
 * is understood in PostgreSQL's texts too, so that a text of unknown dialect can be read by its rules.
 */
export function split(sql: string, dialect: DialectName): SplitStatement[] {
  const statements: SplitStatement[] = []
  let current: SqlToken[] = []
  let comments: SqlToken[] = []
  let previousEnd = -1
  const close = (end: number) => {
    if (current.length > 0) statements.push(statement(sql, current, leading(sql, comments, previousEnd)))
    current = []
    comments = []
    previousEnd = end
  }
  let body: Body | undefined
  for (const token of scan(sql, dialect)) {
    if (token.kind === 'comment') {
      if (current.length === 0) comments.push(token)
      continue
    }
    if (current.length === 0) body = undefined
    if (token.key === ';' && token.depth === 0 && (body === undefined || body.ends(current))) {
      close(token.end)
      continue
    }
    current.push(token)
    body ??= bodyOf(current)
    body?.take(token)
  }
  close(sql.length)
  return statements
}

function statement(sql: string, tokens: readonly SqlToken[], above: readonly SqlToken[]): SplitStatement {
  const offset = above[0]?.start ?? tokens[0]!.start
  return { text: sql.slice(offset, tokens.at(-1)!.end), offset, tokens }
}

/** A comment on the line on which the statement before it ends is about that one. */
function leading(sql: string, comments: readonly SqlToken[], previousEnd: number): SqlToken[] {
  if (previousEnd < 0) return [...comments]
  return comments.filter((one) => sql.slice(previousEnd, one.start).includes('\n'))
}

/** A part of a statement in which semicolons separate inner statements. */
interface Body {
  take(token: SqlToken): void
  /** Whether a semicolon after these tokens ends the statement. */
  ends(tokens: readonly SqlToken[]): boolean
}

const BEFORE_WHAT: ReadonlySet<string> = new Set([
  'EXPLAIN',
  'CREATE',
  'OR',
  'REPLACE',
  'TEMP',
  'TEMPORARY',
  'CONSTRAINT',
])

/** The body that the statement may have, known by its last token: CREATE … TRIGGER, FUNCTION or PROCEDURE. */
function bodyOf(tokens: readonly SqlToken[]): Body | undefined {
  const what = tokens.at(-1)!.key
  if (what !== 'TRIGGER' && what !== 'FUNCTION' && what !== 'PROCEDURE') return undefined
  const head = tokens.slice(0, -1)
  if (!head.every((one) => BEFORE_WHAT.has(one.key)) || !head.some((one) => one.key === 'CREATE')) {
    return undefined
  }
  return what === 'TRIGGER' ? triggerBody() : routineBody()
}

function triggerBody(): Body {
  let begun = false
  return {
    take(token) {
      begun ||= token.key === 'BEGIN' && token.depth === 0
    },
    ends: (tokens) => !begun || (tokens.at(-1)?.key === 'END' && tokens.at(-2)?.key === ';'),
  }
}

function routineBody(): Body {
  let before = ''
  let open = 0
  return {
    take({ key }) {
      if (open > 0 && (key === 'CASE' || key === 'BEGIN')) open++
      else if (open > 0 && key === 'END') open--
      else if (key === 'ATOMIC' && before === 'BEGIN') open = 1
      before = key
    },
    ends: () => open === 0,
  }
}
