/** How SQLite writes CREATE TRIGGER (sqlite.org/lang_createtrigger.html), and how it is read back. */
import { fault } from '../../problem.ts'
import { bare, sqlFor } from '../../model/sql-text.ts'
import type { Column, QualifiedName, Trigger } from '../../model/model.ts'
import * as ansi from '../ansi.ts'
import type { Spelling } from '../dialect.ts'
import { parseTrigger } from '../trigger-text.ts'
import { declared } from './table-model.ts'

const TIMINGS = { before: 'BEFORE', after: 'AFTER', instead_of: 'INSTEAD OF' } as const

/** CREATE TRIGGER. @throws `no-sql` for a trigger without a body */
export function createTrigger(
  sql: Spelling,
  trigger: Trigger,
  options?: { readonly ifNotExists?: boolean },
): string {
  if (trigger.sql !== undefined) return ansi.rawTrigger(trigger.sql, trigger.name, 'sqlite')
  const { name, table, timing, events, body } = trigger
  if (body === undefined) {
    return fault('no-sql', `trigger "${name}" has no body for SQLite`, {
      path: [],
      hint: 'add `body` beside `function`, or write `only: postgres` beside the operation',
    })
  }
  const when = trigger.when === undefined ? undefined : sqlFor(trigger.when, 'sqlite')
  const head = [
    `CREATE TRIGGER${options?.ifNotExists ? ' IF NOT EXISTS' : ''} ${sql.name(name)}`,
    `${TIMINGS[timing]} ${ansi.triggerEvents(sql, events)} ON ${sql.name(table)} FOR EACH ROW`,
    ...(when === undefined ? [] : [`WHEN ${ansi.closed(when)}`]),
  ].join(' ')
  const blank = body.includes('\n') ? '\n' : ' '
  return `${head} BEGIN${blank}${ansi.closed(body)};${blank}END`
}

/** The trigger as SQLite can hold it; undefined when it has none there. */
export function projectTrigger(trigger: Trigger): Trigger | undefined {
  const { schema, name, table } = trigger
  const own = { ...(schema === undefined ? {} : { schema }), name, table }
  if (trigger.sql !== undefined) {
    const text = sqlFor(trigger.sql, 'sqlite')
    return text === undefined ? undefined : readTrigger(own, keptText(text))
  }
  const { timing, events, when, body } = trigger
  if (body === undefined) return undefined
  const condition = when === undefined ? undefined : sqlFor(when, 'sqlite')
  return { ...own, timing, events, ...(condition === undefined ? {} : { when: condition }), body }
}

/** SQLite keeps the text from the name on, behind a head of its own (sqlite3FinishTrigger in src/trigger.c). */
function keptText(text: string): string {
  return bare(text).replace(/^create\s+trigger\s+(?:if\s+not\s+exists\s+)?/i, 'CREATE TRIGGER ')
}

/**
 * The trigger that a text in sqlite_schema makes; as text when it cannot be taken apart.
 * @param on what it is on, which the text may name in other cases
 */
export function readTrigger(
  own: { readonly schema?: string; readonly name: string; readonly table: string },
  sql: string,
  on?: QualifiedName & { readonly columns?: readonly (string | Column)[] },
): Trigger {
  const named = { ...own, table: on?.name ?? own.table }
  const parsed = parseTrigger(sql, 'sqlite')
  if (parsed === undefined) return { ...named, sql }
  const columns = on?.columns?.map((one) => typeof one === 'string' ? { name: one } : one) ?? []
  const events = parsed.events.map((one) =>
    one.of === undefined ? one : { ...one, of: declared(one.of, columns) }
  )
  return { ...parsed, ...named, events }
}
