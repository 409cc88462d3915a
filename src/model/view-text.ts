/** The texts of views after something under them changed. Each database changes those that it holds in its own way. */
import type { DialectName, Model, SqlText, Table } from './model.ts'
import { withStarsWritten } from './sql-items.ts'
import { sqlFor } from './sql-text.ts'

type Edits = Readonly<Record<DialectName, (query: string) => string>>

/** The views with what the databases make of their queries; materialized views are PostgreSQL's. */
export function withViewTexts(model: Model, edits: Edits): Pick<Model, 'views' | 'materializedViews'> {
  return {
    views: model.views.map((view) => {
      const query = edited(view.query, edits)
      return query === view.query ? view : { ...view, query }
    }),
    materializedViews: model.materializedViews.map((view) => {
      const query = edits.postgres(view.query)
      return query === view.query ? view : { ...view, query }
    }),
  }
}

/** One text that comes out as two becomes one each. */
function edited(text: SqlText, edits: Edits): SqlText {
  const before = [sqlFor(text, 'postgres'), sqlFor(text, 'sqlite')] as const
  const [postgres, sqlite] = (['postgres', 'sqlite'] as const).map((dialect, i) =>
    before[i] === undefined ? undefined : edits[dialect](before[i])
  )
  if (postgres === before[0] && sqlite === before[1]) return text
  if (postgres === sqlite && postgres !== undefined) return postgres
  return { ...(postgres === undefined ? {} : { postgres }), ...(sqlite === undefined ? {} : { sqlite }) }
}

/**
 * The model before a table gets another column: what PostgreSQL's views have of `SELECT *` is what there was when they were
 * created (https://www.postgresql.org/docs/current/sql-createview.html, Notes).
 */
export function withStarsKept(model: Model, { name, columns }: Table): Model {
  const names = columns.map((one) => one.name)
  const postgres = (query: string) => withStarsWritten(query, name, names)
  return { ...model, ...withViewTexts(model, { postgres, sqlite: (query) => query }) }
}

/** The model with all that `SELECT *` stands for in its views named, where they are PostgreSQL's. */
export function withStarsNamed(model: Model): Model {
  const has = (query: SqlText) => sqlFor(query, 'postgres')?.includes('*') === true
  const all = [...model.views, ...model.materializedViews]
  return all.some(({ query }) => has(query)) ? model.tables.reduce(withStarsKept, model) : model
}
