/** In what two schemas deviate, part by part, and how far that is: a measure, so that distances can be added up. */
import { constraints, shown } from '../model/edit.ts'
import { differences } from '../model/difference.ts'
import { grantKey } from '../model/grant.ts'
import { PARTS } from '../model/model.ts'
import type { Column, Grant, Model, Part, QualifiedName, Routine, Table, Trigger } from '../model/model.ts'
import { signature } from '../model/routine.ts'
import { optionsOf } from '../model/same.ts'
import type { Dialect } from '../dialect/dialect.ts'

/** One part of a schema that is not as it should be. */
export interface Deviation {
  readonly kind: 'missing' | 'extra' | 'different'
  /** `column "users.age"`; of what is different, with the fields that are: `column "users.age" (type)`. */
  readonly what: string
  readonly weight: number
}

/** An object of a model, told apart by its key. */
export interface Thing {
  readonly kind: Part
  readonly key: string
  /** For people: `table "users"`. */
  readonly label: string
  readonly object: string | object
  readonly weight: number
}

/** What is missing or extra counts more than what is different: the nearest schema is the one that has the same parts. */
const WEIGHT = { object: 3, column: 2, part: 2, field: 1 } as const

const WORDS: Readonly<Record<Part, string>> = {
  schemas: 'schema',
  extensions: 'extension',
  enums: 'enum',
  domains: 'domain',
  sequences: 'sequence',
  tables: 'table',
  views: 'view',
  materializedViews: 'materialized view',
  functions: 'function',
  triggers: 'trigger',
  grants: 'grant',
}

/** Names an object of a model. */
export function thingOf(kind: Part, object: string | object): Thing {
  const name = nameOf(kind, object)
  const weight = kind === 'tables' ? WEIGHT.object + partsOf(object as Table).length : WEIGHT.object
  return {
    kind,
    key: `${kind}\0${name}`,
    label: `${WORDS[kind]} ${labelOf(kind, object, name)}`,
    object,
    weight,
  }
}

/** All objects of a model. */
export function thingsOf(model: Model): Thing[] {
  return PARTS.flatMap((kind) => model[kind].map((one) => thingOf(kind, one)))
}

function nameOf(kind: Part, object: string | object): string {
  if (typeof object === 'string') return object
  switch (kind) {
    case 'functions':
      return signature(object as Routine)
    case 'triggers': {
      const { schema, table, name } = object as Trigger
      return `${shown({ schema, name: table })}\0${name}`
    }
    case 'grants':
      return grantKey(object as Grant)
    case 'extensions':
      return (object as QualifiedName).name
    case 'schemas':
    case 'enums':
    case 'domains':
    case 'sequences':
    case 'tables':
    case 'views':
    case 'materializedViews':
      return shown(object as QualifiedName)
  }
}

function labelOf(kind: Part, object: string | object, name: string): string {
  if (kind === 'triggers') {
    const [table, own] = name.split('\0')
    return `"${own}" on "${table}"`
  }
  if (kind !== 'grants') return `"${name}"`
  const { privilege, on, grantee } = object as Grant
  return `of ${privilege} on ${on} "${shown(object as QualifiedName)}" to "${grantee}"`
}

/** A part of a table. */
interface TablePart {
  readonly key: string
  readonly label: string
  readonly weight: number
  readonly body: object
}

function partsOf(table: Table): TablePart[] {
  const of = shown(table)
  const part = (
    word: string,
    name: string,
    body: object,
    label = `${word} "${name}" of "${of}"`,
  ): TablePart => ({
    key: `${word}\0${name}`,
    label,
    weight: WEIGHT.part,
    body,
  })
  return [
    ...table.columns.map((one) => ({
      ...part('column', one.name, one, `column "${of}.${one.name}"`),
      weight: WEIGHT.column,
    })),
    ...constraints(table).map(({ kind, constraint: { implicit: _, ...body } }) =>
      part(kind.replace('_', ' '), body.name, body)
    ),
    ...table.indexes.map((one) => part('index', one.name, one, `index "${one.name}"`)),
    ...(table.policies ?? []).map((one) => part('policy', one.name, one)),
  ]
}

/** The fields of two objects that are not the same. */
function unequal(a: object, b: object, by: Dialect): string[] {
  const [x, y] = [a, b] as readonly Readonly<Record<string, unknown>>[]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((field) => {
    const [own, other] = [single(field, x![field]), single(field, y![field])]
    return differences('', own, other, by).length > 0
  })
}

function single(field: string, value: unknown): object {
  return value === undefined ? {} : { [field]: value }
}

function unequalColumns(a: Column, b: Column, by: Dialect): string[] {
  const { default: own, ...rest } = a
  const { default: other, ...others } = b
  return [...unequal(rest, others, by), ...(by.sameDefault(own, other, b.type) ? [] : ['default'])]
}

function different(label: string, fields: readonly string[]): Deviation[] {
  if (fields.length === 0) return []
  const what = `${label} (${fields.map(fieldText).join(', ')})`
  return [{ kind: 'different', what, weight: Math.min(fields.length * WEIGHT.field, WEIGHT.part) }]
}

function fieldText(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/**
 * In what an object deviates from one of the same key.
 * @param actual what is there, as the dialect holds it
 * @param wanted what should be there, as the dialect holds it, unnamed constraints called as those that are there
 */
export function deviations(actual: Thing, wanted: Thing, by: Dialect): Deviation[] {
  if (typeof actual.object === 'string' || typeof wanted.object === 'string') return []
  if (wanted.kind !== 'tables') {
    return different(wanted.label, unequal(actual.object, wanted.object, by))
  }
  return tableDeviations(actual.object as Table, wanted.object as Table, by)
}

function tableDeviations(actual: Table, wanted: Table, by: Dialect): Deviation[] {
  const here = new Map(partsOf(actual).map((one) => [one.key, one]))
  const found = partsOf(wanted).flatMap((part): Deviation[] => {
    const own = here.get(part.key)
    if (own === undefined) return [{ kind: 'missing', what: part.label, weight: part.weight }]
    here.delete(part.key)
    const isColumn = part.key.startsWith('column\0')
    const compare = isColumn
      ? unequalColumns(own.body as Column, part.body as Column, by)
      : unequal(own.body, part.body, by)
    return different(part.label, compare)
  })
  const extra = [...here.values()].map((one): Deviation => ({
    kind: 'extra',
    what: one.label,
    weight: one.weight,
  }))
  return [
    ...found,
    ...extra,
    ...different(`table "${shown(wanted)}"`, unequal(optionsOf(actual), optionsOf(wanted), by)),
  ]
}

/** In what a schema deviates from the one it should be; both as the dialect holds them. */
export function modelDeviations(actual: Model, wanted: Model, by: Dialect): Deviation[] {
  const here = new Map(thingsOf(actual).map((one) => [one.key, one]))
  const found = thingsOf(wanted).flatMap((thing): Deviation[] => {
    const own = here.get(thing.key)
    if (own === undefined) return [{ kind: 'missing', what: thing.label, weight: thing.weight }]
    here.delete(thing.key)
    return deviations(own, thing, by)
  })
  const extra = [...here.values()].map((one): Deviation => ({
    kind: 'extra',
    what: one.label,
    weight: one.weight,
  }))
  return [...found, ...extra]
}

/** How far apart two schemas are that deviate so. */
export function distanceOf(found: readonly Deviation[]): number {
  return found.reduce((sum, { weight }) => sum + weight, 0)
}
