/** What the readers of CREATE TABLE texts share: what they make, and the pieces that stand in columns and constraints. */
import type { ConflictAction, Default, ForeignKey, Generated } from '../../model/model.ts'
import { unquoted } from '../../model/sql-tokens.ts'
import { isName } from './tokens.ts'
import type { Cursor } from './tokens.ts'

export interface ParsedColumn {
  readonly name: string
  /** As written, blanks collapsed; empty when there is none. */
  readonly type: string
  readonly notNull: boolean
  readonly onConflict?: ConflictAction
  readonly default?: Default
  readonly generated?: Generated
  readonly collation?: string
}

/** A constraint before names are given: `name` only when the text has one. */
export type ParsedConstraint =
  | {
    readonly kind: 'primary_key' | 'unique'
    readonly name?: string
    readonly columns: readonly string[]
    readonly descending?: readonly string[]
    readonly onConflict?: ConflictAction
    readonly autoincrement?: true
  }
  | { readonly kind: 'check'; readonly name?: string; readonly expression: string }
  | ParsedForeignKey

export interface ParsedForeignKey extends Pick<ForeignKey, 'onDelete' | 'onUpdate' | 'deferrable' | 'match'> {
  readonly kind: 'foreign_key'
  readonly name?: string
  readonly columns: readonly string[]
  readonly table: string
  /** Absent: the primary key of the table. */
  readonly parentColumns?: readonly string[]
}

export interface ParsedTable {
  readonly columns: readonly ParsedColumn[]
  readonly constraints: readonly ParsedConstraint[]
  readonly strict: boolean
  readonly withoutRowid: boolean
  readonly unmanaged: readonly string[]
}

/** What the readers of columns and constraints add to. */
export interface TableDraft {
  readonly columns: ParsedColumn[]
  readonly constraints: ParsedConstraint[]
  readonly unmanaged: string[]
}

/** Whether DESC comes next. ASC says nothing. */
export function readDescending(cursor: Cursor): boolean {
  return !cursor.accept('ASC') && cursor.accept('DESC')
}

export function readNames(cursor: Cursor): readonly string[] {
  const names: string[] = []
  cursor.expect('(')
  do names.push(cursor.name())
  while (cursor.accept(','))
  cursor.expect(')')
  return names
}

const CONFLICTS: Readonly<Record<string, ConflictAction>> = {
  ROLLBACK: 'rollback',
  ABORT: 'abort',
  FAIL: 'fail',
  IGNORE: 'ignore',
  REPLACE: 'replace',
}

/** `ON CONFLICT REPLACE` if it comes next. ABORT is what happens without the clause. */
export function readConflict(cursor: Cursor): ConflictAction | undefined {
  if (!cursor.accept('ON', 'CONFLICT')) return undefined
  const action = CONFLICTS[cursor.next().key] ?? cursor.fail('a conflict action')
  return action === 'abort' ? undefined : action
}

/** `REFERENCES t (a, b) ON DELETE … ON UPDATE … MATCH …`, from REFERENCES on. */
export function readReferences(
  cursor: Cursor,
  columns: readonly string[],
  name: string | undefined,
  draft: TableDraft,
): ParsedForeignKey {
  cursor.expect('REFERENCES')
  const table = cursor.name()
  const parentColumns = cursor.is('(') ? readNames(cursor) : undefined
  let key: ParsedForeignKey = { kind: 'foreign_key', name, columns, table, parentColumns }
  for (;;) {
    if (cursor.accept('ON', 'DELETE')) key = { ...key, onDelete: readAction(cursor) }
    else if (cursor.accept('ON', 'UPDATE')) key = { ...key, onUpdate: readAction(cursor) }
    else if (cursor.accept('ON', 'INSERT')) readAction(cursor)
    else if (cursor.accept('MATCH')) {
      const match = cursor.name().toUpperCase()
      if (match === 'FULL') key = { ...key, match: 'full' }
      else if (match !== 'SIMPLE') draft.unmanaged.push(`MATCH ${match} of a foreign key`)
    } else return key
  }
}

function readAction(cursor: Cursor): ForeignKey['onDelete'] {
  if (cursor.accept('NO', 'ACTION')) return undefined
  if (cursor.accept('SET', 'NULL')) return 'set_null'
  if (cursor.accept('SET', 'DEFAULT')) return 'set_default'
  if (cursor.accept('CASCADE')) return 'cascade'
  if (cursor.accept('RESTRICT')) return 'restrict'
  return cursor.fail('a foreign key action')
}

/** `[NOT] DEFERRABLE [INITIALLY …]`; NOT DEFERRABLE is as good as nothing. */
export function readDeferral(cursor: Cursor): ForeignKey['deferrable'] {
  const not = cursor.is('NOT', 'DEFERRABLE')
  if (!not && !cursor.is('DEFERRABLE')) return undefined
  cursor.accept('NOT')
  cursor.expect('DEFERRABLE')
  const deferred = cursor.accept('INITIALLY', 'DEFERRED')
  if (!deferred) cursor.accept('INITIALLY', 'IMMEDIATE')
  if (not) return undefined
  return deferred ? 'deferred' : 'immediate'
}

/** The words of a type with its length: `VARCHAR(9)`, `DOUBLE PRECISION`. Blanks are collapsed. */
export function readTypeName(cursor: Cursor, stops: ReadonlySet<string>): string {
  const words: string[] = []
  for (let token = cursor.peek(); isName(token) && !stops.has(token.key); token = cursor.peek()) {
    if (token.key === 'GENERATED' && cursor.is('GENERATED', 'ALWAYS')) break
    words.push(/^[A-Za-z_]\w*$/.test(unquoted(token)) ? unquoted(token) : token.text)
    cursor.next()
  }
  if (words.length === 0 || !cursor.is('(')) return words.join(' ')
  const length = cursor.parenthesised().replaceAll(/\s+/g, '').replaceAll(',', ', ')
  return `${words.join(' ')}(${length})`
}
