/** What can be told of raw SQL by its words: whether it changes the schema, and whether a transaction can hold it. */
import type { DialectName, Model, SqlText, Trigger } from '../../model/model.ts'
import { nameOf } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'
import { defined } from '../../model/defined.ts'
import { split } from '../../dialect/split.ts'
import type { SplitStatement } from '../../dialect/split.ts'

/** The keywords of a statement outside parentheses, for matching; what is no word or symbol is `?`. */
function keywords(statement: SplitStatement): string {
  return statement.tokens.filter((one) => one.depth === 0).map((one) => one.key === '' ? '?' : one.key).join(
    ' ',
  )
}

const CONTROL =
  /^(BEGIN|COMMIT|END|ABORT|START TRANSACTION|PREPARE TRANSACTION|ROLLBACK(?!( WORK| TRANSACTION)? TO))\b/

/** Whether it begins or ends a transaction; savepoints do not. */
export function isTransactionControl(statement: SplitStatement): boolean {
  return CONTROL.test(keywords(statement))
}

/**
 * What PostgreSQL refuses in a transaction block (PreventInTransactionBlock in its source), and ALTER TYPE … ADD VALUE,
 * whose value cannot be used before the end of the transaction. SQLite: VACUUM, DETACH, and pragmas that do nothing or
 * fail in a transaction (sqlite.org/pragma.html).
 */
const OUTSIDE: Readonly<Record<DialectName, readonly RegExp[]>> = {
  postgres: [
    /^VACUUM\b/,
    /^(CREATE|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION)\b/,
    /^ALTER SYSTEM\b/,
    /^ALTER DATABASE \S+ SET TABLESPACE\b/,
    /^ALTER SUBSCRIPTION .*\bPUBLICATION\b/,
    /^CREATE( UNIQUE)? INDEX CONCURRENTLY\b/,
    /^DROP INDEX CONCURRENTLY\b/,
    /^REINDEX.*\bCONCURRENTLY\b/,
    /^REINDEX (\( \) )?(DATABASE|SYSTEM|SCHEMA)\b/,
    /^CLUSTER( VERBOSE)?$/,
    /^ALTER TABLE .*\bDETACH PARTITION .*\bCONCURRENTLY$/,
    /^ALTER TYPE .*\bADD VALUE\b/,
    /^DISCARD ALL\b/,
  ],
  sqlite: [
    /^(VACUUM|ATTACH|DETACH)\b/,
    /^PRAGMA (\S+ \. )?(FOREIGN_KEYS|JOURNAL_MODE|SYNCHRONOUS|AUTO_VACUUM|PAGE_SIZE|WAL_CHECKPOINT|TEMP_STORE)\b/,
  ],
}

/** Whether a transaction cannot hold it. */
export function runsOutside(statement: SplitStatement, dialect: DialectName): boolean {
  // REINDEX (CONCURRENTLY) TABLE t: the option stands in parentheses.
  const all = statement.tokens[0]?.key === 'REINDEX' &&
    statement.tokens.some((one) => one.key === 'CONCURRENTLY')
  return all || OUTSIDE[dialect].some((pattern) => pattern.test(keywords(statement)))
}

const MAINTENANCE =
  /^(ANALYZE|ANALYSE|SET|RESET|SHOW|EXPLAIN|REINDEX|VACUUM|CLUSTER|CHECKPOINT|LOCK|DISCARD|PRAGMA|REFRESH)\b/

/** What begins with a parenthesis is a query. */
const DATA = /^(\(|(SELECT|INSERT|UPDATE|DELETE|MERGE|REPLACE|VALUES|TABLE|WITH|COPY|TRUNCATE)\b)/

/** What leaves tables, views, types, sequences and triggers as they are. */
const OTHER = [
  /^(GRANT|REVOKE|SECURITY LABEL|REASSIGN|ALTER DEFAULT PRIVILEGES)\b/,
  // Of what the model holds no comments of.
  /^COMMENT ON (DATABASE|ROLE|SCHEMA|EXTENSION|LANGUAGE|TABLESPACE|PUBLICATION|SUBSCRIPTION)\b/,
  /^(LISTEN|NOTIFY|UNLISTEN|DECLARE|FETCH|MOVE|CLOSE|PREPARE|DEALLOCATE|LOAD|SAVEPOINT|RELEASE|ROLLBACK)\b/,
  /^(ATTACH|DETACH)\b/,
  /^CREATE( GLOBAL| LOCAL)? (TEMP|TEMPORARY) (TABLE|VIEW|SEQUENCE|TRIGGER)\b/,
  /^(CREATE|ALTER|DROP) (ROLE|USER|GROUP|DATABASE|TABLESPACE|PUBLICATION|SUBSCRIPTION|SYSTEM|STATISTICS)\b/,
]

/** SELECT … INTO makes a table; who writes into the catalogues may do anything. */
const HIDDEN = [
  /^(SELECT|WITH)\b(?!.*\b(INSERT|MERGE)\b).*\bINTO\b/,
  /^(INSERT INTO|UPDATE|DELETE FROM) (SQLITE_MASTER|SQLITE_SCHEMA|PG_\w+)\b/,
]

/** Whether the statement may change what the model holds. Triggers are read by {@link triggerOf}. */
export function mayChangeSchema(statement: SplitStatement): boolean {
  const words = keywords(statement)
  const known = MAINTENANCE.test(words) || DATA.test(words) || OTHER.some((pattern) => pattern.test(words))
  return !known || HIDDEN.some((pattern) => pattern.test(words))
}

/** Whether there is nothing to undo: it changes neither rows nor schema. */
export function isMaintenance(statement: SplitStatement): boolean {
  return MAINTENANCE.test(keywords(statement))
}

/** The table whose rows DELETE or TRUNCATE destroys. */
export function emptiedTable(statement: SplitStatement): string | undefined {
  const match = /^(?:DELETE FROM|TRUNCATE)(?: TABLE)?(?: ONLY)? \S+( \. \S+)?/.exec(keywords(statement))
  if (match === null) return undefined
  const target = statement.tokens[match[0].split(' ').length - 1]
  return target === undefined ? undefined : nameOf(target)
}

/** CREATE TRIGGER or DROP TRIGGER, in raw SQL. */
export interface TriggerStatement {
  readonly action: 'create' | 'drop'
  readonly name: string
  /** Absent in SQLite's DROP TRIGGER. */
  readonly table?: string
  readonly schema?: string
  /** OR REPLACE, IF NOT EXISTS. */
  readonly lenient: boolean
  /** BEGIN … END: SQLite's. */
  readonly hasBody: boolean
}

function hasBody(tokens: readonly SqlToken[]): boolean {
  return tokens.some((one) => one.key === 'BEGIN')
}

/** Names as the server keeps them: PostgreSQL folds what is not quoted. */
function named(tokens: readonly SqlToken[], at: number): { schema?: string; name: string } | undefined {
  const read = (token: SqlToken) => token.kind === 'word' && hasBody(tokens) ? token.text : nameOf(token)
  const first = tokens[at]
  if (first === undefined) return undefined
  const second = tokens[at + 1]?.key === '.' ? tokens[at + 2] : undefined
  return second === undefined ? { name: read(first) } : { schema: read(first), name: read(second) }
}

const TRIGGER = /^(?:CREATE( OR REPLACE)?( CONSTRAINT)?|(DROP)) TRIGGER( IF NOT EXISTS| IF EXISTS)? /

/** The trigger that the statement creates or drops; undefined for any other statement, and for temporary triggers. */
export function triggerOf({ tokens }: SplitStatement): TriggerStatement | undefined {
  const match = TRIGGER.exec(tokens.map((one) => one.key === '' ? '?' : one.key).join(' ') + ' ')
  if (match === null) return undefined
  const trigger = named(tokens, match[0].split(' ').length - 1)
  const on = tokens.findIndex((one) => one.key === 'ON')
  const table = on < 0 ? undefined : named(tokens, on + 1)
  if (trigger === undefined) return undefined
  return defined({
    action: match[3] === undefined ? 'create' as const : 'drop' as const,
    name: trigger.name,
    table: table?.name,
    schema: table?.schema ?? trigger.schema,
    lenient: match[1] !== undefined || match[4] !== undefined,
    hasBody: hasBody(tokens),
  })
}

/** One text of an operation, taken apart. `dialect` is absent when the text is for both. */
export interface Reading {
  readonly dialect?: DialectName
  readonly statements: readonly SplitStatement[]
}

/** The texts of an operation, taken apart; one of unknown dialect is read by PostgreSQL's rules. */
export function readings(text: SqlText, only?: DialectName): Reading[] {
  if (typeof text === 'string') {
    return [defined({ dialect: only, statements: split(text, only ?? 'postgres') })]
  }
  return (Object.entries(text) as [DialectName, string][])
    .filter(([dialect]) => only === undefined || dialect === only)
    .map(([dialect, sql]) => ({ dialect, statements: split(sql, dialect) }))
}

/** The model's trigger that a statement is about. */
export function knownTrigger(model: Model, one: TriggerStatement): Trigger | undefined {
  return model.triggers.find((known) =>
    known.name === one.name && (one.table === undefined || known.table === one.table) &&
    (one.schema === undefined || known.schema === one.schema)
  )
}
