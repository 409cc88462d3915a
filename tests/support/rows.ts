/** Rows for any table, so that what is done to a table is done to data; and what became of them. */
import assert from 'node:assert/strict'
import { ProblemError } from '../../src/problem.ts'
import { find, shown } from '../../src/model/edit.ts'
import type { Model, Table } from '../../src/model/model.ts'
import { goingOf } from '../../src/verify/going.ts'
import { contents, keptColumns, printable } from '../../src/verify/rows.ts'
import type { Changes, Contents, Ground } from '../../src/verify/rows.ts'
import { insertSample, SAMPLES } from '../../src/verify/sample-rows.ts'

/** Where rows go: `inTransaction` says that an error would end the transaction the test is in. */
export interface Target extends Ground {
  readonly inTransaction: boolean
}

/** Puts two rows into every table that takes them. @returns the tables that have rows now */
export async function fill(target: Target, model: Model): Promise<Table[]> {
  const filled: Table[] = []
  for (const table of model.tables) {
    for (const row of SAMPLES) {
      const sql = insertSample(table, row, model, target.dialect)
      if (await accepted(target, sql) && !filled.includes(table)) filled.push(table)
    }
  }
  return filled
}

/** Whether the database takes a statement. */
async function accepted({ connection, inTransaction }: Target, sql: string): Promise<boolean> {
  if (inTransaction) await connection.run(['SAVEPOINT attempt'])
  try {
    await connection.run([sql])
    return true
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    if (inTransaction) await connection.run(['ROLLBACK TO SAVEPOINT attempt'])
    return false
  }
}

/**
 * Fails when a table that an operation changed has lost rows or the values of a column that it left alone. Tables that
 * are not there any more, and what the operation says it destroys, are not looked for.
 */
export async function assertKept(
  ground: Ground,
  had: readonly Contents[],
  changes: Pick<Changes, 'before' | 'after' | 'turns'>,
): Promise<void> {
  for (const { table, rows } of had) {
    const going = goingOf(table, changes.turns)
    const now = going && find(changes.after, 'tables', going.table)
    if (now === undefined) continue
    const [found] = await contents(ground, [now])
    const kept = keptColumns(table, changes, ground.dialect)
    const pick = (names: readonly string[]) => (row: Readonly<Record<string, unknown>>) =>
      JSON.stringify(names.map((name) => printable(row[name])))
    assert.deepEqual(
      found!.rows.map(pick([...kept.values()])).sort(),
      rows.map(pick([...kept.keys()])).sort(),
      `the rows of "${shown(table)}" are not what they were`,
    )
  }
}
