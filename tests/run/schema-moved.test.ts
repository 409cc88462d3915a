/** Somebody else changes a table of a SQLite file while a run is about to rebuild it: nothing of that is lost. */
import assert from 'node:assert/strict'
import { upgradeSteps } from '../../src/revision/graph/steps.ts'
import { pinned } from '../../src/run/prepare/pin.ts'
import { onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'
import { runWatched } from '../support/run.ts'
import type { Watched } from '../support/run.ts'

const TABLE = `upgrade:
  - create_table:
      name: t
      columns: [{ name: id, type: integer, primary_key: true }, { name: a, type: integer }]
  - bulk_insert: { table: t, rows: [{ id: 1, a: 1 }] }
`
const REBUILD = '{ alter_column: { table: t, column: a, nullable: false } }'
const OTHERS = [
  "ALTER TABLE t ADD COLUMN extra text DEFAULT 'precious'",
  'CREATE INDEX ix ON t (a)',
  'CREATE TRIGGER tg AFTER INSERT ON t BEGIN SELECT 1; END',
]

/** Upgrades to the head; others do their part right before that transaction. */
async function upgradeBeside(ground: Ground, transaction: number): Promise<Watched> {
  await ground.done('upgrade', 'r1')
  return await runWatched(ground, (graph) => pinned(graph, 'head', upgradeSteps), { [transaction]: OTHERS })
}

async function assertKept({ sql }: Ground): Promise<void> {
  assert.deepEqual(await sql('SELECT id, a, extra FROM t'), ['1 1 precious'])
  assert.deepEqual(await sql(`SELECT name FROM sqlite_schema WHERE tbl_name = 't' ORDER BY name`), [
    'ix',
    't',
    'tg',
  ])
  assert.deepEqual(await sql(`SELECT "notnull" FROM pragma_table_info('t') WHERE name = 'a'`), ['1'])
}

Deno.test('a table that others change between two revisions', () =>
  onSqlite({
    r1: TABLE,
    r2: 'upgrade: [{ execute: { sql: UPDATE t SET a = 2 - a } }]\ndowngrade: []\n',
    r3: `upgrade: [${REBUILD}]\n`,
  }, async (ground) => {
    // The transactions: for a look at the schema, for r2, for r3.
    const { steps } = await upgradeBeside(ground, 3)
    assert.deepEqual(steps.map(({ heads }) => heads), [['r2'], ['r3']])
    await assertKept(ground)
  }))

Deno.test('a table that others change in the middle of a revision', () =>
  onSqlite({
    r1: TABLE,
    r2: `upgrade: [{ execute: { sql: PRAGMA wal_checkpoint } }, ${REBUILD}]\ndowngrade: []\n`,
  }, async (ground) => {
    // The transactions: for a look at the schema, for the journal, for the rebuild.
    const { after } = await upgradeBeside(ground, 3)
    assert.deepEqual(after, ['r2'])
    await assertKept(ground)
  }))

Deno.test('what a revision itself does to a table before its rebuild is no change by others', () =>
  onSqlite({
    r1: TABLE,
    r2: `upgrade:
  - create_index: { name: ix, table: t, columns: [a] }
  - rename_table: { name: t, new_name: T2 }
  - rename_column: { table: T2, column: a, new_name: B }
  - add_column: { table: T2, column: { name: c, type: integer } }
  - alter_column: { table: T2, column: B, nullable: false }
`,
  }, async (ground) => {
    const { begun } = await upgradeBeside(ground, 99)
    assert.deepEqual(begun, [false, true])
  }))
