/**
 * Consecutive changes of one table. When the dialect can do all of them in place their statements run; when one of
 * them needs a rebuild, one rebuild does them all, as Alembic's batch mode does within its `with` block.
 */
import { locate, unreachable } from '../problem.ts'
import { findColumn, sameName } from '../model/edit.ts'
import { usedColumns } from '../model/used-columns.ts'
import type { Model, Table } from '../model/model.ts'
import type { Dialect, TableChange } from '../dialect/dialect.ts'
import { definitionOf } from '../ops/index.ts'
import type { Placed, PlannedStatement } from './placed.ts'

interface Pending extends TableChange {
  readonly placed: Placed
  readonly model: Model
  readonly modelAfter: Model
}

export class TableChanges {
  readonly #dialect: Dialect
  #pending: Pending[] = []
  /** Whether any rebuild was made. */
  rebuilt = false

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  /**
   * Takes one more change.
   * @param model the model before the change
   * @param modelAfter the model after it
   * @returns the statements of earlier changes that cannot wait for it
   */
  add(change: TableChange, placed: Placed, model: Model, modelAfter: Model): PlannedStatement[] {
    const ready = this.#joins(change) ? [] : this.flush()
    this.#pending.push({ ...change, placed, model, modelAfter })
    return ready
  }

  /** The statements of all changes taken since the last flush. */
  flush(): PlannedStatement[] {
    const pending = this.#pending
    this.#pending = []
    const first = pending[0]
    if (first === undefined) return []
    const cause = pending.find((change) => change.inPlace === undefined)
    if (cause === undefined) return pending.flatMap(inPlace)
    const { rebuild } = this.#dialect
    if (rebuild === undefined) return unreachable(cause as never)
    this.rebuilt = true
    const change = {
      before: first.before,
      after: pending.at(-1)!.after,
      carry: Object.assign({}, ...pending.map((one) => one.carry ?? {})),
      model: first.model,
      modelAfter: pending.at(-1)!.modelAfter,
    }
    const statements = locate(cause.placed.locate, () => rebuild(change))
    const others = pending.filter((one) => one !== cause).map(({ placed }) => placed)
    const of = { origin: together(cause.placed, others), first: first.placed, rebuild: change }
    return statements.map((statement) => ({ ...statement, ...of }))
  }

  /**
   * Whether one rebuild can do this change together with those before it. A rename goes by itself: in place SQLite
   * rewrites the views, triggers and foreign keys that name the column. A column that takes the name of a dropped one
   * must not take its values. New values must be computable from the table as it is before all of them.
   */
  #joins(change: TableChange): boolean {
    const first = this.#pending[0]
    if (first === undefined) return true
    const last = this.#pending.at(-1)!
    if (!sameName(last.after, change.before) || change.renamed !== undefined || last.renamed !== undefined) {
      return false
    }
    const known = new Set(change.before.columns.map((one) => one.name))
    const added = change.after.columns.filter((one) => !known.has(one.name))
    if (added.some((one) => findColumn(first.before, one.name) !== undefined)) return false
    return Object.values(change.carry ?? {}).every((sql) => computable(sql, change.before, first.before))
  }
}

function inPlace(change: Pending): PlannedStatement[] {
  return change.inPlace!.map((statement) => ({ ...statement, origin: change.placed }))
}

/** Whether the columns that an expression uses are the same in an earlier state of the table. */
function computable(sql: string, now: Table, then: Table): boolean {
  return usedColumns(sql, now).every((name) => {
    const earlier = then.columns.find((one) => one.name === name)
    const current = now.columns.find((one) => one.name === name)
    return JSON.stringify(earlier) === JSON.stringify(current)
  })
}

/** An operation whose rebuild does others, too: any of them may be why it fails. */
function together(placed: Placed, others: readonly Placed[]): Placed {
  if (others.length === 0) return placed
  const what = others.map(({ operation }) => `"${definitionOf(operation).describe(operation)}"`).join(', ')
  const note = `one rebuild of the table does this and ${what}`
  return {
    ...placed,
    locate: (problem) => placed.locate({ ...problem, notes: [...(problem.notes ?? []), note] }),
  }
}
