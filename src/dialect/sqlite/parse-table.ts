/**
 * Reads the CREATE TABLE texts that SQLite keeps in sqlite_schema. They are whatever a person wrote, but SQLite has
 * accepted them, so the whole grammar (src/parse.y) is small: expressions are balanced parentheses. What the model
 * cannot hold is told in words (`unmanaged`), never dropped.
 */
import { Cursor } from './tokens.ts'
import { readColumn } from './parse-column.ts'
import { readConflict, readDeferral, readDescending, readNames, readReferences } from './parse-parts.ts'
import type { ParsedTable, TableDraft } from './parse-parts.ts'

/**
 * The parts of a CREATE TABLE text.
 * @throws a problem `unreadable-ddl` for a text that is not one (a virtual table's, say)
 */
export function parseTable(sql: string): ParsedTable {
  const cursor = new Cursor(sql)
  const draft: TableDraft = { columns: [], constraints: [], unmanaged: [] }
  cursor.expect('CREATE')
  if (!cursor.accept('TEMP')) cursor.accept('TEMPORARY')
  cursor.expect('TABLE')
  cursor.accept('IF', 'NOT', 'EXISTS')
  cursor.name()
  if (cursor.accept('.')) cursor.name()
  cursor.expect('(')
  do {
    if (startsConstraint(cursor)) break
    readColumn(cursor, draft)
  } while (cursor.accept(','))
  while (!cursor.is(')')) {
    readTableConstraint(cursor, draft)
    cursor.accept(',')
  }
  cursor.expect(')')
  const options = readOptions(cursor, draft)
  return { ...draft, ...options }
}

const CONSTRAINT_WORDS = new Set(['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'])

/** All five words are reserved, so no column can bear one of them unquoted. */
function startsConstraint(cursor: Cursor): boolean {
  return CONSTRAINT_WORDS.has(cursor.peek()?.key ?? '')
}

function readOptions(cursor: Cursor, draft: TableDraft): { strict: boolean; withoutRowid: boolean } {
  let strict = false
  let withoutRowid = false
  while (cursor.peek() !== undefined && !cursor.is(';')) {
    if (cursor.accept('STRICT')) strict = true
    else if (cursor.accept('WITHOUT', 'ROWID')) withoutRowid = true
    else if (!cursor.accept(',')) draft.unmanaged.push(`the table option ${optionText(cursor)}`)
  }
  return { strict, withoutRowid }
}

/** libSQL knows an option more: RANDOM ROWID. */
function optionText(cursor: Cursor): string {
  const words: string[] = []
  while (cursor.peek() !== undefined && !cursor.is(',') && !cursor.is(';')) words.push(cursor.next().text)
  return words.join(' ')
}

function readTableConstraint(cursor: Cursor, draft: TableDraft): void {
  let name: string | undefined
  while (cursor.accept('CONSTRAINT')) name = cursor.name()
  if (cursor.is(')') || cursor.is(',')) return
  if (cursor.accept('PRIMARY', 'KEY')) return readKey(cursor, draft, 'primary_key', name)
  if (cursor.accept('UNIQUE')) return readKey(cursor, draft, 'unique', name)
  if (cursor.accept('CHECK')) {
    draft.constraints.push({ kind: 'check', name, expression: cursor.parenthesised() })
    if (readConflict(cursor) !== undefined) draft.unmanaged.push('ON CONFLICT of a CHECK constraint')
    return
  }
  if (!cursor.accept('FOREIGN', 'KEY')) return cursor.fail('a table constraint')
  const columns = readNames(cursor)
  const key = readReferences(cursor, columns, name, draft)
  draft.constraints.push({ ...key, deferrable: readDeferral(cursor) })
}

function readKey(cursor: Cursor, draft: TableDraft, kind: 'primary_key' | 'unique', name?: string): void {
  const columns: string[] = []
  const descending: string[] = []
  let autoincrement: true | undefined
  const what = kind === 'unique' ? 'unique constraint' : 'primary key'
  cursor.expect('(')
  do {
    columns.push(cursor.name())
    if (cursor.accept('COLLATE')) draft.unmanaged.push(`COLLATE ${cursor.name()} in the ${what}`)
    if (readDescending(cursor)) descending.push(columns.at(-1)!)
    if (cursor.accept('AUTOINCREMENT')) autoincrement = true
  } while (cursor.accept(','))
  cursor.expect(')')
  draft.constraints.push({ kind, name, columns, descending, onConflict: readConflict(cursor), autoincrement })
}
