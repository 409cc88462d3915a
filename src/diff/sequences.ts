/** Sequences: options are altered; the column that owns one is there when it gets it. */
import type { Sequence } from '../model/model.ts'
import { find, findColumn, shown } from '../model/edit.ts'
import { differences } from '../model/difference.ts'
import { defined } from '../model/defined.ts'
import { countedBy, firstValue, fromSequence } from '../ops/parts/sequence.ts'
import { boundTexts } from './functions.ts'
import { byKey, keyOf, silent } from '../model/identical.ts'
import { expressionOf, expressionsOf, has, wordsOf } from './mention.ts'
import { projected } from './projected.ts'
import type { Work } from './work.ts'

function held(work: Work, one: Sequence): Sequence | undefined {
  return projected(work.dialect, 'sequences', [one])[0]
}

/** The sequences that are missing; none where the dialect has none. */
export function newSequences(work: Work): Sequence[] {
  const here = byKey(work.model.sequences)
  return work.desired.sequences.filter((one) => !here.has(keyOf(one)) && held(work, one) !== undefined)
}

/** Creates a sequence, owned by its column when that is there already. */
export function createSequence(work: Work, one: Sequence): void {
  const { ownedBy, ...free } = one
  work.emit({ op: 'create_sequence', ...fromSequence(isOwnerThere(work, one) ? { ...free, ownedBy } : free) })
}

function isOwnerThere(work: Work, { schema, ownedBy }: Sequence): boolean {
  const table = ownedBy && find(work.model, 'tables', { schema, name: ownedBy.table })
  return table !== undefined && findColumn(table, ownedBy!.column) !== undefined
}

/** Takes sequences that stay, or that others count with, from columns that would take them along when they go. */
export function freeSequences(work: Work): void {
  const wanted = byKey(work.desired.sequences)
  for (const one of work.model.sequences) {
    const to = wanted.get(keyOf(one))
    if (one.ownedBy === undefined) continue
    if (to === undefined) {
      if (!isUsedByOthers(work, one)) continue
    } else if (to.ownedBy?.table === one.ownedBy.table && to.ownedBy.column === one.ownedBy.column) continue
    work.emit(defined({ op: 'alter_sequence', name: one.name, schema: one.schema, owned_by: null }))
  }
}

/** Whether something else than the column that owns a sequence may count with it. */
function isUsedByOthers({ model }: Work, { schema, name, ownedBy }: Sequence): boolean {
  const owner = find(model, 'tables', { schema, name: ownedBy!.table })
  const others = model.tables.map((table) =>
    table === owner
      ? { ...table, columns: table.columns.filter((one) => one.name !== ownedBy!.column) }
      : table
  )
  const words = wordsOf(
    ...others.flatMap(expressionsOf),
    ...model.domains.map((one) => expressionOf(one.default)),
    ...model.functions.flatMap(boundTexts),
  )
  return has(words, name)
}

/** What an option is when it is not given. */
const PLAIN = {
  type: 'bigint',
  increment: 1,
  minValue: null,
  maxValue: null,
  cache: 1,
  cycle: false,
} as const

/** Alters the sequences that are not as they shall be, and gives them to their columns. */
export function alterSequences(work: Work): void {
  const here = byKey(work.model.sequences)
  for (const to of work.desired.sequences) {
    const from = here.get(keyOf(to))
    if (from === undefined) continue
    const [a, b] = [held(work, from), held(work, to)]
    if (a === undefined || b === undefined) continue
    if (differences('', silent(a), silent(b), work.dialect).length === 0) continue
    const differing = <K extends keyof typeof PLAIN>(key: K) =>
      a[key] === b[key] ? undefined : b[key] ?? PLAIN[key]
    const owned = JSON.stringify(a.ownedBy) !== JSON.stringify(b.ownedBy)
    work.emit(defined({
      op: 'alter_sequence',
      name: to.name,
      schema: to.schema,
      type: differing('type'),
      increment: differing('increment'),
      start: a.start === b.start && firstValue(a) === firstValue(b) ? undefined : b.start ?? firstValue(b),
      min_value: differing('minValue'),
      max_value: differing('maxValue'),
      cache: differing('cache'),
      cycle: differing('cycle'),
      owned_by: owned ? to.ownedBy ?? null : undefined,
    }))
  }
}

/** Drops the sequences that shall not be. */
export function dropSequences(work: Work): void {
  const wanted = byKey(work.desired.sequences)
  for (const one of work.model.sequences) {
    if (wanted.has(keyOf(one))) continue
    const users = countedBy(one, work.model)
    if (users.length === 0) dropSequence(work, one)
    else work.note(shown(one), `sequence "${shown(one)}" is not wanted, but used by ${users.join(', ')}`)
  }
}

/** None is dropped where the dialect has none. */
export function dropSequence(work: Work, one: Sequence): void {
  if (held(work, one) === undefined) return
  work.emit(defined({ op: 'drop_sequence', name: one.name, schema: one.schema }))
}
