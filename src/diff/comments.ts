/**
 * Comments of all but tables, columns and domains, which have them among the rest. They are looked at when everything is
 * there that shall be: what was created has its comment already.
 */
import type { Model, QualifiedName, Table } from '../model/model.ts'
import { constraints } from '../model/edit.ts'
import { inputTypes, signature } from '../model/routine.ts'
import { isRaw } from '../model/trigger.ts'
import type { SetComment } from '../ops/set-comment.ts'
import { defined } from '../ops/parts/type.ts'
import { byKey, keyOf } from './identical.ts'
import type { Work } from './work.ts'

type Place = Omit<SetComment, 'op' | 'comment'>

interface Said {
  readonly name: string
  readonly comment?: string
}

/** An object that may have a comment: by what it is found on the other side, and how an operation names it. */
interface Speaker {
  readonly key: string
  readonly comment: string | undefined
  readonly place: Place
}

/** Gives what differs in its comment alone the one that it shall have. */
export function setComments(work: Work): void {
  if (work.dialect.forgets) return
  const here = new Map(speakers(work.model, work.desired).map((one) => [one.key, one]))
  for (const { key, comment } of speakers(work.desired, work.model)) {
    const there = here.get(key)
    if (there === undefined || (there.comment ?? '') === (comment ?? '')) continue
    work.emit(defined({ op: 'set_comment', ...there.place, comment: comment ?? null }))
  }
}

/** @param other the other side: what it has not is nobody's business */
function speakers(model: Model, other: Model): Speaker[] {
  const flat = (object: Place['object'], all: readonly (QualifiedName & Said)[]) =>
    all.map((one) => speaker(object, one))
  const tables = byKey(other.tables)
  return [
    ...flat('enum', model.enums),
    ...flat('sequence', model.sequences),
    ...flat('view', model.views),
    ...model.domains.flatMap(({ schema, name, checks }) =>
      checks.map((one) => speaker('constraint', { ...one, schema }, { domain: name }))
    ),
    ...model.materializedViews.flatMap((view) => [
      speaker('materialized_view', view),
      ...view.indexes.map((one) => speaker('index', { ...one, schema: view.schema })),
    ]),
    ...model.tables.flatMap((table) => tables.has(keyOf(table)) ? inTable(table) : []),
    ...model.functions.map((one) =>
      speaker(one.kind, one, { arguments: inputTypes(one.arguments) }, signature(one))
    ),
    ...model.triggers.flatMap((one) => isRaw(one) ? [] : speaker('trigger', one, { table: one.table })),
  ]
}

function inTable(table: Table): Speaker[] {
  const { schema, name } = table
  return [
    ...constraints(table).map(({ constraint }) =>
      speaker('constraint', { ...constraint, schema }, { table: name })
    ),
    ...table.indexes.map((one) => speaker('index', { ...one, schema })),
    ...(table.policies ?? []).map((one) => speaker('policy', { ...one, schema }, { table: name })),
  ]
}

function speaker(
  object: Place['object'],
  one: QualifiedName & Said,
  more: Pick<Place, 'table' | 'domain' | 'arguments'> = {},
  name = one.name,
): Speaker {
  const { schema, comment } = one
  const key = [object, schema ?? '', more.table ?? more.domain ?? '', name].join('\0')
  return { key, comment, place: defined({ object, name: one.name, schema, ...more }) }
}
