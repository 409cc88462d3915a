/** How PostgreSQL writes CREATE TRIGGER (manual, "CREATE TRIGGER"). */
import { fault } from '../../problem.ts'
import { sqlFor } from '../../model/sql-text.ts'
import type { Trigger } from '../../model/model.ts'
import * as ansi from '../ansi.ts'
import type { Spelling } from '../dialect.ts'

const TIMINGS = { before: 'BEFORE', after: 'AFTER', instead_of: 'INSTEAD OF' } as const

/** CREATE TRIGGER. @throws `no-sql` for a trigger that calls no function */
export function createTrigger(
  sql: Spelling,
  trigger: Trigger,
  options?: { readonly orReplace?: boolean },
): string {
  if (trigger.sql !== undefined) return ansi.rawTrigger(trigger.sql, trigger.name, 'postgres')
  const { schema, name, table, timing, events, function: called, oldTable, newTable, deferrable } = trigger
  if (called === undefined) {
    return fault('no-sql', `trigger "${name}" has no function for PostgreSQL`, {
      path: [],
      hint: 'add `function` beside `body`, or write `only: sqlite` beside the operation',
    })
  }
  const tables = [
    ...(oldTable === undefined ? [] : [`OLD TABLE AS ${sql.name(oldTable)}`]),
    ...(newTable === undefined ? [] : [`NEW TABLE AS ${sql.name(newTable)}`]),
  ]
  const when = trigger.when === undefined ? undefined : sqlFor(trigger.when, 'postgres')
  const words = [
    `CREATE${options?.orReplace ? ' OR REPLACE' : ''}${trigger.constraint ? ' CONSTRAINT' : ''} TRIGGER`,
    sql.newName(name),
    TIMINGS[timing],
    ansi.triggerEvents(sql, events),
    `ON ${sql.qualified({ schema, name: table })}${ansi.deferral(deferrable)}`,
    ...(tables.length === 0 ? [] : [`REFERENCING ${tables.join(' ')}`]),
    `FOR EACH ${trigger.forEach === 'statement' ? 'STATEMENT' : 'ROW'}`,
    ...(when === undefined ? [] : [`WHEN ${ansi.inParentheses(when)}`]),
    `EXECUTE FUNCTION ${sql.qualified(called)}${ansi.list(called.arguments.map(sql.literal))}`,
  ]
  return words.join(' ')
}
