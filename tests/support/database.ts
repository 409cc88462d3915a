/** The second law: the SQL runs, and what the database then holds is what `apply` says. */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { ProblemError } from '../../src/problem.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { DialectName, Model, Table } from '../../src/model/model.ts'
import { sameModel } from '../../src/model/same.ts'
import type { Connection, Dialect } from '../../src/dialect/dialect.ts'
import { diff } from '../../src/diff/index.ts'
import { find } from '../../src/model/edit.ts'
import { inverseOf } from '../../src/plan/replay.ts'
import { definitionOf } from '../../src/ops/index.ts'
import type { Operation } from '../../src/ops/index.ts'
import type { Compilation } from '../../src/plan/compile.ts'
import { assertRestored, compiled, placed } from './compile.ts'
import { contents } from '../../src/verify/rows.ts'
import { turnsOf } from '../../src/verify/consequences.ts'
import type { Turn } from '../../src/verify/going.ts'
import { assertKept, fill } from './rows.ts'
import type { Target } from './rows.ts'

/** What is there at first, and operations that run together, as those of a revision do. */
export interface Trial {
  readonly given: readonly Operation[]
  readonly operations: readonly Operation[]
  /** What leads back. Absent: the inverses of the operations. */
  readonly back?: readonly Operation[]
}

/** Opens a database. */
export function connect(dialect: Dialect, url: string): Promise<Connection> {
  return dialect.connect(url, { env: {}, cwd: tmpdir(), create: true })
}

/**
 * On an empty database, or one in a transaction that will be rolled back: creates what is given, with rows where the tables take them, runs the operations and their inverses, and compares the
 * schema after each with what `apply` says, and the rows with what they were.
 * @returns the schema as it was read after the operations
 * @throws RowsRefused when the rows are in the way and an operation says that it may refuse rows
 */
export async function tryOperations(ground: Target, trial: Trial, rows: boolean): Promise<Model> {
  const { dialect } = ground
  const { after: before } = await perform(ground, trial.given, EMPTY)
  await assertGiven(ground, trial.given, before)
  await ground.connection.run(SETTLED[dialect.name])
  const filled = rows ? await fill(ground, before) : []
  const after = await step(ground, trial.operations, before, filled)
  const seen = await assertIntrospected(ground, after, 'the operations')
  await assertRecognised(ground, seen, { before, after })
  const inverses = trial.back ?? undone(trial.operations, before, dialect)
  if (inverses === undefined || !compiles(inverses, after, ground)) return seen
  const restored = await step(ground, inverses, after, filled)
  if (trial.back === undefined) assertRestored(restored, before, dialect)
  await assertIntrospected(ground, restored, 'the inverse')
  return seen
}

/** Whether the dialect can do it at all: what PostgreSQL takes away, it cannot always add. */
function compiles(operations: readonly Operation[], before: Model, { connection, dialect }: Target): boolean {
  try {
    compiled(operations, before, dialect, connection.server.version)
    return true
  } catch (error) {
    if (error instanceof ProblemError && error.problems.every((one) => one.code === 'unsupported')) {
      return false
    }
    throw error
  }
}

/**
 * Deferred checks of new rows happen at once: a row that they refuse is none, and PostgreSQL alters no table for which some
 * are left.
 */
export const SETTLED: Readonly<Record<DialectName, readonly string[]>> = {
  postgres: ['SET CONSTRAINTS ALL IMMEDIATE'],
  sqlite: [],
}

/** What undoes the operations; undefined when nothing does. */
function undone(operations: readonly Operation[], before: Model, dialect: Dialect): Operation[] | undefined {
  try {
    return inverseOf(placed(operations), before, { dialect, server: dialect.newest }).map(({ operation }) =>
      operation
    )
  } catch (error) {
    if (error instanceof ProblemError && error.problems.every((one) => one.code === 'irreversible')) return
    throw error
  }
}

/** Operations whose rows are looked at before and after. */
export async function step(
  ground: Target,
  operations: readonly Operation[],
  before: Model,
  filled: readonly Table[],
): Promise<Model> {
  const tables = filled.flatMap((table) => find(before, 'tables', table) ?? [])
  const had = await contents(ground, tables)
  const { after, effects, turns } = consequences(operations, before)
  const mayRefuse = after === before || effects.some((one) => one.kind === 'refuses-rows')
  try {
    await perform(ground, operations, before)
  } catch (error) {
    if (error instanceof ProblemError && filled.length > 0 && mayRefuse) throw new RowsRefused(error.message)
    throw error
  }
  if (after !== before) await assertKept(ground, had, { before, after, turns })
  return after
}

/** The rows a trial was given are in the way, as the operation says they may be (or as those that it brings itself). */
export class RowsRefused extends Error {}

function consequences(operations: readonly Operation[], before: Model) {
  let after = before
  const turns: Turn[] = []
  const effects = operations.flatMap((operation) => {
    const definition = definitionOf(operation)
    const found = definition.effects(operation, after)
    turns.push(...turnsOf(found, definition.renames?.(operation) ?? []))
    after = definition.apply(operation, after)
    return found
  })
  return { after, effects, turns }
}

/** Compiles operations for the server and runs them, in a transaction where they can be. */
export async function perform(
  ground: Target,
  operations: readonly Operation[],
  before: Model,
): Promise<Compilation> {
  const { connection, dialect, inTransaction } = ground
  const compilation = compiled(operations, before, dialect, connection.server.version)
  const { statements, rebuilds } = compilation
  const sql = statements.map((one) => one.sql)
  if (inTransaction || statements.some((one) => one.transaction === 'forbidden')) {
    if (inTransaction) await connection.run(sql)
    else for (const one of sql) await connection.run([one])
    return compilation
  }
  await connection.begin({ rebuild: rebuilds })
  try {
    await connection.run(sql)
    await connection.commit()
  } catch (error) {
    await connection.rollback()
    throw error
  }
  return compilation
}

/** What was found right, by dialect and version: many trials begin alike. */
const GIVEN = new Set<string>()

async function assertGiven(ground: Target, given: readonly Operation[], model: Model): Promise<void> {
  const { dialect, connection: { server } } = ground
  const key = JSON.stringify([dialect.name, server.version, given])
  if (GIVEN.has(key)) return
  await assertIntrospected(ground, model, 'what is given')
  GIVEN.add(key)
}

async function assertIntrospected(
  { connection, dialect }: Target,
  model: Model,
  what: string,
): Promise<Model> {
  const found = await dialect.introspect(connection)
  assert.deepEqual(sameModel(found, dialect.project(model), dialect), [], `the schema after ${what}`)
  const { operations, notes } = diff(found, model, dialect, { server: connection.server })
  assert.deepEqual([...operations, ...notes], [], `what is left to do after ${what}`)
  return found
}

/** What the schema was, or is, as a hint: nothing that is otherwise now may be overlooked for it. */
async function assertRecognised(
  { connection, dialect }: Target,
  seen: Model,
  hints: Readonly<Record<string, Model>>,
): Promise<void> {
  // PostgreSQL keeps no texts to know tables by.
  if (dialect.name !== 'sqlite') return
  for (const [what, hint] of Object.entries(hints)) {
    const found = await dialect.introspect(connection, { likely: () => Promise.resolve(hint) })
    assert.deepEqual(sameModel(dialect.project(found), seen, dialect), [], `the schema, expected as ${what}`)
  }
}
