/** Triggers that raw SQL creates and drops: the model keeps their text, so that a rebuild on SQLite puts them back. */
import { fault } from '../../problem.ts'
import { find } from '../../model/edit.ts'
import { findRoutine } from '../../model/routine.ts'
import { isRaw } from '../../model/trigger.ts'
import type {
  DefinedTrigger,
  DialectName,
  Model,
  QualifiedName,
  SqlText,
  Trigger,
} from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import { parseTrigger } from '../../dialect/trigger-text.ts'
import type { SplitStatement } from '../../dialect/split.ts'
import type { Operation } from '../index.ts'
import { knownTrigger, triggerOf } from './raw-sql.ts'
import type { Reading, TriggerStatement } from './raw-sql.ts'
import { fromTrigger } from './trigger.ts'

/**
 * The model after the triggers that the texts create and drop. The texts of two dialects create one trigger.
 * @param written the operation's SQL: whether a trigger has one text or one a dialect
 * @throws `trigger-exists`
 */
export function applyTriggers(texts: readonly Reading[], model: Model, written: SqlText): Model {
  let next = model
  for (const { dialect, statements } of texts) {
    for (const statement of statements) {
      const read = triggerOf(statement)
      if (read === undefined) continue
      const one = onKnownTable(read, next)
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
  const trigger = readTrigger(one, sql, model)
  if (known === undefined) return { ...model, triggers: [...model.triggers, trigger] }
  const joined = before.triggers.includes(known) ? undefined : together(known, trigger)
  if (joined !== undefined) return replaced(model, known, joined)
  if (!one.lenient) {
    fault('trigger-exists', `a trigger "${one.name}" exists already on "${known.table}"`, { path: ['sql'] })
  }
  return replaced(model, known, trigger)
}

/** The trigger that a statement makes, taken apart if it can be. */
function readTrigger(one: TriggerStatement, sql: SqlText, model: Model): Trigger {
  const own = defined({ schema: one.schema, name: one.name, table: one.table ?? '' })
  const [dialect, text] = typeof sql === 'string'
    ? [one.hasBody ? 'sqlite' : 'postgres', sql] as const
    : Object.entries(sql)[0] as [DialectName, string]
  const parsed = parseTrigger(text, dialect)
  if (parsed === undefined) return { ...own, sql }
  const { function: called, schema: _, ...rest } = parsed
  return { ...rest, ...(called === undefined ? {} : { function: ofKnown(called, model) }), ...own }
}

/** The default schema has no name in the model; SQL may name it. */
function onKnownTable(one: TriggerStatement, model: Model): TriggerStatement {
  const { schema, table: name, ...rest } = one
  if (schema !== 'public' || name === undefined || find(model, 'tables', { schema, name }) !== undefined) {
    return one
  }
  return find(model, 'tables', { name }) === undefined ? one : { ...rest, table: name }
}

function ofKnown<F extends QualifiedName>(called: F, model: Model): F {
  const { schema, name } = called
  if (schema !== 'public' || findRoutine(model, { schema, name }) !== undefined) return called
  if (findRoutine(model, { name }) === undefined) return called
  const { schema: _, ...bare } = called
  return bare as F
}

/** One trigger of the texts of two dialects; undefined when they are not one and the same but for what they do. */
function together(known: Trigger, trigger: Trigger): Trigger | undefined {
  if (isRaw(known) || isRaw(trigger)) return undefined
  const { function: called = known.function, body = known.body, when, ...rest } = trigger
  const head = (one: DefinedTrigger) => JSON.stringify([one.timing, one.events, one.forEach])
  if (head(known) !== head(trigger) || Object.keys(rest).some((key) => !(key in known))) return undefined
  if ((known.body === undefined) === (trigger.body === undefined)) return undefined
  const [postgres, sqlite] = trigger.body === undefined ? [when, known.when] : [known.when, when]
  const both = postgres === sqlite ? postgres : defined({ postgres, sqlite }) as SqlText
  return defined({ ...known, ...rest, when: both, function: called, body })
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
  const read = triggerOf(statement)
  if (read === undefined) return []
  const one = onKnownTable(read, before)
  const known = knownTrigger(before, one)
  if (one.action === 'drop') return known === undefined ? [] : [fromTrigger(known)]
  const back = known === undefined ? [] : [fromTrigger(known)]
  return [
    ...back,
    defined({ op: 'drop_trigger', name: one.name, table: one.table ?? '', schema: one.schema }),
  ]
}
