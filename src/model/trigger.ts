/** Triggers of a model: finding them, and changing them with their table. */
import { didYouMean, fault } from '../problem.ts'
import type { Path } from '../problem.ts'
import { find, sameName, shown } from './edit.ts'
import { withBodyColumnRenamed } from './sql-body.ts'
import type { RenamedColumn } from './sql-body.ts'
import { triggerReads, upserts, withTableRenamed, withTriggerColumnRenamed } from './sql-names.ts'
import type { DefinedTrigger, Model, QualifiedName, RawTrigger, Trigger, TriggerEvent } from './model.ts'
import { mapSql, someSql } from './sql-text.ts'

/** What tells a trigger. */
export interface TriggerName {
  readonly name: string
  readonly table: string
  readonly schema?: string
}

export function isRaw(trigger: Trigger): trigger is RawTrigger {
  return trigger.sql !== undefined
}

/** Whether the trigger is on that table or view. */
export function isOn(trigger: Trigger, table: QualifiedName): boolean {
  return sameName({ schema: trigger.schema, name: trigger.table }, table)
}

function triggersOn(model: Model, table: QualifiedName): Trigger[] {
  return model.triggers.filter((one) => isOn(one, table))
}

export function findTrigger(model: Model, name: TriggerName): Trigger | undefined {
  return model.triggers.find((one) =>
    one.name === name.name && isOn(one, { schema: name.schema, name: name.table })
  )
}

/** @throws `no-such-trigger` with the nearest name as a hint */
export function getTrigger(model: Model, name: TriggerName, path: Path = ['name']): Trigger {
  const found = findTrigger(model, name)
  if (found !== undefined) return found
  const table = { schema: name.schema, name: name.table }
  const known = triggersOn(model, table).map((one) => one.name)
  const near = didYouMean(name.name, known)
  return fault('no-such-trigger', `"${shown(table)}" has no trigger "${name.name}"`, {
    path,
    hint: near === undefined
      ? known.length === 0 ? undefined : `its triggers are ${known.join(', ')}`
      : `did you mean "${near}"?`,
  })
}

const ORDER: readonly TriggerEvent['event'][] = ['insert', 'update', 'delete', 'truncate']

/** The events in the order in which a model holds them: PostgreSQL keeps none. */
export function eventsInOrder(events: readonly TriggerEvent[]): TriggerEvent[] {
  return [...events].sort((a, b) => ORDER.indexOf(a.event) - ORDER.indexOf(b.event))
}

/** The texts of a trigger that name columns of its table as NEW.a and OLD.a. */
function mapTexts(trigger: Trigger, edit: (sql: string) => string): Trigger {
  if (isRaw(trigger)) return { ...trigger, sql: mapSql(trigger.sql, edit) }
  return {
    ...trigger,
    ...(trigger.when === undefined ? {} : { when: mapSql(trigger.when, edit) }),
    ...(trigger.body === undefined ? {} : { body: edit(trigger.body) }),
  }
}

function mapEvents(trigger: DefinedTrigger, rename: (column: string) => string): DefinedTrigger {
  const events = trigger.events.map((one) => one.of === undefined ? one : { ...one, of: one.of.map(rename) })
  return { ...trigger, events }
}

/** A trigger of the table after a column of it was renamed. */
export function withColumnOfTriggerRenamed(trigger: Trigger, from: string, to: string): Trigger {
  const mapped = mapTexts(trigger, (sql) => withTriggerColumnRenamed(sql, from, to))
  return isRaw(mapped) ? mapped : mapEvents(mapped, (name) => name === from ? to : name)
}

/** A trigger of any table after a column was renamed: SQLite rewrites the statements of its body. */
export function withColumnOfBodyRenamed(trigger: Trigger, column: RenamedColumn): Trigger {
  return mapTexts(trigger, (sql) => withBodyColumnRenamed(sql, column))
}

/** Words behind which a statement names a table (`x IN t` is SQLite's); in the text of a whole trigger, ON too. */
const WRITTEN = ['FROM', 'JOIN', 'INTO', 'UPDATE', 'IN']

/** A trigger, of that table or of another one, after the table was renamed: SQLite rewrites what names it. */
export function withTableOfTriggerRenamed(trigger: Trigger, table: QualifiedName, to: string): Trigger {
  const own = isOn(trigger, table)
  const words = isRaw(trigger) && own ? [...WRITTEN, 'ON'] : WRITTEN
  const mapped = mapTexts(trigger, (sql) => withTableRenamed(sql, table.name, to, words))
  return own ? { ...mapped, table: to } : mapped
}

/** Whether the trigger upserts into the table with what it calls EXCLUDED. */
export function upsertsInto(trigger: Trigger, table: QualifiedName): boolean {
  const text = isRaw(trigger) ? trigger.sql : trigger.body
  return text !== undefined && someSql(text, (sql) => upserts(sql, table.name))
}

/** Whether the trigger certainly uses a column of its table: NEW.a, OLD.a, UPDATE OF a. */
export function triggerUses(trigger: Trigger, column: string): boolean {
  if (isRaw(trigger)) return someSql(trigger.sql, (sql) => triggerReads(sql, column))
  const texts = [trigger.when, trigger.body].filter((one) => one !== undefined)
  return trigger.events.some((one) => one.of?.includes(column)) ||
    texts.some((text) => someSql(text, (sql) => triggerReads(sql, column)))
}

/**
 * The triggers of a schema but for those on what it does not know: SQL as written may have made one on a partition, which is
 * seen in no database.
 */
export function knownTriggers(model: Model): readonly Trigger[] {
  const known = model.triggers.filter(({ schema, table: name }) => {
    const on = { schema, name }
    return (['tables', 'views'] as const).some((part) => find(model, part, on) !== undefined)
  })
  return known.length === model.triggers.length ? model.triggers : known
}
