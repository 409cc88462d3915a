/**
 * The texts of a model that PostgreSQL writes anew, and how it is asked for each: what makes it on something temporary,
 * and the query that reads back what the server made of it.
 */
import type { Column, Domain, Model, QualifiedName, Routine, Table, Trigger } from '../../model/model.ts'
import { isStandardBody } from '../../model/routine.ts'
import { sqlFor } from '../../model/sql-text.ts'
import { isRaw } from '../../model/trigger.ts'
import { parseTrigger } from '../trigger-text.ts'
import { inParentheses } from '../ansi.ts'
import { canonicalDefault } from './default.ts'
import { spelling as sql } from './spelling.ts'
import { withColumnNames } from './view-columns.ts'

/** A text in a model. */
export interface Text {
  readonly text: string
  /** Of a default: whether it is a value, which the server keeps in its own words, too. */
  readonly literal?: boolean
  /** The table whose columns it is over; absent for what needs none. */
  readonly table?: Table
  /** A query that shows every column of what it reads, which may be others once that has changed. */
  readonly whole?: true
  /**
   * How the server is asked. Few texts come to that: most are the same to the letter.
   * @param model that the text is in
   */
  question(model: Model): Question
}

export interface Question {
  /** What makes it. */
  readonly make: readonly string[]
  /** The query that reads it back, as `text`. */
  readonly read: string
  /** Takes the text out of what was read. */
  readonly taken?: (read: string) => string | undefined
  /** What is read where nothing can be made: on a standby, without the privilege TEMPORARY. */
  readonly unmade?: string
}

/** The name of what is made for asking, in pg_temp. */
export const TEMPORARY = 'limbeck_asks'
const HERE = `'pg_temp.${TEMPORARY}'::regclass`
const ALTER = `ALTER TABLE pg_temp.${TEMPORARY}`

/** What tells a text. */
export function key(
  kind: string,
  { schema = '', name }: QualifiedName,
  ...more: readonly (string | number)[]
): string {
  return [kind, schema, name, ...more].join('\0')
}

/** The key of a trigger's condition. */
export function triggerKey({ schema, table, name }: Trigger): string {
  return key('when', { schema, name: table }, name)
}

/** The key of the body of a function. */
export function bodyKey(one: Routine): string {
  return key('body', one, ...one.arguments.map((argument) => argument.type))
}

type Found = Map<string, Text>

/**
 * The texts of a model, by what they belong to.
 * @param except tables that are not looked at
 */
export function textsOf(model: Model, except: ReadonlySet<Table>): Found {
  const found: Found = new Map()
  viewTexts(model, found)
  for (const domain of model.domains) domainTexts(domain, found)
  for (const one of model.functions) bodyText(one, found)
  for (const table of model.tables) {
    if (!except.has(table)) { for (const [at, text] of tableTexts(table)) found.set(at, text) }
  }
  triggerTexts(model, found)
  return found
}

/** The texts of tables that were asked for before: `check` compares every table with two others. */
const OF_TABLE = new WeakMap<Table, Found>()

function tableTexts(table: Table): Found {
  const known = OF_TABLE.get(table)
  if (known !== undefined) return known
  const found: Found = new Map()
  columnTexts(table, found)
  constraintTexts(table, found)
  indexTexts(table, found)
  policyTexts(table, found)
  OF_TABLE.set(table, found)
  return found
}

const WHOLE = /(?:\bselect\s+(?:all\s+|distinct\s+)?|,\s*|\.\s*)\*/i

function viewTexts(model: Model, found: Found): void {
  for (const view of [...model.views, ...model.materializedViews]) {
    const query = sqlFor(view.query, 'postgres')
    if (query === undefined) continue
    const { columns } = view
    found.set(key('view', view), {
      text: columns === undefined ? query : withColumnNames(query, columns) ?? query,
      question: () => ({
        make: [
          `CREATE TEMPORARY VIEW ${TEMPORARY}${
            columns === undefined ? '' : ` (${sql.names(columns)})`
          } AS ${query}`,
        ],
        read: `SELECT pg_get_viewdef(${HERE}) AS text`,
      }),
      ...(WHOLE.test(query) ? { whole: true } : {}),
    })
  }
}

function domainTexts(domain: Domain, found: Found): void {
  for (const { name, expression } of domain.checks) {
    found.set(key('domain', domain, name), {
      text: expression,
      question: (model) => ({
        make: [
          `CREATE DOMAIN pg_temp.${TEMPORARY} AS ${sql.type(domain.type, model)} CONSTRAINT c CHECK ${
            inParentheses(expression)
          }`,
        ],
        read:
          `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE contypid = 'pg_temp.${TEMPORARY}'::regtype`,
        taken: (read) => read.replace(/^CHECK /, ''),
      }),
    })
  }
}

const MODES = { out: 'OUT ', inout: 'INOUT ', variadic: 'VARIADIC ' } as const

/** The text of a body is what the function is, but for a standard one, of which the server keeps the parsed tree. */
function bodyText(one: Routine, found: Found): void {
  if (!isStandardBody(one)) return
  const args = one.arguments.map(({ name, mode, type }) =>
    `${mode === undefined ? '' : MODES[mode]}${name === undefined ? '' : `${sql.name(name)} `}${type}`
  )
  const returns = one.returns === undefined ? '' : ` RETURNS ${one.returns}`
  const head = `CREATE ${one.kind} pg_temp.${TEMPORARY}(${args.join(', ')})${returns}`
  found.set(bodyKey(one), {
    text: one.body,
    question: () => ({
      make: [`${head} LANGUAGE sql ${one.body}`],
      read: `SELECT pg_get_function_sqlbody(oid) AS text FROM pg_proc WHERE proname = '${TEMPORARY}' ` +
        `AND pronamespace = pg_my_temp_schema()`,
    }),
  })
}

function adding(table: Table, found: Found) {
  return (at: string, text: string | undefined, ask: (text: string, model: Model) => Question): void => {
    if (text !== undefined) found.set(at, { text, table, question: (model) => ask(text, model) })
  }
}

function ofColumn(name: string): string {
  return `SELECT pg_get_expr(adbin, adrelid) AS text FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND ` +
    `attnum = adnum WHERE adrelid = ${HERE} AND attname = ${sql.literal(name)}`
}

/** They keep what is written, and a cast to one that is too short would cut it off. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'char'])

/** Of a literal, too: of `1 hour` the server makes 01:00:00. */
function defaultText(column: Column, table: Table, found: Found): void {
  const value = canonicalDefault(column.default, column.type)
  if (value === undefined) return
  const text = sql.default(value, column.type)
  const isWritten = 'literal' in value && typeof value.literal === 'string' && !TEXTS.has(column.type.kind)
  found.set(key('default', table, column.name), {
    text,
    literal: 'literal' in value,
    table,
    question: (model) => ({
      make: [`${ALTER} ALTER COLUMN ${sql.name(column.name)} SET DEFAULT ${text}`],
      read: ofColumn(column.name),
      ...(isWritten ? { unmade: valueText(text, column, model) } : {}),
    }),
  })
}

/** A text as the server writes it when it is a value of the column's type. */
function valueText(text: string, { type }: Column, model: Model): string {
  return `SELECT quote_literal(CAST(${text} AS ${sql.type(type, model)})::text) AS text`
}

function columnTexts(table: Table, found: Found): void {
  const add = adding(table, found)
  for (const one of table.columns) {
    defaultText(one, table, found)
    const { generated } = one
    if (generated === undefined) continue
    add(key('generated', table, one.name), generated.expression, (text, model) => {
      const column = sql.name(one.name)
      const made = `${column} ${sql.type(one.type, model)} GENERATED ALWAYS AS ${inParentheses(text)} STORED`
      const make = [`${ALTER} DROP COLUMN ${column}`, `${ALTER} ADD COLUMN ${made}`]
      return { make, read: ofColumn(one.name) }
    })
  }
}

function constraintTexts(table: Table, found: Found): void {
  const add = adding(table, found)
  const read =
    `SELECT pg_get_expr(conbin, conrelid) AS text FROM pg_constraint WHERE conrelid = ${HERE} AND conname = 'c'`
  for (const { name, expression } of table.checks) {
    const make = [`${ALTER} ADD CONSTRAINT c CHECK ${inParentheses(expression)}`]
    add(key('check', table, name), expression, () => ({ make, read }))
  }
  for (const one of table.excludes) {
    const make = [`${ALTER} ADD ${sql.exclusion({ ...one, name: 'c' })}`]
    const from = `FROM pg_index WHERE indrelid = ${HERE}`
    const filter = `SELECT pg_get_expr(indpred, indrelid) AS text ${from}`
    add(key('exclude-where', table, one.name), one.where, () => ({ make, read: filter }))
    one.elements.forEach(({ expression }, i) => {
      const read = `SELECT pg_get_indexdef(indexrelid, ${i + 1}, false) AS text ${from}`
      add(key('exclude', table, one.name, i), expression, () => ({ make, read }))
    })
  }
}

function indexTexts(table: Table, found: Found): void {
  const add = adding(table, found)
  const create = `CREATE INDEX limbeck_index ON pg_temp.${TEMPORARY}`
  const from = `FROM pg_index WHERE indrelid = ${HERE}`
  const filter = `SELECT pg_get_expr(indpred, indrelid) AS text ${from}`
  for (const { name, where, keys } of table.indexes) {
    const ask = (text: string) => ({ make: [`${create} ((1)) WHERE ${text}`], read: filter })
    add(key('where', table, name), where, ask)
    keys.forEach(({ expression }, i) => {
      const read = `SELECT pg_get_indexdef(indexrelid, 1, false) AS text ${from}`
      const ask = (text: string) => ({ make: [`${create} (${inParentheses(text)})`], read })
      add(key('key', table, name, i), expression, ask)
    })
  }
}

function policyTexts(table: Table, found: Found): void {
  const add = adding(table, found)
  const policy = `CREATE POLICY p ON pg_temp.${TEMPORARY}`
  const read = (field: string) =>
    `SELECT pg_get_expr(${field}, polrelid) AS text FROM pg_policy WHERE polrelid = ${HERE}`
  for (const { name, using, check } of table.policies ?? []) {
    add(key('using', table, name), using, (text) => ({
      make: [`${policy} USING ${inParentheses(text)}`],
      read: read('polqual'),
    }))
    add(key('with-check', table, name), check, (text) => ({
      make: [`${policy} WITH CHECK ${inParentheses(text)}`],
      read: read('polwithcheck'),
    }))
  }
}

const CALLED =
  `CREATE FUNCTION pg_temp.limbeck_called() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`

function triggerTexts({ tables, triggers }: Model, found: Found): void {
  for (const one of triggers) {
    if (isRaw(one) || one.when === undefined) continue
    const when = sqlFor(one.when, 'postgres')
    const table = tables.find((each) => each.name === one.table && each.schema === one.schema)
    if (when === undefined || table === undefined) continue
    const called = { schema: 'pg_temp', name: 'limbeck_called', arguments: [] }
    const { comment: _, enabled: __, ...plain } = one
    const asked = { ...plain, schema: 'pg_temp', table: TEMPORARY, name: 't', function: called }
    found.set(triggerKey(one), {
      text: when,
      table,
      question: () => ({
        make: [CALLED, sql.createTrigger(asked)],
        read:
          `SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger WHERE tgrelid = ${HERE} AND tgname = 't'`,
        taken(read) {
          const parsed = parseTrigger(read, 'postgres')?.when
          return typeof parsed === 'string' ? parsed : undefined
        },
      }),
    })
  }
}
