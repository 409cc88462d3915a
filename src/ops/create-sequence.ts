import type { Model } from '../model/model.ts'
import { add, find, get } from '../model/edit.ts'
import { defined } from '../model/defined.ts'
import { unsupported } from './definition.ts'
import type { Definition, Op } from './definition.ts'
import { commentOn } from './parts/compile.ts'
import { createSequenceFields, fromSequence, toSequence } from './parts/sequence.ts'
import { fields, flag, optional } from '../shape.ts'

const shape = fields({
  ...createSequenceFields,
  if_not_exists: optional(flag('Nothing is done when the sequence is there already.')),
})

export type CreateSequence = Op<'create_sequence', typeof shape>

function skipped(op: CreateSequence, model: Model): boolean {
  return op.if_not_exists === true && find(model, 'sequences', op) !== undefined
}

/**
 * Creates a sequence. The sequences of serial and identity columns come with their columns.
 *
 * ```yaml
 * - create_sequence: { name: invoice_number, start: 1000, owned_by: { table: invoices, column: number } }
 * ```
 * PostgreSQL: `CREATE SEQUENCE invoice_number START WITH 1000 OWNED BY invoices.number`. SQLite has none.
 */
export const createSequence: Definition<CreateSequence> = {
  kind: 'create_sequence',
  summary: 'Create a sequence (PostgreSQL).',
  shape,
  example: {
    operation: {
      op: 'create_sequence',
      only: 'postgres',
      name: 'invoice_number',
      start: 1000,
      increment: 10,
    },
  },
  declares: {
    section: 'sequences',
    of: (model) => model.sequences.map((one) => ({ op: 'create_sequence', ...fromSequence(one) })),
  },
  apply(op, model) {
    return skipped(op, model) ? model : add(model, 'sequences', toSequence(op, model))
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    return [defined({ op: 'drop_sequence', name: op.name, schema: op.schema })]
  },
  compile: {
    postgres(op, cx) {
      const { comment, ...sequence } = get(cx.after, 'sequences', op)
      const create = cx.sql.createSequence(sequence)
      const comments = comment === undefined || skipped(op, cx.before)
        ? []
        : [commentOn(cx.sql, `SEQUENCE ${cx.sql.qualified(op)}`, comment)]
      return [
        { sql: op.if_not_exists ? create.replace('CREATE SEQUENCE', '$& IF NOT EXISTS') : create },
        ...comments,
      ]
    },
    sqlite: unsupported('SQLite has no sequences'),
  },
  effects: () => [],
  describe: (op) => `create sequence ${op.name}`,
}
