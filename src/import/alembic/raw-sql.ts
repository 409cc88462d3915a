/** SQL that Alembic runs as written: what it comes to in a revision. */
import type { Place } from '../python/syntax.ts'
import { stepsOf } from '../sql/steps.ts'
import type { Collection } from './context.ts'

/** Where everything of a statement of Python is said to be: its own place is put there later. */
const NOWHERE = { file: '', line: 1, col: 1 }

/** A text between dollar signs, which SQLite has not. */
const DOLLARS = /\$(?:[a-z_]\w*)?\$/i

/** Emits SQL statement by statement. */
export function emitSql(sql: string, at: Place, context: Collection): void {
  const { dialect = DOLLARS.test(sql) ? 'postgres' : context.dialect ?? 'postgres' } = context.options
  const steps = stepsOf(sql, dialect, {
    at: () => NOWHERE,
    settings: context.settings,
    note: (message) => context.note(at, message),
  })
  for (const step of steps) context.operations.push({ ...step, at })
}
