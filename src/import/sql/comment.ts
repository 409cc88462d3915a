/** COMMENT ON. */
import { notExact } from './cursor.ts'
import type { Cursor, Qualified } from './cursor.ts'
import type { Raw } from './table.ts'

/** What is named by its name alone, and what is named by its table, too. */
const OBJECTS = [
  [['DOMAIN'], 'domain'],
  [['INDEX'], 'index'],
  [['MATERIALIZED', 'VIEW'], 'materialized_view'],
  [['SEQUENCE'], 'sequence'],
  [['TYPE'], 'enum'],
  [['VIEW'], 'view'],
] as const
const PARTS = [[['CONSTRAINT'], 'constraint'], [['POLICY'], 'policy'], [['TRIGGER'], 'trigger']] as const

/** What follows COMMENT. A type may be no enum, and a column a view's: whoever replays it finds out. */
export function commented(cursor: Cursor): Raw {
  cursor.expect('ON')
  if (cursor.accept('TABLE')) {
    const table = on(cursor.qualified())
    const comment = textAt(cursor)
    return comment === null
      ? { op: 'drop_table_comment', ...table }
      : { op: 'create_table_comment', ...table, comment }
  }
  if (cursor.accept('COLUMN')) {
    const { schema: table = notExact(), name } = cursor.qualified()
    const where = cursor.accept('.')
      ? { table: name, schema: table, column: cursor.name() }
      : { table, column: name }
    return { op: 'alter_column', ...where, comment: textAt(cursor) }
  }
  const part = PARTS.find(([words]) => cursor.accept(...words))?.[1]
  if (part !== undefined) {
    const name = cursor.name()
    cursor.expect('ON')
    return { op: 'set_comment', object: part, name, ...on(cursor.qualified()), comment: textAt(cursor) }
  }
  const object = OBJECTS.find(([words]) => cursor.accept(...words))?.[1] ?? notExact()
  return { op: 'set_comment', object, ...cursor.qualified(), comment: textAt(cursor) }
}

function on({ name, schema }: Qualified): { readonly table: string; readonly schema?: string } {
  return schema === undefined ? { table: name } : { table: name, schema }
}

/** The comment; null for none. PostgreSQL takes an empty one for none. */
function textAt(cursor: Cursor): string | null {
  cursor.expect('IS')
  return cursor.accept('NULL') ? null : cursor.string() || null
}
