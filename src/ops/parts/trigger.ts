/** Triggers: what create_trigger writes ↔ the model's {@link Trigger}. */
import { Type } from 'typebox'
import { fault } from '../../problem.ts'
import { bare } from '../../model/sql-text.ts'
import { eventsInOrder, isRaw } from '../../model/trigger.ts'
import type { DefinedTrigger, Model, Trigger, TriggerEvent } from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import type { Operation } from '../index.ts'
import { fromDeferral, toDeferral } from './constraint-model.ts'
import { fields, flag, name, names, optional, schema, sql, sqlPerDialect, words } from '../../shape.ts'
import type { Spec } from '../../shape.ts'

const EVENTS = ['insert', 'update', 'delete', 'truncate'] as const

export const triggerFields = {
  name: name('The trigger.'),
  table: name('The table or the view it is on.'),
  schema,
  timing: words(['before', 'after', 'instead_of'], 'When it fires; instead_of is for views.'),
  events: Type.Array(
    Type.Union([
      words(EVENTS),
      fields({ update_of: names('Columns.') }, 'An update that names one of these columns.'),
    ]),
    { minItems: 1, description: 'What it fires at. SQLite takes one event; truncate is PostgreSQL.' },
  ),
  for_each: optional(words(['row', 'statement'], 'Default row. statement is PostgreSQL.')),
  when: optional(sqlPerDialect('It fires only when this holds.')),
  function: optional(name('The function it calls (PostgreSQL).')),
  function_schema: optional(name('The schema of the function.')),
  arguments: optional(Type.Array(Type.String(), { description: 'Texts that the function is given.' })),
  body: optional(sql('The statements it runs (SQLite), without BEGIN and END.', 'statements')),
  old_table: optional(name('A name for the rows as they were (PostgreSQL, after).')),
  new_table: optional(name('A name for the rows as they are (PostgreSQL, after).')),
  constraint: optional(flag('A constraint trigger (PostgreSQL).')),
  deferrable: optional(flag('Whether a constraint trigger can wait for the end of the transaction.')),
  initially: optional(words(['immediate', 'deferred'], 'Whether it does so by itself.')),
  enabled: optional(
    words(['disabled', 'replica', 'always'], 'When it fires, if not in ordinary sessions (PostgreSQL).'),
  ),
  comment: optional(Type.String({ description: 'Its comment (PostgreSQL).' })),
}

const triggerShape = fields(triggerFields)
export type TriggerSpec = Spec<typeof triggerShape>

function toEvent(spec: TriggerSpec['events'][number]): TriggerEvent {
  return typeof spec === 'string' ? { event: spec } : { event: 'update', of: spec.update_of }
}

/**
 * The model's trigger.
 * @throws `contradiction` for fields that exclude each other on either dialect; `no-action`
 */
export function toTrigger(spec: TriggerSpec): DefinedTrigger {
  checkTrigger(spec)
  const { name, table, schema, timing, when, body, enabled, comment } = spec
  return defined({
    schema,
    name,
    table,
    timing,
    events: eventsInOrder(spec.events.map(toEvent)),
    forEach: spec.for_each === 'statement' ? 'statement' as const : undefined,
    when,
    function: spec.function === undefined
      ? undefined
      : defined({ schema: spec.function_schema, name: spec.function, arguments: spec.arguments ?? [] }),
    body: body === undefined ? undefined : bare(body),
    oldTable: spec.old_table,
    newTable: spec.new_table,
    constraint: spec.constraint ? true as const : undefined,
    deferrable: toDeferral(spec),
    enabled,
    comment,
  })
}

/** What must not stand together: a field, when it does, and why not. */
function checkTrigger(spec: TriggerSpec): void {
  const events = spec.events.map((one) => toEvent(one).event)
  const twice = events.findIndex((one, i) => events.indexOf(one) < i)
  const statement = spec.for_each === 'statement'
  const transition = spec.old_table === undefined ? 'new_table' : 'old_table'
  const rules: readonly (readonly [string, boolean, string])[] = [
    ['events', twice >= 0, `"${events[twice]}" stands twice`],
    [
      'events',
      events.includes('truncate') && !statement,
      'truncate fires for each statement, not for each row',
    ],
    ['for_each', spec.timing === 'instead_of' && statement, 'instead_of fires for each row'],
    [
      'constraint',
      spec.constraint === true && (spec.timing !== 'after' || statement),
      'a constraint trigger fires after, for each row',
    ],
    [
      'deferrable',
      toDeferral(spec) !== undefined && !spec.constraint,
      'only a constraint trigger is deferrable',
    ],
    [
      transition,
      spec[transition] !== undefined && (spec.timing !== 'after' || spec.constraint === true),
      'rows have names in a plain trigger that fires after',
    ],
    [
      'arguments',
      spec.function === undefined && spec.arguments !== undefined,
      'arguments are those of a function',
    ],
    [
      'function_schema',
      spec.function === undefined && spec.function_schema !== undefined,
      'the schema is that of a function',
    ],
  ]
  for (const [field, wrong, why] of rules) if (wrong) fault('contradiction', why, { path: [field] })
  if (spec.function !== undefined || spec.body !== undefined) return
  fault('no-action', `trigger "${spec.name}" does nothing`, {
    path: [],
    hint: 'write `function` for PostgreSQL, `body` for SQLite, or both',
  })
}

function fromEvent({ event, of }: TriggerEvent): TriggerSpec['events'][number] {
  return of === undefined ? event : { update_of: of }
}

/** What YAML writes for a trigger that is known by more than its text. */
export function fromDefinedTrigger(trigger: DefinedTrigger): TriggerSpec {
  const {
    name,
    table,
    schema,
    timing,
    events,
    forEach,
    when,
    function: called,
    body,
    oldTable,
    newTable,
    ...more
  } = trigger
  const { constraint, deferrable, enabled, comment, sql: _, ...rest } = more
  void (rest satisfies Record<string, never>)
  return defined({
    name,
    table,
    schema,
    timing,
    events: events.map(fromEvent),
    for_each: forEach,
    when,
    function: called?.name,
    function_schema: called?.schema,
    arguments: called === undefined || called.arguments.length === 0 ? undefined : called.arguments,
    body,
    old_table: oldTable,
    new_table: newTable,
    constraint,
    ...fromDeferral(deferrable),
    enabled,
    comment,
  })
}

/** The operation that makes a trigger again; of one known by its text alone, the text. */
export function fromTrigger(trigger: Trigger): Operation {
  if (isRaw(trigger)) return { op: 'execute', sql: trigger.sql }
  return { op: 'create_trigger', ...fromDefinedTrigger(trigger) }
}

/** The operations that bring back the triggers that `after` has lost with something else. */
export function restoreLostTriggers(before: Model, after: Model): Operation[] {
  return before.triggers.filter((one) => !after.triggers.includes(one)).map(fromTrigger)
}
