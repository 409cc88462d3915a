/** What to do about what SQLite says of a statement. */
import assert from 'node:assert/strict'
import { ProblemError } from '../../../src/problem.ts'
import { withDatabase } from './memory.ts'

async function hintOf(script: string, sql: string): Promise<string | undefined> {
  let hint: string | undefined
  await withDatabase(script, (db) =>
    assert.rejects(db.run([sql]), (error) => {
      assert.ok(error instanceof ProblemError)
      hint = error.problems[0]!.hint
      return true
    }))
  return hint
}

Deno.test('a column that may hold no NULL and has no default, in a table with rows', async () => {
  const hint = await hintOf(
    'create table t (a); insert into t values (1)',
    'ALTER TABLE t ADD COLUMN b TEXT NOT NULL',
  )
  assert.match(hint!, /^the table has rows: give the column a `default`/)
})

Deno.test('what reads a renamed column from a view or a subquery', async () => {
  const scripts = [
    'create table t (a); create view v as select a from t; create view w as select a from v',
    'create table t (a); create view v as select x.a from (select a from t) as x',
    'create table t (a); create trigger r after delete on t begin insert into t select x.a from (select a from t) as x; end',
  ]
  for (const script of scripts) {
    const hint = await hintOf(script, 'ALTER TABLE t RENAME COLUMN a TO b')
    assert.match(
      hint!,
      /^it reads the column from a view or a subquery.*drop it before, and create it anew after/,
    )
  }
})

Deno.test('a string in double quotes', async () => {
  const hint = await hintOf('create table t (a)', `INSERT INTO t (a) SELECT "it's"`)
  assert.equal(hint, `if it is a string, it stands in single quotes: 'it''s'`)
})

Deno.test('other errors speak for themselves', async () => {
  assert.equal(await hintOf('create table t (a)', 'INSERT INTO t (b) VALUES (1)'), undefined)
  assert.equal(await hintOf('create table t (a)', 'SELECT b FROM t'), undefined)
})
