/** Whether a statement of a run that was cut short was done: by the names that the schema has. */
import assert from 'node:assert/strict'
import { EMPTY } from '../../src/model/model.ts'
import type { Table } from '../../src/model/model.ts'
import { outcomeOf } from '../../src/run/resume/outcome.ts'
import type { Outcome } from '../../src/run/resume/outcome.ts'

function table(name: string): Table {
  return { name, columns: [], uniques: [], checks: [], foreignKeys: [], excludes: [], indexes: [] }
}

/** @param home the default schema; undefined on SQLite */
function outcome(sql: string, name: string, home?: string): Outcome {
  return outcomeOf({
    statement: { sql, alone: true },
    operation: { operation: { op: 'execute', sql }, locate: (problem) => problem },
    isFirst: true,
    begun: {
      entry: 1,
      revision: 'r1',
      direction: 'upgrade',
      status: 'started',
      startedAt: '2026-07-28T12:00:00Z',
      statements: 0,
      by: 'ann@host',
    },
    model: { ...EMPTY, tables: [table(name)] },
    home,
  })
}

for (
  const [sql, name, home, is] of [
    ['CREATE TABLE Runs (x integer)', 'Runs', undefined, 'done'],
    ['CREATE TABLE "RUNS" (x integer)', 'runs', undefined, 'done'],
    ['CREATE TABLE Main.runs (x integer)', 'Runs', undefined, 'done'],
    ['DROP TABLE runs', 'Runs', undefined, 'open'],
    ['CREATE TABLE runs (x integer)', 'walks', undefined, 'open'],
    ['CREATE TABLE Runs (x integer)', 'runs', 'public', 'done'],
    ['CREATE TABLE "Runs" (x integer)', 'runs', 'public', 'open'],
    ['CREATE TABLE app.runs (x integer)', 'runs', 'public', 'open'],
  ] as const
) {
  Deno.test(`where there is "${name}"${home === undefined ? ', on SQLite' : ''}: ${sql} is ${is}`, () =>
    assert.equal(outcome(sql, name, home), is))
}
