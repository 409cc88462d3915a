/** Triggers that raw SQL creates and drops: the model keeps their text, so that a rebuild on SQLite puts them back. */
import { fault } from '../../problem.ts'
import type { Model, SqlText, Trigger } from '../../model/model.ts'
import type { SplitStatement } from '../../dialect/split.ts'
import type { Operation } from '../index.ts'
import { knownTrigger, triggerOf } from './raw-sql.ts'
import type { Reading, TriggerStatement } from './raw-sql.ts'
import { fromTrigger } from './trigger.ts'
import { defined } from './type.ts'

/**
 * The model after the triggers that the texts create and drop. The texts of two dialects create one trigger.
 * @param written the operation's SQL: whether a trigger has one text or one a dialect
 * @throws `trigger-exists`
 */
export function applyTriggers(texts: readonly Reading[], model: Model, written: SqlText): Model {
  let next = model
  for (const { dialect, statements } of texts) {
    for (const statement of statements) {
      const one = triggerOf(statement)
      if (one === undefined) continue
      const text = typeof written === 'string' || dialect === undefined
        ? statement.text
        : { [dialect]: statement.text }
      next = one.action === 'drop' ? without(next, one) : created(next, one, text, model)
    }
  }
  return next
}

/** A trigger that the model does not know is no mistake: what other tools made may be unknown. */
function without(model: Model, one: TriggerStatement): Model {
  const known = knownTrigger(model, one)
  return { ...model, triggers: model.triggers.filter((other) => other !== known) }
}

function created(model: Model, one: TriggerStatement, sql: SqlText, before: Model): Model {
  const known = knownTrigger(model, one)
  const trigger: Trigger = defined({ schema: one.schema, name: one.name, table: one.table ?? '', sql })
  if (known === undefined) return { ...model, triggers: [...model.triggers, trigger] }
  const both = typeof known.sql === 'object' && typeof sql === 'object' && !before.triggers.includes(known)
  if (both) return replaced(model, known, { ...known, sql: { ...known.sql as object, ...sql as object } })
  if (!one.lenient) {
    fault('trigger-exists', `a trigger "${one.name}" exists already on "${known.table}"`, { path: ['sql'] })
  }
  return replaced(model, known, trigger)
}

function replaced(model: Model, old: Trigger, trigger: Trigger): Model {
  return { ...model, triggers: model.triggers.map((one) => one === old ? trigger : one) }
}

/** What undoes the triggers that the texts create and drop, last first. */
export function invertTriggers(texts: readonly Reading[], before: Model): Operation[] {
  const [first] = texts
  return (first?.statements ?? []).flatMap((statement) => undo(statement, before)).reverse()
}

function undo(statement: SplitStatement, before: Model): Operation[] {
  const one = triggerOf(statement)
  if (one === undefined) return []
  const known = knownTrigger(before, one)
  if (one.action === 'drop') return known === undefined ? [] : [fromTrigger(known)]
  const back = known === undefined ? [] : [fromTrigger(known)]
  return [...back, { op: 'execute', sql: dropTrigger(one) }]
}

/** SQLite's DROP TRIGGER names no table, PostgreSQL's must. Only SQLite's triggers have a body of their own. */
function dropTrigger({ schema, name, table = '', hasBody }: TriggerStatement): string {
  const id = (text: string) => /^[a-z_][a-z0-9_]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`
  if (hasBody) return `DROP TRIGGER ${id(name)}`
  return `DROP TRIGGER ${id(name)} ON ${schema === undefined ? '' : `${id(schema)}.`}${id(table)}`
}
