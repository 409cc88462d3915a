/**
 * What PostgreSQL and SQLite spell alike. Each dialect makes its {@link Spelling} from these functions, giving its own
 * for what differs.
 */
import type {
  Check,
  Column,
  Deferral,
  DialectName,
  ForeignKey,
  Generated,
  IndexKey,
  ReferentialAction,
  SequenceOptions,
  SqlText,
  TriggerEvent,
  View,
} from '../model/model.ts'
import { bare, neededSql } from '../model/sql-text.ts'
import { scan } from '../model/sql-tokens.ts'
import type { Spelling } from './dialect.ts'

/** `text` between double quotes, as both dialects quote identifiers; quotes inside are doubled. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

/** An identifier: bare when it is lower-case, plain and no keyword, else quoted (as SQLAlchemy does). */
export function identifier(text: string, keywords: ReadonlySet<string>): string {
  return /^[a-z_][a-z0-9_]*$/.test(text) && !keywords.has(text) ? text : quoted(text)
}

/** A string literal; quotes are doubled. Backslashes are plain characters (standard_conforming_strings). */
export function string(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

const ACTIONS: Readonly<Record<ReferentialAction, string>> = {
  no_action: 'NO ACTION',
  restrict: 'RESTRICT',
  cascade: 'CASCADE',
  set_null: 'SET NULL',
  set_default: 'SET DEFAULT',
}

/** `CONSTRAINT name ` before a constraint, nothing for an implicit name. */
export function constraintName(
  sql: Spelling,
  one: { readonly name: string; readonly implicit?: true },
): string {
  return one.implicit ? '' : `CONSTRAINT ${sql.name(one.name)} `
}

/** ` DEFERRABLE INITIALLY DEFERRED`, ` DEFERRABLE`, or nothing. */
export function deferral(deferrable: Deferral | undefined): string {
  if (deferrable === undefined) return ''
  return deferrable === 'deferred' ? ' DEFERRABLE INITIALLY DEFERRED' : ' DEFERRABLE'
}

/** A list in parentheses. */
export function list(items: readonly string[]): string {
  return `(${items.join(', ')})`
}

export function foreignKey(sql: Spelling, one: ForeignKey): string {
  const target = `${sql.qualified(one.references)} ${list(one.references.columns.map(sql.name))}`
  const match = one.match === 'full' ? ' MATCH FULL' : ''
  const onDelete = one.onDelete === undefined ? '' : ` ON DELETE ${ACTIONS[one.onDelete]}`
  const onUpdate = one.onUpdate === undefined ? '' : ` ON UPDATE ${ACTIONS[one.onUpdate]}`
  const head = `${constraintName(sql, one)}FOREIGN KEY ${list(one.columns.map(sql.name))}`
  return `${head} REFERENCES ${target}${match}${onDelete}${onUpdate}${deferral(one.deferrable)}`
}

/** Whether what is written behind a text would be part of a comment, to one of the databases. */
export function endsInComment(text: string): boolean {
  if (!text.includes('--')) return false
  return (['postgres', 'sqlite'] as const).some((dialect) => {
    const last = scan(text, dialect).at(-1)
    return last?.kind === 'comment' && last.text.startsWith('--')
  })
}

/** A text as written that something stands behind, a semicolon or a comma: a comment at its end does not take it in. */
export function closed(text: string): string {
  return endsInComment(text) ? `${text}\n` : text
}

/** An expression as written, in parentheses that a comment at its end does not take in. */
export function inParentheses(expression: string): string {
  return `(${closed(expression)})`
}

export function check(sql: Spelling, one: Check): string {
  return `${constraintName(sql, one)}CHECK ${inParentheses(one.expression)}`
}

/** ` GENERATED ALWAYS AS (…) STORED`. */
export function generated(one: Generated): string {
  return ` GENERATED ALWAYS AS ${inParentheses(one.expression)} ${one.stored ? 'STORED' : 'VIRTUAL'}`
}

/** ` DEFAULT …` or nothing. */
export function defaultClause(sql: Spelling, column: Column): string {
  return column.default === undefined ? '' : ` DEFAULT ${sql.default(column.default, column.type)}`
}

/** `column`, `(expression)`, with collation, operator class and order. */
export function indexKey(sql: Spelling, key: IndexKey): string {
  const what = key.column === undefined ? inParentheses(key.expression!) : sql.name(key.column)
  const collation = key.collation === undefined ? '' : ` COLLATE ${quoted(key.collation)}`
  const opclass = key.opclass === undefined ? '' : ` ${key.opclass}`
  const sort = key.sort === 'desc' ? ' DESC' : ''
  const nulls = key.nulls === undefined ? '' : ` NULLS ${key.nulls.toUpperCase()}`
  return `${what}${collation}${opclass}${sort}${nulls}`
}

/** `CREATE TABLE name (` and its parts, one a line. */
export function createTable(head: string, parts: readonly string[], tail: string): string {
  return `${head} (\n${parts.map((part) => `  ${part}`).join(',\n')}\n)${tail}`
}

/** The SELECT of a view for a dialect. @throws `no-sql` when it has none */
export function viewQuery(view: View, dialect: DialectName): string {
  return bare(neededSql(view.query, dialect, `view "${view.name}"`, ['query']))
}

/** `INSERT OR UPDATE OF a, b`. */
export function triggerEvents(sql: Spelling, events: readonly TriggerEvent[]): string {
  const one = ({ event, of }: TriggerEvent) =>
    `${event.toUpperCase()}${of === undefined ? '' : ` OF ${sql.names(of)}`}`
  return events.map(one).join(' OR ')
}

/** The statement of a trigger that is known by its text alone. @throws `no-sql` when the dialect has none */
export function rawTrigger(sql: SqlText, name: string, dialect: DialectName): string {
  return bare(neededSql(sql, dialect, `trigger "${name}"`, []))
}

/** INCREMENT BY … START WITH … as CREATE SEQUENCE and GENERATED AS IDENTITY write them. */
export function sequenceOptions(options: SequenceOptions): string {
  const words: string[] = []
  if (options.increment !== undefined) words.push(`INCREMENT BY ${options.increment}`)
  if (options.minValue !== undefined) {
    words.push(options.minValue === null ? 'NO MINVALUE' : `MINVALUE ${options.minValue}`)
  }
  if (options.maxValue !== undefined) {
    words.push(options.maxValue === null ? 'NO MAXVALUE' : `MAXVALUE ${options.maxValue}`)
  }
  if (options.start !== undefined) words.push(`START WITH ${options.start}`)
  if (options.cache !== undefined) words.push(`CACHE ${options.cache}`)
  if (options.cycle !== undefined) words.push(options.cycle ? 'CYCLE' : 'NO CYCLE')
  return words.join(' ')
}
