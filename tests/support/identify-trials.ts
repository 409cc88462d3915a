/** Generated histories: every revision is recognised by its schema; and what was changed by hand is named. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sameModel } from '../../src/model/same.ts'
import type { Connection, Dialect } from '../../src/dialect/dialect.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { Model } from '../../src/model/model.ts'
import type { Operation } from '../../src/ops/index.ts'
import type { Identified } from '../../src/identify/identify.ts'
import { identified, lineOf, perform } from './identify.ts'
import { history } from './generate/history.ts'
import { runs, told } from './generate/runs.ts'

type WithDatabase = (work: (connection: Connection) => Promise<void>) => Promise<void>

/** Registers the tests; `withDatabase` gives an empty one. */
export function testGenerated(dialect: Dialect, usual: number, withDatabase: WithDatabase): void {
  Deno.test(`${dialect.name}: every revision of generated histories is recognised, and near misses are named`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (choices) => {
        const trial = history(choices, dialect)
        await told(
          trial,
          () => withDatabase((one) => attempt(one, dialect, [...trial.given, ...trial.operations])),
        )
      }),
      // Each trial needs a database of its own: to find a simpler one takes too long.
      { ...runs(usual), endOnFailure: dialect.name === 'postgres' },
    )
  })
}

async function attempt(
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
): Promise<void> {
  const line = lineOf(operations.map((one) => [one]))
  const models: Model[] = [EMPTY]
  for (const [i, operation] of operations.entries()) {
    models.push(await perform(connection, dialect, [operation], models[i]))
    assertExact(await identified(connection, dialect, line), models, `r${i + 1}`, dialect)
  }
  const [table] = models.at(-1)!.tables
  if (table === undefined) return
  const extra: Operation = {
    op: 'add_column',
    table: table.name,
    column: { name: 'nobody knows', type: 'integer' },
  }
  await perform(connection, dialect, [extra], models.at(-1))
  const { exact, nearest } = await identified(connection, dialect, line)
  assert.deepEqual(exact, [])
  const [first] = nearest
  assert.deepEqual(first!.deviations.map(({ kind, what }) => `${kind} ${what}`), [
    `extra column "${table.name}.nobody knows"`,
  ])
}

/** The place is among the exact ones, and all of them have the same schema on this dialect. */
function assertExact(
  { exact, nearest }: Identified,
  models: readonly Model[],
  id: string,
  dialect: Dialect,
): void {
  const heads = exact.map((one) => one.heads.join() || 'base')
  const told = nearest.map((one) => [one.place.heads.join(), one.deviations, one.found.operations])
  assert(heads.includes(id), `${id} is not among ${heads.join(', ') || 'none'}: ${JSON.stringify(told)}`)
  const wanted = dialect.project(models.at(-1)!)
  for (const { model } of exact) assert.deepEqual(sameModel(dialect.project(model), wanted, dialect), [])
}
