/** How far a revision is that is not one transaction: told after each of its statements, of which there may be thousands. */
import assert from 'node:assert/strict'
import type { Placed, PlannedStatement } from '../../src/plan/placed.ts'
import { checkpointOf, digestOf } from '../../src/run/records/checkpoint.ts'
import type { Position } from '../../src/run/records/checkpoint.ts'

const COUNT = 500

/** A revision of two statements an operation, and how often its operations are read. */
function counted() {
  const read = { times: 0 }
  const operations = Array.from({ length: COUNT }, (_, i): Placed => {
    const operation = {
      op: 'execute',
      get sql() {
        read.times++
        return `SELECT ${i}`
      },
    }
    return { operation: operation as unknown as Placed['operation'], locate: (problem) => problem }
  })
  const compiled = operations.flatMap((origin, i): PlannedStatement[] => [
    { sql: `SELECT ${i}, 1`, origin },
    { sql: `SELECT ${i}, 2`, origin },
  ])
  const document = { transaction: 'none' }
  const prepared = { document, operations } as unknown as Position['prepared']
  const at = (position: number) => checkpointOf({ prepared, compiled, position, consumed: COUNT })
  return { at, operations, read }
}

Deno.test('what is asked after each statement of a revision reads its operations once, not once more each time', () => {
  const { at, read } = counted()
  for (let position = 0; position <= 2 * COUNT; position++) at(position)
  // Each is read twice as the next one, before either of its statements, and once as one of those that are done.
  assert(read.times <= 3 * COUNT, `${read.times} times`)
})

Deno.test('it is the operation of the next statement, what is left of it, and the digest of those before it', () => {
  const { at, operations } = counted()
  for (const position of [0, 1, 2, 7, 2 * COUNT - 1, 3, 2 * COUNT]) {
    const [number, done] = [Math.floor(position / 2), position % 2]
    const left = [1, 2].slice(done).map((one) => ({ sql: `SELECT ${number}, ${one}`, alone: true as const }))
    assert.deepEqual(at(position), {
      operations: number,
      statements: done,
      left: number === COUNT ? [] : left,
      digest: digestOf(operations.slice(0, number)),
      ...(number === COUNT ? {} : { next: digestOf(operations.slice(number, number + 1)) }),
    })
  }
})
