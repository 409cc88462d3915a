/** Statements of SQL as operations, where an operation says exactly the same. */
import { ProblemError } from '../../problem.ts'
import type { DialectName } from '../../model/model.ts'
import type { SplitStatement } from '../../dialect/split.ts'
import type { Operation } from '../../ops/index.ts'
import { fromOperation, operationFindings } from '../../revision/operation.ts'
import { commented } from './comment.ts'
import { Cursor, notExact } from './cursor.ts'
import { alterTable, cascadeAt, createIndex, createTable } from './table.ts'
import type { Raw } from './table.ts'

/** @returns undefined for what no operation says exactly */
export function operationsOf(
  statement: SplitStatement,
  dialect: DialectName,
): readonly Operation[] | undefined {
  try {
    const cursor = new Cursor(statement, dialect)
    const found = read(cursor)
    cursor.end()
    const operations = found.map((one) => withoutUndefined(one) as unknown as Operation)
    return operations.every((one) => operationFindings(fromOperation(one), []).length === 0)
      ? operations
      : undefined
  } catch (error) {
    if (error instanceof ProblemError && error.problems[0]?.code === 'not-exact') return undefined
    throw error
  }
}

function withoutUndefined(raw: Raw): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined))
}

function read(cursor: Cursor): Raw[] {
  if (cursor.accept('CREATE')) return [created(cursor)]
  if (cursor.accept('DROP')) return dropped(cursor)
  if (cursor.accept('COMMENT')) return [commented(cursor)]
  cursor.expect('ALTER')
  if (cursor.accept('TABLE')) return alterTable(cursor)
  if (cursor.accept('INDEX')) {
    const { name, schema } = cursor.qualified()
    cursor.expect('RENAME', 'TO')
    return [{ op: 'rename_index', name, schema, new_name: cursor.name() }]
  }
  cursor.expect('TYPE')
  return [alteredType(cursor)]
}

function created(cursor: Cursor): Raw {
  if (cursor.accept('TABLE')) return createTable(cursor)
  if (cursor.accept('INDEX')) return createIndex(cursor, false)
  if (cursor.accept('UNIQUE', 'INDEX')) return createIndex(cursor, true)
  if (cursor.accept('TYPE')) {
    const { name, schema } = cursor.qualified()
    cursor.expect('AS', 'ENUM')
    const values = cursor.inside().parts().map((one) => one.string())
    return { op: 'create_enum', name, schema, values }
  }
  if (cursor.accept('SCHEMA')) {
    const lenient = cursor.accept('IF', 'NOT', 'EXISTS')
    return { op: 'create_schema', name: cursor.name(), if_not_exists: lenient || undefined }
  }
  cursor.expect('EXTENSION')
  const lenient = cursor.accept('IF', 'NOT', 'EXISTS')
  const name = cursor.name()
  cursor.accept('WITH')
  const schema = cursor.accept('SCHEMA') ? cursor.name() : undefined
  return { op: 'create_extension', name, schema, if_not_exists: lenient || undefined, ...cascadeAt(cursor) }
}

/** What is dropped by its name alone, and by which operation. A type may be no enum: whoever replays it finds out. */
const DROPS: Readonly<Record<string, string>> = {
  TABLE: 'drop_table',
  INDEX: 'drop_index',
  TYPE: 'drop_enum',
  SCHEMA: 'drop_schema',
  EXTENSION: 'drop_extension',
}

const CASCADES = new Set(['drop_table', 'drop_index', 'drop_schema', 'drop_extension'])

function dropped(cursor: Cursor): Raw[] {
  const op = DROPS[cursor.next().key] ?? notExact()
  const concurrently = op === 'drop_index' && cursor.accept('CONCURRENTLY') ? { concurrently: true } : {}
  const lenient = cursor.accept('IF', 'EXISTS') ? { if_exists: true } : {}
  const names = [cursor.qualified()]
  while (cursor.accept(',')) names.push(cursor.qualified())
  const cascade = cascadeAt(cursor)
  if (cascade.cascade && !CASCADES.has(op)) return notExact()
  return names.map(({ name, schema }) => ({ op, name, schema, ...lenient, ...concurrently, ...cascade }))
}

/** RENAME TO, ADD VALUE and RENAME VALUE of an enum. */
function alteredType(cursor: Cursor): Raw {
  const { name, schema } = cursor.qualified()
  if (cursor.accept('RENAME', 'TO')) return { op: 'rename_enum', name, schema, new_name: cursor.name() }
  if (cursor.accept('RENAME', 'VALUE')) {
    const from = cursor.string()
    cursor.expect('TO')
    return { op: 'rename_enum_value', name, schema, from, to: cursor.string() }
  }
  cursor.expect('ADD', 'VALUE')
  const lenient = cursor.accept('IF', 'NOT', 'EXISTS')
  const value = cursor.string()
  const before = cursor.accept('BEFORE') ? cursor.string() : undefined
  const after = cursor.accept('AFTER') ? cursor.string() : undefined
  return { op: 'add_enum_value', name, schema, value, before, after, if_not_exists: lenient || undefined }
}
