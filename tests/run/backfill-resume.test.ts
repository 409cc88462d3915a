/** A backfill among other operations that is killed, stopped, or fails, and is gone on with. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { beside, fillUsers, onBoth, spawned, until } from '../support/backfill.ts'
import type { Ground } from '../support/project.ts'

const ROWS = 4000

const BEFORE = `upgrade:
  - create_table:
      name: users
      columns: [{ name: id, type: integer, primary_key: true }, { name: email, type: varchar }]
`

/** Expand, fill, contract: three transactions and the batches between them. */
const AMONG = `upgrade:
  - add_column: { table: users, column: { name: low, type: varchar } }
  - backfill: { table: users, set: { low: lower(email) }, where: low IS NULL, batch_size: 100, pause: 20ms }
  - alter_column: { table: users, column: low, nullable: false }
  - create_index: { name: ix_users_low, table: users, columns: [low], concurrently: true }
`

async function assertDone({ run, done, sql }: Ground): Promise<void> {
  const { code, stderr } = await run('upgrade', 'head')
  assert.equal(code, 0, stderr)
  assert.match(stderr, /backfill low in users: 4,000 rows\n/)
  assert.deepEqual(await sql('SELECT count(*) AS a, count(low) AS b FROM users'), [`${ROWS} ${ROWS}`])
  assert.equal((await run('check')).code, 0)
  const states = 'SELECT revision, direction, status FROM limbeck_journal ORDER BY entry'
  assert.deepEqual(await sql(states), ['r1 upgrade done', 'r2 upgrade done'])
  await done('downgrade', 'r1')
}

/** Starts an upgrade and ends it by a signal once some batches are done. @returns its exit code */
async function ended(ground: Ground, signal: Deno.Signal): Promise<number> {
  const child = spawned(ground, 'upgrade', 'head')
  const some = "SELECT count(*) FROM limbeck_journal WHERE revision = 'r2' AND cursor IS NOT NULL"
  await beside(ground, (connection) => until(connection, some))
  await sleep(100)
  child.kill(signal)
  const { code } = await child.status
  await sleep(200)
  return code
}

for (const [signal, exit] of [['SIGKILL', 137], ['SIGTERM', 143], ['SIGINT', 130]] as const) {
  onBoth(`${signal} in the middle of a revision`, { r1: BEFORE, r2: AMONG }, async (ground) => {
    await ground.done('upgrade', 'r1')
    await fillUsers(ground, ROWS)
    assert.equal(await ended(ground, signal), exit)
    const [left] = await ground.sql('SELECT count(*) - count(low) FROM users')
    assert(Number(left) > 0 && Number(left) < ROWS, `${left} rows were left`)
    assert.match(await ground.done('journal', '-r', 'r2'), /(unfinished|stopped) after 1 statement/)
    assert.match(await ground.done('current'), /^r1\n$/)
    await assertDone(ground)
  })
}

onBoth(
  'a condition that is mended in the file is gone on with',
  { r1: BEFORE, r2: AMONG },
  async (ground) => {
    await ground.done('upgrade', 'r1')
    await fillUsers(ground, 300)
    await ground.sql('UPDATE users SET email = NULL WHERE id IN (1, 150)')
    const { code, stderr } = await ground.run('upgrade', 'head')
    assert.equal(code, 1)
    assert.match(stderr, /2 rows of "users" match `where` still/)
    const mended = AMONG.replace('lower(email)', `"coalesce(lower(email), '')"`)
    ground.write({ 'revisions/r2.yaml': `id: r2\ndown_revision: r1\n${mended}` })
    await ground.done('upgrade', 'head')
    assert.deepEqual(await ground.sql("SELECT count(low) FROM users WHERE low <> '' OR id IN (1, 150)"), [
      '300',
    ])
  },
)
