/** Which operation is told when something fails, and that nothing hides it. */
import assert from 'node:assert/strict'
import { faults, ProblemError } from '../../src/problem.ts'
import type { FailedSql, Problem } from '../../src/problem.ts'
import type { Connection } from '../../src/dialect/dialect.ts'
import { runLines } from '../../src/run/session/lines.ts'
import { attempt } from '../../src/run/records/transaction.ts'

const origin = (table: string) => ({
  operation: { op: 'drop_table' as const, name: table },
  locate: (problem: Problem): Problem => ({ ...problem, at: { file: table, line: 1, col: 1 } }),
})
const LINES = [
  { sql: 'SET x = 1' },
  { sql: 'DROP TABLE a', origin: origin('a') },
  { sql: 'DROP TABLE b', origin: origin('b') },
]

/** The file blamed when a connection fails so. */
async function blamed(sql: FailedSql | undefined): Promise<string | undefined> {
  const details = sql === undefined ? {} : { sql }
  const connection = {
    run: () =>
      Promise.resolve().then(() => faults([{ code: 'x', severity: 'error', message: 'no', ...details }], 1)),
  } as unknown as Connection
  try {
    await runLines(connection, LINES)
    return assert.fail('it ran')
  } catch (error) {
    assert(error instanceof ProblemError)
    return error.problems[0]!.at?.file
  }
}

const cases: readonly (readonly [what: string, sql: FailedSql | undefined, file: string | undefined])[] = [
  ['by its number', { text: 'DROP TABLE b', index: 2 }, 'b'],
  ['by its text', { text: 'DROP TABLE b' }, 'b'],
  ['of the tool, and not of an operation', { text: 'SET x = 1', index: 0 }, undefined],
  ['that none of them is (BEGIN)', { text: 'BEGIN', index: 1 }, undefined],
  ['behind all of them (COMMIT)', { text: 'x', index: 3 }, undefined],
  ['that nobody names', undefined, undefined],
]

for (const [what, sql, file] of cases) {
  Deno.test(`a failed statement ${what}`, async () => assert.equal(await blamed(sql), file))
}

Deno.test('what fails after a failure becomes a note', async () => {
  const notes = await attempt(
    'the journal could not be told that it failed',
    () => Promise.resolve().then(() => faults([{ code: 'x', severity: 'error', message: 'gone' }], 1)),
  )
  assert.deepEqual(notes, ['the journal could not be told that it failed: gone'])
})
