/** What SQLite forgets and the history knows. */
import assert from 'node:assert/strict'
import { recall } from '../../src/plan/recall.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { introspected } from '../dialect/sqlite/memory.ts'

Deno.test('constraints that are alike keep names of their own', async () => {
  const live = await introspected(`
    create table o (id integer primary key);
    create table p (
      a integer references o, check (a > 0), check (a > 0), unique (a), foreign key (a) references o on delete cascade
    )`)
  assert.deepEqual(recall(live, live, sqlite), live)
})
