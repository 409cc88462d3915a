/** What is not needed is not done: the past is folded once, and empty revisions are not looked at. */
import assert from 'node:assert/strict'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { upgradeSteps } from '../../src/revision/graph/steps.ts'
import { pastOf } from '../../src/run/prepare/past.ts'
import { onSqlite } from '../support/project.ts'
import { historyOf, runWatched } from '../support/run.ts'

const table = (name: string) =>
  `upgrade: [{ create_table: { name: ${name}, columns: [{ name: id, type: integer }] } }]\n`

Deno.test('a history is read and folded once, from its end to its beginning', () =>
  onSqlite({ r1: table('a'), r2: table('b'), r3: table('c') }, async ({ cwd }) => {
    const history = await historyOf(cwd)
    const past = pastOf(history, { dialect: sqlite, server: sqlite.newest }, undefined)
    const names = async (id: string) => (await past.at([id])).model.tables.map((one) => one.name)
    assert.deepEqual(await names('r3'), ['a', 'b', 'c'])
    assert.deepEqual(await names('r2'), ['a', 'b'])
    assert.deepEqual(await names('r1'), ['a'])
    assert.deepEqual(await names('r3'), ['a', 'b', 'c'])
    assert.deepEqual(history.loads, [['r1', 'r2', 'r3']])
    assert.equal((await past.at(['r2'])).model, (await past.at(['r2'])).model)
  }))

Deno.test('branches and their merge are folded from what is known of the first', () =>
  onSqlite({ r1: table('a'), r2: table('b') }, async ({ cwd, write }) => {
    write({
      'revisions/x.yaml': `id: x\ndown_revision: r1\n${table('c')}`,
      'revisions/m.yaml': `id: m\ndown_revision: [r2, x]\n${table('d')}`,
    })
    const past = pastOf(await historyOf(cwd), { dialect: sqlite, server: sqlite.newest }, undefined)
    const names = async (...ids: string[]) => (await past.at(ids)).model.tables.map((one) => one.name)
    assert.deepEqual(await names('m'), ['a', 'b', 'c', 'd'])
    assert.deepEqual(await names('x', 'r2'), ['a', 'c', 'b'])
    assert.deepEqual(await names(), [])
  }))

Deno.test('empty revisions are neither preceded by a look at the schema nor run with foreign keys off', () =>
  onSqlite({ r1: table('a'), r2: 'upgrade: []\n', r3: 'upgrade: []\n' }, async (ground) => {
    await ground.done('upgrade', 'r1')
    const find = (graph: Parameters<typeof upgradeSteps>[0]) => (rows: readonly string[]) =>
      upgradeSteps(graph, rows, 'head')
    const { begun, after } = await runWatched(ground, find)
    assert.deepEqual([begun, after], [[false, false], ['r3']])
  }))
