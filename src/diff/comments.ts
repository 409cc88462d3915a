/**
 * Comments of all but tables, columns and domains, which have them among the rest. They are looked at when everything is
 * there that shall be: what was created has its comment already.
 */
import type { Model, QualifiedName, Table } from '../model/model.ts'
import { constraints } from '../model/edit.ts'
import { inputTypes, signature } from '../model/routine.ts'
import { isRaw } from '../model/trigger.ts'
import { defined } from '../model/defined.ts'
import type { SetComment } from '../ops/set-comment.ts'
import { keyOf } from '../model/identical.ts'
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
  // Most tables have none: what is in them is not even named.
  const tables = new Set([work.model, work.desired].flatMap((one) => one.tables.filter(speaks).map(keyOf)))
  const here = new Map(speakers(work.model, tables).map((one) => [one.key, one]))
  for (const { key, comment } of speakers(work.desired, tables)) {
    const there = here.get(key)
    if (there === undefined || (there.comment ?? '') === (comment ?? '')) continue
    work.emit(defined({ op: 'set_comment', ...there.place, comment: comment ?? null }))
  }
}

/** Whether something in a table has a comment. */
function speaks(table: Table): boolean {
  const has = ({ comment }: { readonly comment?: string }) => comment !== undefined
  const { primaryKey, uniques, foreignKeys, checks, excludes, indexes, policies = [] } = table
  return (primaryKey !== undefined && has(primaryKey)) || uniques.some(has) || foreignKeys.some(has) ||
    checks.some(has) || excludes.some(has) || indexes.some(has) || policies.some(has)
}

/** @param inside the keys of the tables to look into */
function speakers(model: Model, inside: ReadonlySet<string>): Speaker[] {
  const flat = (object: Place['object'], all: readonly (QualifiedName & Said)[]) =>
    all.map((one) => speaker(object, one))
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
    ...model.tables.flatMap((table) => inside.size > 0 && inside.has(keyOf(table)) ? inTable(table) : []),
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
