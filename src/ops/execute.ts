import { Type } from 'typebox'
import { fault } from '../problem.ts'
import type { DialectName, Model, SqlText } from '../model/model.ts'
import { sqlFor } from '../model/sql-text.ts'
import { defined } from '../model/defined.ts'
import { split } from '../dialect/split.ts'
import type { SplitStatement } from '../dialect/split.ts'
import type { Statement } from '../dialect/dialect.ts'
import type { Definition, Effect, Inverse, Op } from './definition.ts'
import { applyDeclared, declaredEffects, declaredRenames, invertDeclared } from './parts/declared.ts'
import { applyGrants, grantEffects, invertGrants, isGrant } from './parts/raw-grant.ts'
import { applyTriggers, invertTriggers } from './parts/raw-trigger.ts'
import {
  emptiedTable,
  isMaintenance,
  isTransactionControl,
  mayChangeSchema,
  readings,
  runsOutside,
  triggerOf,
} from './parts/raw-sql.ts'
import { fields, optional, sqlPerDialect } from '../shape.ts'

const shape = fields({
  sql: sqlPerDialect(
    'SQL as written: one text, or { postgres: …, sqlite: … }. It may hold several statements.',
    'statements',
  ),
  effects: optional(Type.Union([
    Type.Literal('none'),
    Type.Literal('unknown'),
    Type.Array(
      Type.Record(Type.String(), Type.Unknown(), {
        minProperties: 1,
        maxProperties: 1,
        $comment: 'operation',
      }),
    ),
  ], {
    description:
      'What it does to the schema: none, or the operations that would do the same; unknown: limbeck looks at the database ' +
      'after it. Absent: it looks after what may change the schema by its words.',
  })),
  downgrade: optional(sqlPerDialect('The SQL that undoes it.', 'statements')),
})

export type Execute = Op<'execute', typeof shape>

/**
 * Runs SQL as written.
 *
 * ```yaml
 * - execute: { sql: UPDATE users SET email = lower(email) }
 * - execute:
 *     sql: { postgres: ANALYZE users, sqlite: ANALYZE }
 * ```
 * PostgreSQL and SQLite: the statements, one after the other. A dialect without a text runs nothing.
 *
 * `:name` is refused: nothing gives a parameter a value (in Alembic it is NULL when nobody sets it). What a transaction
 * cannot hold (CREATE INDEX CONCURRENTLY, VACUUM, ALTER TYPE … ADD VALUE…) is moved out of it. BEGIN, COMMIT and
 * ROLLBACK are refused: they would end the revision's own transaction.
 *
 * A statement that may change the schema (CREATE, ALTER, DROP, DO…) is followed by a look at the database, unless
 * `effects` says what it does. CREATE TRIGGER, DROP TRIGGER, GRANT and REVOKE are understood without. `effects: unknown`
 * asks for the look where the words do not tell: `SELECT AddGeometryColumn(…)`.
 */
export const execute: Definition<Execute> = {
  kind: 'execute',
  summary: 'Run SQL as written.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }, { name: 'email', type: 'text' }],
    }],
    operation: { op: 'execute', sql: 'UPDATE users SET email = lower(email)' },
  },
  apply(op, model) {
    const texts = readings(op.sql, op.only)
    if (texts.every((one) => one.statements.length === 0)) {
      fault('no-statement', 'the text holds no SQL statement', { path: ['sql'] })
    }
    if (texts.every((one) => one.statements.some(isTransactionControl))) {
      texts.forEach(({ statements, dialect }) => checkControl(op, statements, dialect))
    }
    if (Array.isArray(op.effects)) return applyDeclared(op.effects, model)
    const next = applyTriggers(texts, model, op.sql)
    return op.effects === 'none' ? next : applyGrants(texts, next)
  },
  invert,
  compile: {
    postgres: (op) => compile(op, 'postgres'),
    sqlite: (op) => compile(op, 'sqlite'),
  },
  effects,
  renames: (op) => Array.isArray(op.effects) ? declaredRenames(op.effects) : [],
  describe: (op) => `execute ${short(Object.values(textsOf(op.sql))[0] ?? '')}`,
  opaque,
  runsSql: true,
  dataFields,
}

function textsOf(text: SqlText): Readonly<Record<string, string>> {
  return typeof text === 'string' ? { sql: text } : text
}

/** The first line that says something, of a bearable length. */
function short(sql: string): string {
  const line = split(sql, 'postgres')[0]?.tokens.map((one) => one.start) ?? []
  const from = line[0] ?? 0
  const text = sql.slice(from).split('\n')[0]!.trim().replace(/;$/, '')
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function checkControl(op: Execute, statements: readonly SplitStatement[], dialect?: DialectName): void {
  const found = statements.find(isTransactionControl)
  if (found === undefined) return
  fault('transaction-control', `"${found.tokens[0]!.text}" would end the transaction of the revision`, {
    path: typeof op.sql === 'string' || dialect === undefined ? ['sql'] : ['sql', dialect],
    hint: 'leave it out: limbeck begins and ends transactions, and moves out of them what cannot be in one',
  })
}

function compile(op: Execute, dialect: DialectName): Statement[] {
  const text = sqlFor(op.sql, dialect)
  if (text === undefined) return []
  const statements = split(text, dialect)
  checkControl(op, statements, dialect)
  return statements.map((one) =>
    runsOutside(one, dialect) ? { sql: one.text, transaction: 'forbidden' } : { sql: one.text }
  )
}

function opaque(op: Execute): boolean {
  if (op.effects !== undefined) return op.effects === 'unknown'
  return readings(op.sql, op.only).some(({ statements }) =>
    statements.some((one) => triggerOf(one) === undefined && mayChangeSchema(one))
  )
}

/** Triggers and privileges are taken from the text. */
function isUnderstood(statement: SplitStatement): boolean {
  return triggerOf(statement) !== undefined || isGrant(statement)
}

function dataFields(op: Execute): string[] {
  const isSchema = [op.sql, op.downgrade ?? ''].some((text) =>
    readings(text, op.only).some(({ statements }) => statements.some(isUnderstood))
  )
  return isSchema ? [] : ['sql', 'downgrade']
}

function invert(op: Execute, before: Model): Inverse {
  const declared = Array.isArray(op.effects) ? invertDeclared(op.effects, before) : undefined
  if (op.downgrade !== undefined) {
    const effects = declared === undefined
      ? op.effects
      : 'irreversible' in declared
      ? undefined
      : declared.yaml
    return [defined({ op: 'execute', only: op.only, sql: op.downgrade, effects, downgrade: op.sql })]
  }
  if (declared !== undefined) return 'irreversible' in declared ? declared : declared.operations
  const texts = readings(op.sql, op.only)
  const unknown = texts.flatMap((one) => one.statements)
    .find((one) => !isMaintenance(one) && (op.effects === 'none' || !isUnderstood(one)))
  if (unknown === undefined) return [...invertGrants(texts, before), ...invertTriggers(texts, before)]
  return {
    irreversible: `nobody knows what undoes "${
      short(unknown.text)
    }"; \`downgrade\` beside \`sql\` can say it`,
  }
}

function effects(op: Execute, before: Model): Effect[] {
  const first = readings(op.sql, op.only).flatMap((one) => one.statements)
  const emptied = [...new Set(first.map(emptiedTable).filter((one) => one !== undefined))]
  return [
    ...(Array.isArray(op.effects) ? declaredEffects(op.effects, before) : []),
    ...(op.effects === undefined ? grantEffects(readings(op.sql, op.only), before) : []),
    ...emptied.map((object): Effect => ({
      kind: 'destroys-data',
      object,
      why: `rows of "${object}" are deleted`,
    })),
    ...(opaque(op)
      ? [{ kind: 'unknown', object: '', why: 'what it does to the schema is not declared' } as const]
      : []),
  ]
}
