/**
 * CREATE TRIGGER taken apart, as both dialects write it (PostgreSQL manual, "CREATE TRIGGER";
 * sqlite.org/lang_createtrigger.html). Both servers keep a trigger's text, so this is how they are read back.
 */
import type { Deferral, DefinedTrigger, DialectName, QualifiedName, TriggerEvent } from '../model/model.ts'
import { eventsInOrder } from '../model/trigger.ts'
import { nameOf, tokenize } from '../model/sql-tokens.ts'
import type { SqlToken } from '../model/sql-tokens.ts'

const TIMINGS: Readonly<Record<string, DefinedTrigger['timing']>> = {
  BEFORE: 'before',
  AFTER: 'after',
  INSTEAD: 'instead_of',
}
const EVENTS: Readonly<Record<string, TriggerEvent['event']>> = {
  INSERT: 'insert',
  UPDATE: 'update',
  DELETE: 'delete',
  TRUNCATE: 'truncate',
}

/** A trigger being read; every step says whether the text went on as expected. */
class Reader {
  readonly sql: string
  readonly dialect: DialectName
  readonly tokens: readonly SqlToken[]
  at = 0

  constructor(sql: string, dialect: DialectName) {
    this.sql = sql
    this.dialect = dialect
    this.tokens = tokenize(sql, dialect)
  }

  accept(...keys: readonly string[]): boolean {
    if (!keys.every((key, i) => this.tokens[this.at + i]?.key === key)) return false
    this.at += keys.length
    return true
  }

  /** SQLite keeps the case of names; strings are names there too. */
  name(): string | undefined {
    const token = this.tokens[this.at]
    if (token === undefined || token.kind === 'number' || token.kind === 'symbol') return undefined
    this.at++
    return this.dialect === 'sqlite' && token.kind === 'word' ? token.text : nameOf(token)
  }

  qualified(): QualifiedName | undefined {
    const first = this.name()
    if (first === undefined) return undefined
    if (!this.accept('.')) return { name: first }
    const name = this.name()
    return name === undefined ? undefined : { schema: first, name }
  }

  names(): string[] | undefined {
    const names: string[] = []
    do {
      const name = this.name()
      if (name === undefined) return undefined
      names.push(name)
    } while (this.accept(','))
    return names
  }

  /** The text from one token up to another. */
  text(from: number, to: number): string {
    return from < to ? this.sql.slice(this.tokens[from]!.start, this.tokens[to - 1]!.end) : ''
  }
}

function events(reader: Reader): TriggerEvent[] | undefined {
  const found: TriggerEvent[] = []
  do {
    const event = EVENTS[reader.tokens[reader.at]?.key ?? '']
    if (event === undefined) return undefined
    reader.at++
    if (event !== 'update' || !reader.accept('OF')) found.push({ event })
    else {
      const of = reader.names()
      if (of === undefined) return undefined
      found.push({ event, of })
    }
  } while (reader.accept('OR'))
  return eventsInOrder(found)
}

type Head = Pick<DefinedTrigger, 'schema' | 'name' | 'table' | 'timing' | 'events' | 'constraint'>

function head(reader: Reader): Head | undefined {
  if (!reader.accept('CREATE')) return undefined
  reader.accept('OR', 'REPLACE')
  const constraint = reader.accept('CONSTRAINT')
  if (!reader.accept('TRIGGER')) return undefined
  reader.accept('IF', 'NOT', 'EXISTS')
  const own = reader.qualified()
  const before = TIMINGS[reader.tokens[reader.at]?.key ?? '']
  if (before !== undefined) reader.at++
  if (before === 'instead_of' && !reader.accept('OF')) return undefined
  const all = events(reader)
  if (own === undefined || all === undefined || !reader.accept('ON')) return undefined
  const table = reader.qualified()
  if (table === undefined) return undefined
  return {
    ...(table.schema === undefined ? {} : { schema: table.schema }),
    name: own.name,
    table: table.name,
    // What SQLite takes when nothing is said.
    timing: before ?? 'before',
    events: all,
    ...(constraint ? { constraint: true } : {}),
  }
}

function sqliteTrigger(reader: Reader): DefinedTrigger | undefined {
  const first = head(reader)
  if (first === undefined) return undefined
  reader.accept('FOR', 'EACH', 'ROW')
  const conditional = reader.accept('WHEN')
  const from = reader.at
  const begin = reader.tokens.findIndex((one, i) => i >= from && one.key === 'BEGIN' && one.depth === 0)
  let end = reader.tokens.length
  while (reader.tokens[end - 1]?.key === ';') end--
  if (begin < 0 || reader.tokens[end - 1]?.key !== 'END' || (!conditional && begin !== from)) return undefined
  let last = end - 1
  while (reader.tokens[last - 1]?.key === ';') last--
  return {
    ...first,
    ...(conditional ? { when: reader.text(from, begin) } : {}),
    body: reader.text(begin + 1, last),
  }
}

function deferral(reader: Reader): { readonly deferrable?: Deferral } {
  if (reader.accept('NOT', 'DEFERRABLE')) {
    reader.accept('INITIALLY', 'IMMEDIATE')
    return {}
  }
  const deferrable = reader.accept('DEFERRABLE')
  if (reader.accept('INITIALLY', 'DEFERRED')) return { deferrable: 'deferred' }
  reader.accept('INITIALLY', 'IMMEDIATE')
  return deferrable ? { deferrable: 'immediate' } : {}
}

/** REFERENCING OLD TABLE AS a NEW TABLE AS b. */
function transitions(reader: Reader): { oldTable?: string; newTable?: string } {
  const found: { oldTable?: string; newTable?: string } = {}
  if (!reader.accept('REFERENCING')) return found
  for (;;) {
    const old = reader.accept('OLD', 'TABLE')
    if (!old && !reader.accept('NEW', 'TABLE')) return found
    reader.accept('AS')
    const name = reader.name()
    if (name !== undefined) found[old ? 'oldTable' : 'newTable'] = name
  }
}

/** The text in the parentheses that open here. */
function parenthesised(reader: Reader): string | undefined {
  const open = reader.tokens[reader.at]
  if (open?.key !== '(') return undefined
  const from = reader.at + 1
  const close = reader.tokens.findIndex((one, i) => i >= from && one.key === ')' && one.depth === open.depth)
  if (close < 0) return undefined
  reader.at = close + 1
  return reader.text(from, close)
}

function call(reader: Reader): DefinedTrigger['function'] {
  if (!reader.accept('EXECUTE', 'FUNCTION') && !reader.accept('EXECUTE', 'PROCEDURE')) return undefined
  const name = reader.qualified()
  if (name === undefined || !reader.accept('(')) return undefined
  const args: string[] = []
  for (;;) {
    const token = reader.tokens[reader.at++]
    if (token === undefined || token.key === ')') break
    if (token.key !== ',') args.push(token.kind === 'number' ? token.text : constant(token))
  }
  return { ...name, arguments: args }
}

/** The value of a string; E'…' strings have escapes of which a trigger's arguments need only the backslash. */
function constant(token: SqlToken): string {
  if (/^e'/i.test(token.text)) {
    return token.text.slice(2, -1).replaceAll("''", "'").replaceAll(/\\(.)/gs, '$1')
  }
  return nameOf(token)
}

function postgresTrigger(reader: Reader): DefinedTrigger | undefined {
  const first = head(reader)
  if (first === undefined) return undefined
  const parts = { ...deferral(reader), ...transitions(reader) }
  const each = reader.accept('FOR')
  if (each) reader.accept('EACH')
  const row = each && reader.accept('ROW')
  if (each && !row && !reader.accept('STATEMENT')) return undefined
  const when = reader.accept('WHEN') ? parenthesised(reader) : undefined
  const calls = call(reader)
  if (calls === undefined) return undefined
  return {
    ...first,
    ...parts,
    ...(row ? {} : { forEach: 'statement' }),
    ...(when === undefined ? {} : { when }),
    function: calls,
  }
}

/**
 * The trigger that a CREATE TRIGGER statement makes; undefined when it says what the model cannot (FROM another table)
 * or is not understood.
 */
export function parseTrigger(sql: string, dialect: DialectName): DefinedTrigger | undefined {
  const reader = new Reader(sql, dialect)
  return dialect === 'sqlite' ? sqliteTrigger(reader) : postgresTrigger(reader)
}
