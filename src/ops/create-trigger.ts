import { find, get } from '../model/edit.ts'
import { checkColumns } from '../model/inherited.ts'
import { findRoutine } from '../model/routine.ts'
import { findTrigger, isRaw } from '../model/trigger.ts'
import type { DefinedTrigger, Model, QualifiedName, Trigger } from '../model/model.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import { unsupportedField } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Statement } from '../dialect/dialect.ts'
import { commentOn, locks } from './parts/compile.ts'
import { mayBringTrigger } from './parts/extension-users.ts'
import { fields, flag, optional } from '../shape.ts'
import { fromDefinedTrigger, fromTrigger, toTrigger, triggerFields } from './parts/trigger.ts'
import { shownTable, tableName } from './parts/on-table.ts'

const shape = fields({
  ...triggerFields,
  or_replace: optional(flag('A trigger of that name may be there: this one takes its place.')),
  if_not_exists: optional(flag('Nothing is done when there is a trigger of that name.')),
})

export type CreateTrigger = Op<'create_trigger', typeof shape>

function skipped(op: CreateTrigger, model: Model): boolean {
  return op.if_not_exists === true && findTrigger(model, op) !== undefined
}

/** The trigger whose place it takes. */
function replaced(op: CreateTrigger, model: Model): Trigger | undefined {
  return op.or_replace ? findTrigger(model, op) : undefined
}

/**
 * Creates a trigger: on PostgreSQL it calls a function, on SQLite it has statements of its own.
 *
 * ```yaml
 * - create_trigger:
 *     name: touch
 *     table: users
 *     timing: after
 *     events: [{ update_of: [email] }]
 *     function: touch
 *     body: UPDATE users SET changed = CURRENT_TIMESTAMP WHERE id = NEW.id
 * ```
 * PostgreSQL: `CREATE TRIGGER touch AFTER UPDATE OF email ON users FOR EACH ROW EXECUTE FUNCTION touch()`
 *
 * SQLite: `CREATE TRIGGER touch AFTER UPDATE OF email ON users FOR EACH ROW BEGIN UPDATE …; END`
 *
 * A dialect whose part (`function`, `body`) is missing refuses. SQLite's triggers fire at one event and for each row
 * (sqlite.org/lang_createtrigger.html), and their names are unique in the database; one that names columns that are not
 * there is an error when it is made, though SQLite takes it. PostgreSQL has OR REPLACE from version 14, and not for
 * constraint triggers: else the old one is dropped first, as on SQLite.
 */
export const createTrigger: Definition<CreateTrigger> = {
  kind: 'create_trigger',
  summary: 'Create a trigger.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'integer', primary_key: true }, { name: 'email', type: 'text' }],
    }, {
      op: 'create_function',
      only: 'postgres',
      name: 'lower_email',
      returns: 'trigger',
      language: 'plpgsql',
      body: 'BEGIN UPDATE users SET email = lower(email) WHERE id = NEW.id; RETURN NULL; END',
    }],
    operation: {
      op: 'create_trigger',
      name: 'lower_email',
      table: 'users',
      timing: 'after',
      events: ['insert'],
      function: 'lower_email',
      body: 'UPDATE users SET email = lower(email) WHERE id = NEW.id',
    },
  },
  declares: {
    section: 'triggers',
    of: (model) =>
      model.triggers.flatMap((one) => isRaw(one) ? [] : { op: 'create_trigger', ...fromDefinedTrigger(one) }),
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const trigger = toTrigger(op)
    checkTarget(op, trigger, model)
    const old = findTrigger(model, op)
    if (old === undefined) return { ...model, triggers: [...model.triggers, trigger] }
    if (!op.or_replace) {
      fault('trigger-exists', `a trigger "${op.name}" exists already on "${shownTable(op)}"`, {
        path: ['name'],
      })
    }
    return { ...model, triggers: model.triggers.map((one) => one === old ? trigger : one) }
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    const old = replaced(op, before)
    const drop = defined({ op: 'drop_trigger', name: op.name, table: op.table, schema: op.schema } as const)
    if (old === undefined) return [drop]
    const create = fromTrigger(old)
    return create.op === 'create_trigger' ? [{ ...create, or_replace: true }] : [drop, create]
  },
  compile: { postgres: createOnPostgres, sqlite: createOnSqlite },
  effects: () => [],
  describe: (op) => `create trigger ${op.name} on ${shownTable(op)}`,
}

/** @throws `no-such-table`, `no-such-column`; `contradiction` for what a table, or a view, cannot have */
function checkTarget(op: CreateTrigger, trigger: DefinedTrigger, model: Model): void {
  const named = tableName(op)
  const ofs = trigger.events.flatMap((one) => one.of ?? [])
  if (find(model, 'views', named) === undefined) {
    const table = get(model, 'tables', named, ['table'])
    checkColumns(model, table, ofs, ['events'])
    if (trigger.timing !== 'instead_of') return
    fault('contradiction', `instead_of is for views, and "${shownTable(op)}" is a table`, {
      path: ['timing'],
    })
  }
  if (trigger.timing === 'instead_of' || trigger.forEach === 'statement') return
  fault(
    'contradiction',
    `"${shownTable(op)}" is a view: its triggers are instead_of, or for each statement`,
    {
      path: ['timing'],
    },
  )
}

function createOnPostgres(op: CreateTrigger, cx: CompileContext): Statement[] {
  const { sql, before, server } = cx
  if (skipped(op, before)) return []
  const trigger = toTrigger(op)
  const old = replaced(op, before)
  if (trigger.function !== undefined && isMissing(before, trigger.function)) {
    fault('no-such-function', `there is no function "${op.function}" without arguments`, {
      path: ['function'],
      hint: 'create it first: create_function with `returns: trigger`',
    })
  }
  const table = sql.qualified(tableName(op))
  const constraint = trigger.constraint || (old !== undefined && !isRaw(old) && old.constraint)
  const inPlace = old !== undefined && server.version >= 140000 && !constraint
  const create: Statement = {
    sql: sql.createTrigger(trigger, { orReplace: inPlace }),
    hazards: [locks(shownTable(op), 'SHARE ROW EXCLUSIVE')],
  }
  const known = inPlace && !isRaw(old) ? old : undefined
  return [
    ...(old === undefined || inPlace ? [] : [{
      sql: `DROP TRIGGER ${sql.name(op.name)} ON ${table}`,
      hazards: [locks(shownTable(op), 'ACCESS EXCLUSIVE')],
    }]),
    create,
    ...firing(op, trigger, known, cx),
    ...(trigger.comment === known?.comment
      ? []
      : [commentOn(sql, `TRIGGER ${sql.name(op.name)} ON ${table}`, trigger.comment)]),
  ]
}

/** The functions of triggers that PostgreSQL has itself (manual, "Trigger Functions" and "Functions and Operators"). */
const BUILT_IN: ReadonlySet<string> = new Set([
  'suppress_redundant_updates_trigger',
  'tsvector_update_trigger',
  'tsvector_update_trigger_column',
])

function isMissing(model: Model, { schema, name }: QualifiedName): boolean {
  if (schema === 'pg_catalog' || (schema === undefined && BUILT_IN.has(name))) return false
  return findRoutine(model, defined({ schema, name, arguments: [] })) === undefined &&
    !mayBringTrigger(model, name)
}

const ENABLE = { disabled: 'DISABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' } as const

/** When it fires: ALTER TABLE says so. A view's triggers cannot be altered so; a replaced one fires as a new one does. */
function firing(
  op: CreateTrigger,
  trigger: DefinedTrigger,
  old: DefinedTrigger | undefined,
  { sql }: CompileContext,
): Statement[] {
  if (trigger.enabled === undefined && old?.enabled === undefined) return []
  const how = trigger.enabled === undefined ? 'ENABLE' : ENABLE[trigger.enabled]
  const table = sql.qualified(tableName(op))
  return [{
    sql: `ALTER TABLE ${table} ${how} TRIGGER ${sql.name(op.name)}`,
    hazards: [locks(shownTable(op), 'SHARE ROW EXCLUSIVE')],
  }]
}

function createOnSqlite(op: CreateTrigger, { sql, before }: CompileContext): Statement[] {
  if (skipped(op, before)) return []
  const trigger = toTrigger(op)
  refuseOnSqlite(op)
  const namesake = before.triggers.find((one) => one.name === op.name && one.table !== op.table)
  if (namesake !== undefined) {
    fault('trigger-exists', `a trigger "${op.name}" exists already, on "${namesake.table}"`, {
      path: ['name'],
      hint: "names of SQLite's triggers are unique in the database",
    })
  }
  const drop = replaced(op, before) === undefined ? [] : [{ sql: `DROP TRIGGER ${sql.name(op.name)}` }]
  return [...drop, { sql: sql.createTrigger(trigger) }]
}

function refuseOnSqlite(op: CreateTrigger): void {
  if (op.schema !== undefined) unsupportedField('SQLite has no schemas', ['schema'])
  if (op.events.length > 1) unsupportedField('SQLite has no triggers for several events', ['events'])
  if (op.events.includes('truncate')) unsupportedField('SQLite has no triggers for TRUNCATE', ['events'])
  if (op.for_each === 'statement') unsupportedField('SQLite has no triggers for each statement', ['for_each'])
  if (op.constraint) unsupportedField('SQLite has no constraint triggers', ['constraint'])
  if (op.enabled === 'disabled') unsupportedField('SQLite has no disabled triggers', ['enabled'])
  for (const field of ['old_table', 'new_table'] as const) {
    if (op[field] !== undefined) unsupportedField('SQLite has no names for the rows of a statement', [field])
  }
}
