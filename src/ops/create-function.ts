import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { signature } from '../model/routine.ts'
import { applyCreate, compileCreate, createEffects, invertCreate } from './parts/on-routine.ts'
import { fromFunction, functionFields, toFunction } from './parts/routine.ts'
import { fields } from '../shape.ts'

const shape = fields(functionFields)

export type CreateFunction = Op<'create_function', typeof shape>

/**
 * Creates a function. SQLite has none.
 *
 * ```yaml
 * - create_function:
 *     name: add
 *     arguments: [integer, { name: b, type: integer, default: 1 }]
 *     returns: integer
 *     language: sql
 *     volatility: immutable
 *     body: SELECT $1 + b
 * ```
 * PostgreSQL: `CREATE FUNCTION add(integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS $body$SELECT $1 + b$body$`
 *
 * Functions are told apart by name and types of arguments, so that several may have one name. `or_replace` puts it in the
 * place of the one with that name and those types, with all that is said here; PostgreSQL keeps who may call it, and
 * refuses another result, other names of arguments or a default less
 * (https://www.postgresql.org/docs/current/sql-createfunction.html, "Notes"). Undoing it brings the old one back.
 * What the body uses is not looked at.
 */
export const createFunction: Definition<CreateFunction> = {
  kind: 'create_function',
  summary: 'Create a function (PostgreSQL).',
  shape,
  example: {
    operation: {
      op: 'create_function',
      only: 'postgres',
      name: 'add',
      arguments: ['integer', 'integer'],
      returns: 'integer',
      language: 'sql',
      body: 'SELECT $1 + $2',
    },
  },
  declares: {
    section: 'functions',
    of: (model) =>
      model.functions.filter((one) => one.kind === 'function')
        .map((one) => ({ op: 'create_function', ...fromFunction(one) })),
  },
  apply: (op, model) => applyCreate(model, toFunction(op), op.or_replace),
  invert: (op, before) => invertCreate(before, toFunction(op)),
  compile: {
    postgres: (op, cx) => compileCreate(toFunction(op), cx, op.or_replace),
    sqlite: unsupported('SQLite has no functions'),
  },
  effects: (op, before) => createEffects(toFunction(op), before),
  describe: (op) => `create function ${signature(toFunction(op))}`,
}
