/** Views and materialized views: one that differs, or reads what changes under it, is dropped and created. */
import type { MaterializedView, Model, Routine, View } from '../model/model.ts'
import { find } from '../model/edit.ts'
import { differences } from '../model/difference.ts'
import { signature } from '../model/routine.ts'
import { defined } from '../model/defined.ts'
import { fromMaterializedView } from '../ops/parts/materialized-view.ts'
import { fromView } from '../ops/parts/view.ts'
import { boundWords, dropRoutines, signatureWords } from './functions.ts'
import { has, Names, wordsOf } from './mention.ts'
import { ordered } from './order.ts'
import { byKey, keyOf, silent } from '../model/identical.ts'
import { projected } from './projected.ts'
import type { Work } from './work.ts'

type AnyView = View | MaterializedView

/** A view and what kind it is. */
export type Kinded =
  | { readonly kind: 'views'; readonly view: View }
  | { readonly kind: 'materializedViews'; readonly view: MaterializedView }

export function viewsOf(model: Model): Kinded[] {
  return [
    ...model.views.map((view) => ({ kind: 'views', view } as const)),
    ...model.materializedViews.map((view) => ({ kind: 'materializedViews', view } as const)),
  ]
}

/**
 * The view as the dialect holds it; undefined when it has none. Whether it was ever filled is no matter, and comments are
 * given to what is there: `comments.ts`.
 */
function held(work: Work, one: Kinded): AnyView | undefined {
  if (one.kind === 'views') return projected(work.dialect, 'views', [silent(one.view)])[0]
  const { populated: _, indexes, ...view } = silent(one.view)
  const bare = { ...view, indexes: indexes.map(silent) }
  return projected(work.dialect, 'materializedViews', [bare])[0]
}

function byViewKey(views: readonly Kinded[]): Map<string, Kinded> {
  return new Map(views.map((one) => [viewKey(one), one]))
}

/** The views that shall not be, or shall be otherwise. A view of the other dialect is nobody's business here. */
export function outdatedViews(work: Work): Kinded[] {
  const wanted = byViewKey(viewsOf(work.desired))
  return viewsOf(work.model).filter((one) => {
    const here = held(work, one)
    if (here === undefined) return false
    const to = wanted.get(viewKey(one))
    const there = to === undefined ? undefined : held(work, to)
    return there === undefined || differences('', here, there, work.dialect).length > 0
  })
}

/** The views that are missing. */
export function missingViews(work: Work): Kinded[] {
  const here = byViewKey(viewsOf(work.model))
  return viewsOf(work.desired).filter((one) => !here.has(viewKey(one)) && held(work, one) !== undefined)
}

export function queryWords({ view }: Kinded): Set<string> {
  return wordsOf(view.query)
}

/** `SELECT *` reads every column. */
export function readsAll({ view: { query } }: Kinded): boolean {
  const texts = typeof query === 'string' ? [query] : Object.values(query)
  return texts.some((text) => text.includes('*'))
}

/**
 * Drops the views that may read a column that is renamed, and those over them: SQLite renames it where a view names it, but
 * in nothing that shows it under its new name then, another view or a subquery, and refuses. What is missing afterwards
 * is created.
 */
export function dropReaders(work: Work, table: string, column: string): void {
  if (!work.dialect.forgets) return
  const all = viewsOf(work.model).map((one) => ({ one, words: queryWords(one) }))
  const found = new Set<Kinded>()
  for (const { one, words } of all) {
    if (has(words, table) && (has(words, column) || readsAll(one))) grow(one)
  }
  dropViews(work, [...found])

  function grow(reader: Kinded): void {
    if (found.has(reader)) return
    found.add(reader)
    for (const { one, words } of all) if (has(words, reader.view.name)) grow(one)
  }
}

/** What tells a view among the nodes of an order. */
export function viewKey({ kind, view }: Kinded): string {
  return `${kind} ${keyOf(view)}`
}

/**
 * Drops views, those over others first, and those of the functions that hold one of them: what takes or returns its rows
 * goes before it, and a view that calls a function before that.
 */
export function dropViews(work: Work, views: readonly Kinded[], routines: readonly Routine[] = []): void {
  const [ofViews, ofAll] = [new Names(), new Names()]
  for (const one of views) ofViews.add(one.view.name, viewKey(one))
  for (const one of views) ofAll.add(one.view.name, viewKey(one))
  const holding = routinesOver(ofViews, routines)
  for (const { one } of holding) ofAll.add(one.name, signature(one))
  const nodes = [
    ...views.map((one) => ({
      key: viewKey(one),
      rank: 0,
      needs: ofViews.named(queryWords(one), viewKey(one)),
      // A text that has the name of a function need not call it.
      wants: ofAll.named(queryWords(one), viewKey(one)),
      build: () => drop(work, one),
    })),
    ...holding.map(({ one, words }) => ({
      key: signature(one),
      rank: 0,
      needs: ofAll.named(words, signature(one)),
      wants: new Set<string>(),
      build: () => dropRoutines(work, [one]),
    })),
  ]
  for (const node of ordered(nodes).reverse()) node.build()
}

/** The functions that hold one of the views, and those that hold one of these. */
function routinesOver(views: Names, routines: readonly Routine[]): { one: Routine; words: Set<string> }[] {
  const over = new Names()
  const found = new Set<Routine>()
  const all = routines.map((one) => ({ one, words: new Set([...signatureWords(one), ...boundWords(one)]) }))
  for (let left = -1; left !== found.size;) {
    left = found.size
    for (const { one, words } of all) {
      if (found.has(one) || views.named(words).size + over.named(words).size === 0) continue
      found.add(one)
      over.add(one.name, signature(one))
    }
  }
  return all.filter(({ one }) => found.has(one))
}

function drop(work: Work, { kind, view: { name, schema } }: Kinded): void {
  if (find(work.model, kind, defined({ schema, name })) === undefined) return
  work.emit(
    defined({
      op: kind === 'views' ? 'drop_view' as const : 'drop_materialized_view' as const,
      name,
      schema,
    }),
  )
}

export function createView(work: Work, one: Kinded): void {
  if (one.kind === 'views') work.emit({ op: 'create_view', ...fromView(one.view) })
  else work.emit({ op: 'create_materialized_view', ...fromMaterializedView(one.view) })
}

/** Fills the materialized views that shall hold something and hold nothing. */
export function refreshViews(work: Work): void {
  const here = byKey(work.model.materializedViews)
  for (const to of work.desired.materializedViews) {
    if (to.populated === false || here.get(keyOf(to))?.populated !== false) continue
    work.emit(defined({ op: 'refresh_materialized_view', name: to.name, schema: to.schema }))
  }
}
