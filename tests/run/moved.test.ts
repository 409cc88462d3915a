/** Another process that moves the database meanwhile: targets stay what they were, and what is said is so. */
import assert from 'node:assert/strict'
import { ProblemError } from '../../src/problem.ts'
import type { Graph } from '../../src/revision/graph/graph.ts'
import { downgradeSteps, upgradeSteps } from '../../src/revision/graph/steps.ts'
import { pinned } from '../../src/run/prepare/pin.ts'
import type { Find } from '../../src/run/runner.ts'
import { onSqlite } from '../support/project.ts'
import { runWatched } from '../support/run.ts'

const EMPTY = 'upgrade: []\n'
const REVISIONS = { r1: EMPTY, r2: EMPTY, r3: EMPTY, r4: EMPTY, r5: EMPTY, r6: EMPTY }

Deno.test('+2 is counted once: another process that does the same does not push it on', () =>
  onSqlite(REVISIONS, async (ground) => {
    await ground.done('upgrade', 'r1')
    const { after, steps } = await runWatched(ground, (graph) => pinned(graph, '+2', upgradeSteps), {
      1: 'r3',
    })
    assert.deepEqual([after, steps], [['r3'], []])
  }))

Deno.test('-2 is counted once', () =>
  onSqlite(REVISIONS, async (ground) => {
    await ground.done('upgrade', 'r6')
    const { after, steps } = await runWatched(ground, (graph) => pinned(graph, '-2', downgradeSteps), {
      1: 'r5',
    })
    assert.deepEqual(after, ['r4'])
    assert.deepEqual(steps.map(({ step, heads }) => [step.revisions, heads]), [[['r5'], ['r4']]])
  }))

Deno.test('heads that moved on are told as they were at each revision, and warnings once', () =>
  onSqlite(REVISIONS, async (ground) => {
    await ground.done('upgrade', 'r1')
    const find = (graph: Graph): Find => (rows) => ({
      ...upgradeSteps(graph, rows, 'head'),
      warnings: ['look out'],
    })
    const { before, after, steps, warnings } = await runWatched(ground, find, { 2: 'r4' })
    assert.deepEqual([before, after], [['r1'], ['r6']])
    assert.deepEqual(steps.map(({ heads }) => heads), [['r2'], ['r5'], ['r6']])
    assert.deepEqual(warnings, ['look out'])
  }))

Deno.test('a database that is moved back under a run stops it', () =>
  onSqlite(REVISIONS, async (ground) => {
    await ground.done('upgrade', 'r1')
    const failed = runWatched(ground, (graph) => pinned(graph, 'head', upgradeSteps), { 3: 'r1' })
    await assert.rejects(failed, (error) => {
      assert(error instanceof ProblemError)
      const [problem] = error.problems
      assert.equal(problem?.code, 'heads-moved')
      assert.deepEqual(problem.notes, ['applied: r2, r3', 'now it is at r1'])
      return true
    })
  }))

Deno.test('a database that is moved while a revision runs outside a transaction stops it, and the journal says so', () =>
  onSqlite({
    r1: EMPTY,
    r2: 'transaction: none\nupgrade: [{ execute: { sql: PRAGMA wal_checkpoint } }]\ndowngrade: []\n',
  }, async (ground) => {
    await ground.done('upgrade', 'r1')
    // The transactions: for a look at the schema, for the journal, and for the version row.
    const failed = runWatched(ground, (graph) => pinned(graph, 'head', upgradeSteps), { 3: 'r9' })
    await assert.rejects(failed, (error) => {
      assert(error instanceof ProblemError)
      assert.equal(error.problems[0]?.code, 'heads-moved')
      assert.match(error.problems[0].notes?.join('\n') ?? '', /one statement of it is committed/)
      return true
    })
    assert.deepEqual(await ground.sql('SELECT revision, status, statements FROM limbeck_journal'), [
      'r1 done 0',
      'r2 failed 1',
    ])
  }))

Deno.test('another process that ends a revision while it is looked for is not missed', () =>
  onSqlite({
    r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n',
    r2: 'transaction: none\nupgrade: [{ drop_table: { name: t } }]\ndowngrade: { irreversible: gone }\n',
  }, async (ground) => {
    await ground.done('upgrade', 'r1')
    const begins = async () => {
      await ground.sql('DROP TABLE t')
      await ground.sql(
        'INSERT INTO limbeck_journal (revision, direction, status, started_at, statements, executed_by, limbeck_version) ' +
          "VALUES ('r2', 'upgrade', 'started', '2026-01-01 00:00:00.000000', 1, 'other', '1')",
      )
    }
    const ends = async () => {
      await ground.sql("UPDATE limbeck_journal SET status = 'done'")
      await ground.sql("UPDATE alembic_version SET version_num = 'r2'")
    }
    // It begins when this one has looked for what was begun, and ends when this one, which failed, looks again.
    const cues: (readonly [RegExp, (() => Promise<void>)?])[] = [
      [/a\.status/],
      [/a\.status/, begins],
      [/^ROLLBACK$/],
      [/version_num|a\.status/, ends],
    ]
    const { after, steps } = await runWatched(
      ground,
      (graph) => pinned(graph, 'head', upgradeSteps),
      {},
      async (sql) => {
        if (cues[0]?.[0].test(sql)) await cues.shift()?.[1]?.()
      },
    )
    assert.deepEqual([after, steps, cues], [['r2'], [], []])
  }))
