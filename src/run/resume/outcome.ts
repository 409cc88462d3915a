/** Whether a statement was done that a run sent outside any transaction before it was cut short: by looking. */
import { ProblemError } from '../../problem.ts'
import type { Model, QualifiedName } from '../../model/model.ts'
import { split } from '../../dialect/split.ts'
import { definitionOf } from '../../ops/index.ts'
import type { Placed } from '../../plan/placed.ts'
import type { Left } from '../records/checkpoint.ts'
import type { Unfinished } from '../records/unfinished.ts'

/** `open`: it is to be done, again if need be. */
export type Outcome = 'done' | 'open' | 'unknown'

/** What is known of a statement that may be done. */
export interface Question {
  readonly statement: Left
  readonly operation: Placed
  /** Whether it is the first of the operation. */
  readonly isFirst: boolean
  readonly begun: Unfinished
  /** The schema as it is in the database. */
  readonly model: Model
  /** The schema that is meant where none is named; absent on SQLite. */
  readonly home?: string | undefined
}

/** Whether the database said that what was tried last did not go, or was told to stop it. */
export function isAnswered({ status }: Unfinished): boolean {
  return status === 'failed' || status === 'stopped'
}

/** Statements that may be done any number of times. */
const HARMLESS =
  /^\s*(?:VACUUM|ANALYZE|REINDEX|REFRESH|CHECKPOINT|PRAGMA|SET|RESET|COMMENT\s+ON)\b|^\s*(?:CREATE|DROP)\b[^;(]*\bIF\s+(?:NOT\s+)?EXISTS\b/i

/** A statement that changes the schema, and nothing else. */
const SCHEMA = /^\s*(?:CREATE|ALTER|DROP|COMMENT|GRANT|REVOKE)\b/i

/** Says of a statement whether it was done. */
export function outcomeOf(question: Question): Outcome {
  const { statement: { sql, again }, operation, isFirst, model, home } = question
  if (again || HARMLESS.test(sql) || isRefused(question)) return 'open'
  const there = isThere(sql, model, home)
  if (there !== undefined) return there
  const opaque = definitionOf(operation.operation).opaque?.(operation.operation) ?? false
  if (isFirst && !opaque) {
    const found = byApply(question)
    if (found !== undefined) return found
  }
  return 'unknown'
}

/** CONCURRENTLY is more than one transaction: the last may be done. */
const IN_PARTS = /\bCONCURRENTLY\b/i

/**
 * What the database refused, or was told to stop, it did not do: what is there by the same name is something else. Of
 * several statements it may have done the first.
 */
function isRefused({ begun, statement: { sql } }: Question): boolean {
  return isAnswered(begun) && !IN_PARTS.test(sql) && split(sql, 'postgres').length < 2
}

const PART = '("(?:[^"]|"")+"|[\\w$]+)'
const NAME = `(?:${PART}\\.)?${PART}`
const OBJECT = new RegExp(
  `^\\s*(CREATE|DROP)\\s+(?:UNIQUE\\s+)?(TABLE|INDEX|TYPE|VIEW|SEQUENCE)\\s+(?:CONCURRENTLY\\s+)?${NAME}` +
    `(?:\\s+ON\\s+(?:ONLY\\s+)?${NAME})?`,
  'i',
)

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}

/**
 * What CREATE and DROP of something with a name left behind; undefined for any other statement.
 * @param home the schema that is meant where none is named; undefined on SQLite, to which the case of names does not count
 */
function isThere(sql: string, model: Model, home: string | undefined): Outcome | undefined {
  const match = OBJECT.exec(sql)
  if (match === null || /^ON$/i.test(match[4]!)) return undefined
  const [, verb = '', kind = '', before, written = '', on] = match
  const creates = verb.toUpperCase() === 'CREATE'
  // An index is made in the schema of its table, and dropped by its own name.
  const prefix = creates && /^index$/i.test(kind) ? on : before
  const inCase = (name: string) => home === undefined ? name.toLowerCase() : name
  const schema = prefix === undefined ? home ?? 'main' : inCase(unquoted(prefix))
  const name = inCase(unquoted(written))
  const found = namesOf(model, kind.toUpperCase()).some((one) =>
    inCase(one.name) === name && (one.schema ?? home ?? 'main') === schema
  )
  return found === creates ? 'done' : 'open'
}

function namesOf(model: Model, kind: string): readonly QualifiedName[] {
  const { tables, materializedViews, views, enums, sequences } = model
  if (kind === 'TABLE') return tables
  if (kind === 'INDEX') {
    return [...tables, ...materializedViews].flatMap(({ schema, indexes = [] }) =>
      indexes.map(({ name }) => schema === undefined ? { name } : { schema, name })
    )
  }
  if (kind === 'TYPE') return enums
  return kind === 'VIEW' ? views : sequences
}

/** What the operation would do to the schema as it is: nothing, or nothing any more, when it is done. */
function byApply({ operation: { operation }, statement: { sql }, model }: Question): Outcome | undefined {
  try {
    const after = definitionOf(operation).apply(operation, model)
    if (JSON.stringify(after) !== JSON.stringify(model)) return 'open'
    return SCHEMA.test(sql) ? 'done' : undefined
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const code = error.problems[0]?.code ?? ''
    const removes = /\b(?:DROP|RENAME)\b/i.test(sql)
    return code.endsWith('-exists') || (code.startsWith('no-such-') && removes) ? 'done' : 'open'
  }
}
