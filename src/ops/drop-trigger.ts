import { findTrigger, getTrigger } from '../model/trigger.ts'
import type { Model } from '../model/model.ts'
import type { Definition, Op } from './definition.ts'
import { locks } from './parts/compile.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'
import { fromTrigger } from './parts/trigger.ts'
import { shownTable, tableName } from './parts/on-table.ts'

const shape = fields({
  name: name('The trigger.'),
  table: name('The table or the view it is on.'),
  schema,
  if_exists: optional(flag('Nothing is done when there is no such trigger.')),
})

export type DropTrigger = Op<'drop_trigger', typeof shape>

function skipped(op: DropTrigger, model: Model): boolean {
  return op.if_exists === true && findTrigger(model, op) === undefined
}

/**
 * Drops a trigger.
 *
 * ```yaml
 * - drop_trigger: { name: touch, table: users }
 * ```
 * PostgreSQL: `DROP TRIGGER touch ON users`. SQLite: `DROP TRIGGER touch`.
 *
 * The function it calls stays.
 */
export const dropTrigger: Definition<DropTrigger> = {
  kind: 'drop_trigger',
  summary: 'Drop a trigger.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'integer', primary_key: true }],
    }, {
      op: 'create_function',
      only: 'postgres',
      name: 'touch',
      returns: 'trigger',
      language: 'plpgsql',
      body: 'BEGIN DELETE FROM users WHERE id < 0; RETURN NULL; END',
    }, {
      op: 'create_trigger',
      name: 'touch',
      table: 'users',
      timing: 'after',
      events: ['insert'],
      function: 'touch',
      body: 'DELETE FROM users WHERE id < 0',
    }],
    operation: { op: 'drop_trigger', name: 'touch', table: 'users' },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const gone = getTrigger(model, op)
    return { ...model, triggers: model.triggers.filter((one) => one !== gone) }
  },
  invert: (op, before) => skipped(op, before) ? [] : [fromTrigger(getTrigger(before, op))],
  compile: {
    postgres: (op, { sql }) => [{
      sql: `DROP TRIGGER${op.if_exists ? ' IF EXISTS' : ''} ${sql.name(op.name)} ON ${
        sql.qualified(tableName(op))
      }`,
      hazards: [locks(shownTable(op), 'ACCESS EXCLUSIVE')],
    }],
    sqlite: (op, { sql }) => [{
      sql: `DROP TRIGGER${op.if_exists ? ' IF EXISTS' : ''} ${
        sql.qualified({ schema: op.schema, name: op.name })
      }`,
    }],
  },
  effects: (op, before) =>
    skipped(op, before) ? [] : [{
      kind: 'breaks-readers',
      object: shownTable(op),
      why: `what "${op.name}" does on "${shownTable(op)}" is not done any more`,
    }],
  describe: (op) => `drop trigger ${op.name} on ${shownTable(op)}`,
}
