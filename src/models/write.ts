/** A schema → the models document that declares it: reading it again gives the same schema. */
import { constraints, find } from '../model/edit.ts'
import type { Model, Table } from '../model/model.ts'
import type { Dialect } from '../dialect/dialect.ts'
import type { Section } from '../ops/definition.ts'
import { withNamedTwins } from '../ops/parts/repeated-keys.ts'
import { flowText, listLines } from '../revision/yaml/layout.ts'
import { inlined } from './inline.ts'
import type { WrittenItem } from './inline.ts'
import { SECTIONS } from './sections.ts'

/** A models document as plain data. Lists that would be empty are left out. */
export type ModelsDocument = Readonly<Partial<Record<Section, readonly WrittenItem[]>>>

/**
 * The document for a model. Where the database keeps the names of unnamed constraints, a name may have come about by
 * itself: those that would come about again are not written.
 */
export function modelsDocument(
  model: Model,
  { name, forgets }: Pick<Dialect, 'name' | 'forgets'>,
): ModelsDocument {
  const unnamed = forgets ? model : withImplicitNames(model)
  const shown = { ...unnamed, tables: unnamed.tables.map(withNamedTwins) }
  const lists = SECTIONS.map(({ section, definition }) => {
    const items = definition.declares!.of(shown).map(({ op: _, ...fields }): WrittenItem => fields)
    if (section !== 'tables') return [section, items] as const
    // A table that refers to nothing is for the one dialect that takes it.
    const tables = items.map((one, i) => isDangling(shown.tables[i]!, shown) ? { only: name, ...one } : one)
    return [section, tables.map(inlined)] as const
  })
  return Object.fromEntries(lists.filter(([, items]) => items.length > 0))
}

function isDangling(table: Table, model: Model): boolean {
  return table.foreignKeys.some(({ references }) => find(model, 'tables', references) === undefined)
}

/** The model with every constraint taken for unnamed, unless its name is not the only one of its kind in the schema. */
function withImplicitNames(model: Model): Model {
  const counts = new Map<string, number>()
  const key = (table: Table, name: string) => `${table.schema ?? ''}\0${name}`
  for (const table of model.tables) {
    const names = [table.name, ...table.indexes.map((one) => one.name)]
    for (const { constraint } of constraints(table)) names.push(constraint.name)
    for (const name of names) counts.set(key(table, name), (counts.get(key(table, name)) ?? 0) + 1)
  }
  const tables = model.tables.map((table): Table => {
    const unnamed = <C extends { readonly name: string }>(one: C): C =>
      counts.get(key(table, one.name)) === 1 ? { ...one, implicit: true } : one
    return {
      ...table,
      ...(table.primaryKey === undefined ? {} : { primaryKey: unnamed(table.primaryKey) }),
      uniques: table.uniques.map(unnamed),
      checks: table.checks.map(unnamed),
      foreignKeys: table.foreignKeys.map(unnamed),
      excludes: table.excludes.map(unnamed),
    }
  })
  return { ...model, tables }
}

/** From how many lines a list is easier to read with empty lines between its items. */
const LONG = 3

/**
 * The text of a document.
 * @param schema the path of the JSON Schema, relative to the file; absent: editors are not told
 */
export function modelsText(document: ModelsDocument, schema?: string): string {
  const head = schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]
  const lists = SECTIONS.flatMap(({ section }) => {
    const items = document[section]
    return items === undefined ? [] : [[`${section}:`, ...itemsLines(items)].join('\n')]
  })
  if (lists.length === 0) return [...head, '{}', ''].join('\n')
  return `${[...head, ...lists].join('\n\n')}\n`
}

function itemsLines(items: readonly WrittenItem[]): string[] {
  const texts = items.map((item) => listLines([item], 2, isFlat(item) ? undefined : 'open'))
  const long = texts.some((lines) => lines.length >= LONG)
  return texts.flatMap((lines, i) => i > 0 && long ? ['', ...lines] : lines)
}

/** Whether an item stands on one line, if the line is not too long. */
function isFlat(item: WrittenItem): boolean {
  return flowText(item) !== undefined && item.columns === undefined
}
