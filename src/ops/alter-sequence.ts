import { Type } from 'typebox'
import { change, get } from '../model/edit.ts'
import type { Model, Sequence } from '../model/model.ts'
import { sequenceOptions } from '../dialect/ansi.ts'
import { fault } from '../problem.ts'
import { defined } from '../model/defined.ts'
import { isPlain, withOwnSequence } from '../model/serial.ts'
import { unsupported } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import { sequenceFields, toSequenceOptions } from './parts/column.ts'
import { firstValue, fromSequence, ownerShape, SEQUENCE_TYPES, toSequence } from './parts/sequence.ts'
import { fields, name, optional, schema, words } from '../shape.ts'

const shape = fields({
  name: name('The sequence.'),
  schema,
  type: optional(words(SEQUENCE_TYPES, 'The type of its values.')),
  ...sequenceFields,
  increment: optional(Type.Integer({ description: 'The step.' })),
  restart: optional(Type.Union([Type.Literal(true), Type.Integer()], {
    description: 'The next value; true: the first one again.',
  })),
  owned_by: optional(Type.Union([ownerShape, Type.Null()], { description: 'null: no column’s any more.' })),
})

export type AlterSequence = Op<'alter_sequence', typeof shape>

/** What is given replaces what was; what is not stays. */
function altered(op: AlterSequence, model: Model): Sequence {
  const { op: _, only: __, restart: ___, owned_by: owner, ...options } = op
  const { owned_by: owned, ...old } = fromSequence(get(model, 'sequences', op))
  return toSequence(
    defined({ ...old, ...options, owned_by: owner === null ? undefined : owner ?? owned }),
    model,
  )
}

/**
 * Changes a sequence: its step, its bounds, its owner, or its next value.
 *
 * ```yaml
 * - alter_sequence: { name: invoice_number, increment: 10, restart: 5000 }
 * ```
 * PostgreSQL: `ALTER SEQUENCE invoice_number INCREMENT BY 10 RESTART WITH 5000`. SQLite has none.
 *
 * Undone it has its old options again; the value it had before a `restart` is not known.
 */
export const alterSequence: Definition<AlterSequence> = {
  kind: 'alter_sequence',
  summary: 'Change a sequence: its step, bounds, owner or next value (PostgreSQL).',
  shape,
  example: {
    given: [{ op: 'create_sequence', only: 'postgres', name: 'invoice_number' }],
    operation: {
      op: 'alter_sequence',
      only: 'postgres',
      name: 'invoice_number',
      increment: 10,
      restart: 5000,
    },
  },
  apply(op, model) {
    const { op: _, only: __, name: ___, schema: ____, ...changes } = op
    if (Object.keys(changes).length === 0) {
      fault('nothing-to-do', `nothing of sequence "${op.name}" is changed`, { path: ['name'] })
    }
    const whole = withOwnSequence(model, op)
    const next = altered(op, whole)
    // A serial column is one as long as its sequence is what it was.
    if (whole !== model && isUnchanged(next, get(whole, 'sequences', op))) return model
    return change(whole, 'sequences', op, () => next)
  },
  /** The options that it changes, as they were; those that were PostgreSQL's own are spelled out. */
  invert(op, before) {
    const old = get(withOwnSequence(before, op), 'sequences', op)
    const back = {
      type: old.type ?? 'bigint',
      increment: old.increment ?? 1,
      start: old.start ?? firstValue(old),
      min_value: old.minValue ?? null,
      max_value: old.maxValue ?? null,
      cache: old.cache ?? 1,
      cycle: old.cycle ?? false,
      owned_by: old.ownedBy ?? null,
    } as const
    const entries = Object.entries(back).filter(([key]) => op[key as keyof typeof back] !== undefined)
    if (entries.length === 0) return []
    const inverse = { op: 'alter_sequence', name: op.name, schema: op.schema } as const
    return [defined({ ...inverse, ...Object.fromEntries(entries) })]
  },
  compile: {
    postgres: (op, cx) => [{ sql: alterSequenceSql(op, cx) }],
    sqlite: unsupported('SQLite has no sequences'),
  },
  effects: () => [],
  describe: (op) => `alter sequence ${op.name}`,
}

function isUnchanged(sequence: Sequence, { ownedBy: owner, type }: Sequence): boolean {
  const { ownedBy: owned } = sequence
  return isPlain(sequence) && owned?.table === owner?.table && owned?.column === owner?.column &&
    (sequence.type ?? 'bigint') === (type ?? 'bigint')
}

function alterSequenceSql(op: AlterSequence, { sql }: CompileContext): string {
  const options = sequenceOptions(toSequenceOptions(op))
  const owner = op.owned_by
  const table = owner === null || owner === undefined
    ? ''
    : sql.qualified({ schema: op.schema, name: owner.table })
  const words = [
    `ALTER SEQUENCE ${sql.qualified(op)}`,
    ...(op.type === undefined ? [] : [`AS ${op.type.toUpperCase()}`]),
    ...(options === '' ? [] : [options]),
    ...(op.restart === undefined ? [] : [op.restart === true ? 'RESTART' : `RESTART WITH ${op.restart}`]),
    ...(owner === undefined
      ? []
      : [`OWNED BY ${owner === null ? 'NONE' : `${table}.${sql.name(owner.column)}`}`]),
  ]
  return words.join(' ')
}
