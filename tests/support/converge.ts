/**
 * Convergence, as a person would see it: a database with a schema and rows, models of another schema, `revision
 * --autogenerate`, `upgrade`, `check`, `downgrade`.
 */
import assert from 'node:assert/strict'
import { ProblemError } from '../../src/problem.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { Model, Table, View } from '../../src/model/model.ts'
import { sameModel } from '../../src/model/same.ts'
import { diff, wayBack } from '../../src/diff/index.ts'
import type { Diff } from '../../src/diff/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import type { Connection, Dialect } from '../../src/dialect/dialect.ts'
import { perform, RowsRefused, SETTLED, step } from './database.ts'
import type { Schema } from './generate/schema.ts'
import { toYaml } from './operation-yaml.ts'
import { fill } from './rows.ts'
import type { Target } from './rows.ts'

/** Two empty databases: one that changes, and one in which the new schema is made afresh. */
export interface Ground {
  readonly dialect: Dialect
  readonly changing: Connection
  readonly fresh: Connection
}

/** What `revision --autogenerate` finds. */
async function found(live: Model, models: Model, { dialect, changing }: Ground): Promise<Diff> {
  const desired = await dialect.normalise?.(changing, models, live) ?? models
  return diff(live, desired, dialect, { server: changing.server, noRenames: true })
}

/**
 * Leads a database from one schema to another and back.
 * @throws RowsRefused when rows are in the way of an operation that says that they may be
 */
export async function converge(ground: Ground, from: Schema, to: Schema, rows: boolean): Promise<void> {
  const { dialect, changing } = ground
  const target: Target = { dialect, connection: changing, inTransaction: false }
  await perform(target, from.operations, EMPTY)
  const live = await dialect.introspect(changing)
  assertClean(await found(live, from.model, ground), 'check finds something in what was just created')
  const filled = rows ? await fill(target, live) : []
  await changing.run(SETTLED[dialect.name])
  const there = await found(live, to.model, ground)
  await settled(() => step(target, there.operations, live, filled), there.operations)
  const arrived = await dialect.introspect(changing)
  assertClean(await found(arrived, to.model, ground), 'check finds something after the upgrade', there)
  assert.deepEqual(
    sameModel(unnamed(arrived), unnamed(await afresh(ground, to)), { ...dialect, forgets: true }),
    [],
    `not what the new schema is when it is made afresh${shown(there.operations)}`,
  )
  const back = wayBack(there, live, dialect, { server: changing.server })
  const left = arrived.tables.filter((one) => filled.some(({ name }) => name === one.name))
  await settled(() => step(target, back.operations, arrived, left), back.operations)
  const returned = await dialect.introspect(changing)
  const rest = diff(returned, live, dialect, { server: changing.server, noRenames: true })
  assertClean(rest, `the downgrade does not lead back${shown(there.operations)}`, back)
}

async function afresh({ dialect, fresh }: Ground, { operations }: Schema): Promise<Model> {
  await perform({ dialect, connection: fresh, inTransaction: false }, operations, EMPTY)
  return await dialect.introspect(fresh)
}

/**
 * A constraint that nobody named keeps the name that another one like it had, and one that is NOT VALID is valid in a new
 * table, whose rows have all been looked at.
 */
function unnamed(model: Model): Model {
  const plain = <C extends object>(one: C): C => ({ ...one, implicit: true, valid: undefined })
  const table = (one: Table): Table => ({
    ...one,
    ...(one.primaryKey === undefined ? {} : { primaryKey: plain(one.primaryKey) }),
    uniques: one.uniques.map(plain),
    checks: one.checks.map(plain),
    foreignKeys: one.foreignKeys.map(plain),
    excludes: one.excludes.map(plain),
  })
  // `SELECT *` shows columns in the order in which the table got them.
  const words = (query: string) => query.split(/[,\s]+/).sort().join(' ')
  const view = (one: View): View => typeof one.query === 'string' ? { ...one, query: words(one.query) } : one
  return { ...model, tables: model.tables.map(table), views: model.views.map(view) }
}

function assertClean({ operations, notes }: Diff, what: string, after?: Diff): void {
  const rest = [...operations.map((one) => JSON.stringify(toYaml(one))), ...notes.map((one) => one.message)]
  assert.deepEqual(
    rest,
    [],
    `${what}: ${rest.join('; ')}${after === undefined ? '' : shown(after.operations)}`,
  )
}

function shown(operations: readonly Operation[]): string {
  return `\nby:\n${operations.map((one) => `  ${JSON.stringify(toYaml(one))}\n`).join('')}`
}

/** Runs; what fails is told with the operations. */
async function settled(work: () => Promise<unknown>, operations: readonly Operation[]): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof RowsRefused || !(error instanceof Error)) throw error
    const notes = error instanceof ProblemError ? error.problems.flatMap((one) => one.notes ?? []) : []
    throw new Error(`${[error.message, ...notes].join('\n')}${shown(operations)}`)
  }
}
