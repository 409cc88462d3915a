/** Sequences: what YAML writes ↔ the model's {@link Sequence}. */
import { Type } from 'typebox'
import type { Column, Model, QualifiedName, Sequence, SequenceOptions } from '../../model/model.ts'
import { column, get, shown } from '../../model/edit.ts'
import { fault } from '../../problem.ts'
import { tokenize } from '../../model/sql-tokens.ts'
import { defined } from '../../model/defined.ts'
import type { Operation } from '../index.ts'
import { fromSequenceOptions, sequenceFields, toSequenceOptions } from './column.ts'
import { fields, name, optional, schema, words } from '../../shape.ts'
import type { Spec } from '../../shape.ts'

export const SEQUENCE_TYPES = ['smallint', 'integer', 'bigint'] as const

export const ownerShape = fields({
  table: name('The table, in the schema of the sequence.'),
  column: name('The column.'),
}, 'The column that it goes away with.')

export const createSequenceFields = {
  name: name('The sequence.'),
  schema,
  type: optional(words(SEQUENCE_TYPES, 'The type of its values. Default bigint.')),
  ...sequenceFields,
  owned_by: optional(ownerShape),
  comment: optional(Type.String({ description: 'Its comment.' })),
}

const sequenceShape = fields(createSequenceFields)
export type SequenceSpec = Spec<typeof sequenceShape>

const LARGEST: Readonly<Record<NonNullable<Sequence['type']>, number>> = {
  smallint: 32767,
  integer: 2147483647,
  bigint: Number(2n ** 63n - 1n),
}

/**
 * The model's sequence. What PostgreSQL would take by itself is left out, so that sequences compare (manual, CREATE
 * SEQUENCE: bigint, INCREMENT 1, from 1 up or from -1 down, CACHE 1).
 * @throws `contradiction` for an increment of 0; `no-such-table`, `no-such-column` for the owner
 */
export function toSequence(spec: SequenceSpec, model: Model): Sequence {
  const { name, schema, owned_by: owner, comment } = spec
  if (spec.increment === 0) {
    fault('contradiction', 'a sequence cannot advance by 0', { path: ['increment'] })
  }
  if (owner !== undefined) {
    column(get(model, 'tables', { schema, name: owner.table }, ['owned_by', 'table']), owner.column, [
      'owned_by',
      'column',
    ])
  }
  const type = spec.type === 'bigint' ? undefined : spec.type
  return defined({ schema, name, type, ...plain(toSequenceOptions(spec), type), ownedBy: owner, comment })
}

function plain(options: SequenceOptions, type: Sequence['type'] = 'bigint'): SequenceOptions {
  const { increment = 1, minValue, maxValue, start, cache, cycle } = options
  const up = increment > 0
  const lowest = up ? 1 : -LARGEST[type] - 1
  const highest = up ? LARGEST[type] : -1
  const first = up ? minValue ?? lowest : maxValue ?? highest
  return defined({
    increment: increment === 1 ? undefined : increment,
    minValue: minValue === null || minValue === lowest ? undefined : minValue,
    maxValue: maxValue === null || maxValue === highest ? undefined : maxValue,
    start: start === first ? undefined : start,
    cache: cache === 1 ? undefined : cache,
    cycle: cycle ? cycle : undefined,
  })
}

/** Where a sequence without START begins. */
export function firstValue({ increment = 1, minValue, maxValue }: SequenceOptions): number {
  return increment > 0 ? minValue ?? 1 : maxValue ?? -1
}

/** What YAML writes for a sequence. */
export function fromSequence(sequence: Sequence): SequenceSpec {
  const { name, schema, type, ownedBy, comment, ...options } = sequence
  return defined({ name, schema, type, ...fromSequenceOptions(options), owned_by: ownedBy, comment })
}

/** The operations that bring back sequences that columns own: before the columns, which may take values of them, and after. */
export function restoreOwned(sequences: readonly Sequence[]): { before: Operation[]; after: Operation[] } {
  return {
    before: sequences.map((one) => ({
      op: 'create_sequence',
      ...fromSequence({ ...one, ownedBy: undefined }),
    })),
    after: sequences.map((one) =>
      defined({ op: 'alter_sequence', name: one.name, schema: one.schema, owned_by: one.ownedBy })
    ),
  }
}

/** Whether an expression takes values of the sequence: `nextval('s')`, `nextval('app.s'::regclass)`. */
function usesSequence(expression: string, sequence: QualifiedName): boolean {
  return tokenize(expression, 'postgres').some((token) =>
    token.kind === 'string' && token.text.slice(1, -1).replaceAll('"', '') === shown(sequence)
  )
}

/** Whether the default of a column takes values of the sequence. */
export function countsBy({ default: value }: Column, sequence: QualifiedName): boolean {
  return value !== undefined && 'expression' in value && usesSequence(value.expression, sequence)
}

/** The columns whose default takes values of the sequence, as `"table.column"`. */
export function countedBy(sequence: QualifiedName, model: Model): string[] {
  return model.tables.flatMap((table) =>
    table.columns.filter((one) => countsBy(one, sequence)).map((one) => `"${shown(table)}.${one.name}"`)
  )
}
