/** Rows changed in batches: to the last one, and each batch by itself. */
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { split } from '../../src/dialect/split.ts'
import { beside, fillUsers, lower, onBoth, spawned, until, USERS } from '../support/backfill.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const ROWS = 10_500

async function assertAllDone({ sql }: Ground, rows: number): Promise<void> {
  const query = 'SELECT count(*) AS a, count(low) AS b, min(times), max(times) FROM users'
  assert.deepEqual(await sql(query), [`${rows} ${rows} 1 1`])
  assert.deepEqual(await sql('SELECT count(*) FROM users WHERE low <> lower(email)'), ['0'])
}

onBoth('all rows are changed once', { r1: USERS, r2: lower(', pause: 0') }, async (ground) => {
  await ground.done('upgrade', 'r1')
  await fillUsers(ground, ROWS)
  const { code, stderr } = await ground.run('upgrade', 'head')
  assert.equal(code, 0, stderr)
  assert.match(stderr, /\n {2}backfill low, times in users: 10,500 rows\n/)
  await assertAllDone(ground, ROWS)
  const journal = 'SELECT revision, status, statements FROM limbeck_journal ORDER BY entry'
  assert.deepEqual(await ground.sql(journal), ['r1 done 1', 'r2 done 1'])
})

Deno.test('each batch is a transaction of its own on PostgreSQL', () =>
  onPostgres({ r1: USERS, r2: lower(', batch_size: 400, pause: 0') }, async (ground) => {
    await ground.done('upgrade', 'r1')
    await fillUsers(ground, ROWS)
    await ground.done('upgrade', 'head')
    const sizes = await ground.sql('SELECT count(*) FROM users GROUP BY xmin::text ORDER BY 1 DESC')
    assert.equal(sizes.length, Math.ceil(ROWS / 400))
    assert.equal(sizes[0], '400')
  }))

onBoth('what is killed goes on where it was', {
  r1: USERS,
  r2: lower(', batch_size: 250, pause: 20ms'),
}, async (ground) => {
  await ground.done('upgrade', 'r1')
  await fillUsers(ground, ROWS)
  const child = spawned(ground, 'upgrade', 'head')
  await beside(ground, (connection) => until(connection, 'SELECT count(low) / 2000 FROM users'))
  child.kill('SIGKILL')
  await child.status
  await sleep(200)
  const [left] = await ground.sql('SELECT count(*) - count(low) FROM users')
  assert(Number(left) > 0, 'it was done before it was killed')
  assert.equal(Number(left) % 250, 0, 'a batch is whole')
  const { code, stderr } = await ground.run('upgrade', 'head')
  assert.equal(code, 0, stderr)
  assert.match(stderr, /backfill low, times in users: 10,500 rows\n/, 'those before the kill are counted')
  await assertAllDone(ground, ROWS)
})

/** Writes until it is told to end. @returns how long each statement took, in milliseconds */
async function writing(ground: Ground, ended: () => boolean): Promise<number[]> {
  const times: number[] = []
  await beside(ground, async (connection) => {
    for (let i = 1; !ended(); i++) {
      const began = performance.now()
      await connection.run([`UPDATE users SET email = 'Changed' WHERE id = ${1 + (i * 7919) % ROWS}`])
      // Behind the cursor, as an application that knows nothing of the new column.
      if (i < 20) await connection.run([`INSERT INTO users (id, email) VALUES (${-i}, 'Late${i}')`])
      times.push(performance.now() - began)
      await sleep(5)
    }
  })
  return times
}

onBoth('a writer waits no longer than for a batch', {
  r1: USERS,
  r2: lower(', batch_size: 100, pause: 10ms'),
}, async (ground) => {
  await ground.done('upgrade', 'r1')
  await fillUsers(ground, ROWS)
  let ended = false
  const writer = writing(ground, () => ended)
  const began = performance.now()
  const child = spawned(ground, 'upgrade', 'head')
  assert.equal((await child.status).code, 0)
  const whole = performance.now() - began
  ended = true
  const times = await writer
  assert(times.length > 50, `${times.length} statements in ${whole} ms`)
  const longest = Math.max(...times)
  assert(longest < whole / 4, `one took ${longest} ms of ${whole}`)
  assert.deepEqual(await ground.sql('SELECT count(*) - count(low) FROM users'), ['0'])
})

onBoth('a condition that stays true stops it with the first batch', {
  r1: USERS,
  r2: `upgrade:
  - backfill: { table: users, set: { times: times + 1 }, where: id > 0, batch_size: 10 }
downgrade: []
`,
}, async (ground) => {
  await ground.done('upgrade', 'r1')
  await fillUsers(ground, 100)
  const { code, stderr } = await ground.run('upgrade', 'head')
  assert.equal(code, 1)
  assert.match(stderr, /r2\.yaml:4:5: error\[still-matching\]: 100 rows of "users" match `where` still/)
  assert.match(stderr, /what is set does not make it false/)
  assert.deepEqual(await ground.sql('SELECT max(times) FROM users'), ['0'])
  assert.match(await ground.done('current'), /r1/)
})

onBoth('rows that cannot be set are counted, the others are done', {
  r1: USERS,
  r2: lower(', batch_size: 10, pause: 0'),
}, async (ground) => {
  await ground.done('upgrade', 'r1')
  await fillUsers(ground, 100)
  await ground.sql('UPDATE users SET email = NULL WHERE id IN (5, 50, 95)')
  const { code, stderr } = await ground.run('upgrade', 'head')
  assert.equal(code, 1)
  assert.match(stderr, /error\[still-matching\]: 3 rows of "users" match `where` still/)
  assert.deepEqual(await ground.sql('SELECT count(low) FROM users'), ['97'])
  await ground.sql("UPDATE users SET email = 'X' WHERE email IS NULL")
  await ground.done('upgrade', 'head')
  assert.deepEqual(await ground.sql('SELECT count(low) FROM users'), ['100'])
})

onBoth('rows with NULL in the key are refused', {
  r1: USERS,
  r2: lower(', key: [email, id]'),
}, async (ground) => {
  await ground.done('upgrade', 'r1')
  await fillUsers(ground, 100)
  await ground.sql('UPDATE users SET email = NULL WHERE id = 7')
  const { code, stderr } = await ground.run('upgrade', 'head')
  assert.equal(code, 1)
  assert.match(stderr, /error\[null-in-key\]: one row of "users" has NULL in the key \(email, id\)/)
  assert.deepEqual(await ground.sql('SELECT count(low) FROM users'), ['0'])
})

const PAIRS = {
  r1: `upgrade:
  - create_table:
      name: pairs
      columns: [{ name: a, type: varchar, primary_key: true }, { name: b, type: integer, primary_key: true }, { name: n, type: integer }]
`,
  r2: `upgrade:
  - backfill: { table: pairs, set: { n: b }, where: n IS NULL, batch_size: 7, pause: 0 }
`,
}

onBoth('a key of several columns, with quotes in it', PAIRS, async ({ done, sql }) => {
  await done('upgrade', 'r1')
  const texts = ["it''s", 'back\\slash', '', 'ä"b', '10', '9']
  for (const text of texts) {
    const rows = Array.from({ length: 15 }, (_, i) => `('${text}', ${i - 5})`)
    await sql(`INSERT INTO pairs (a, b) VALUES ${rows.join(', ')}`)
  }
  await done('upgrade', 'head')
  assert.deepEqual(await sql('SELECT count(*) AS a, count(n) AS b, sum(n) - sum(b) AS c FROM pairs'), [
    '90 90 0',
  ])
})

onBoth('a key that tells several rows alike', {
  r1: USERS,
  r2: lower(', key: times, batch_size: 3').replace(', times: times + 1', ''),
}, async (ground) => {
  await ground.done('upgrade', 'r1')
  await fillUsers(ground, 100)
  await ground.sql('UPDATE users SET times = id / 10')
  await ground.done('upgrade', 'head')
  assert.deepEqual(await ground.sql('SELECT count(low) FROM users'), ['100'])
})

Deno.test('a table without a key has its rowid on SQLite', () =>
  onSqlite({
    r1:
      'upgrade: [{ create_table: { name: t, columns: [{ name: a, type: text }, { name: b, type: text }] } }]\n',
    r2: 'upgrade: [{ backfill: { table: t, set: { b: a }, where: b IS NULL, batch_size: 2 } }]\n',
  }, async ({ done, sql }) => {
    await done('upgrade', 'r1')
    await sql("INSERT INTO t (a) VALUES ('1'), ('2'), ('3'), ('4'), ('5')")
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT count(b) FROM t'), ['5'])
    await done('downgrade', 'r1')
  }))

/** As sqlite3 and psql do it: statement by statement, in one session. */
async function feed({ cwd, url, sql }: Ground, script: string): Promise<void> {
  if (url.startsWith('postgres')) {
    await sql(...split(script, 'postgres').map((one) => one.text))
    return
  }
  const database = new DatabaseSync(`${cwd}/one.db`)
  database.exec(script)
  database.close()
}

onBoth('a script does the same', PAIRS, async (ground) => {
  await ground.done('upgrade', 'r1')
  const rows = Array.from({ length: 30 }, (_, i) => `('${i % 4}', ${i})`)
  await ground.sql(`INSERT INTO pairs (a, b) VALUES ${rows.join(', ')}`)
  await feed(ground, await ground.done('upgrade', 'r1:head', '--sql'))
  assert.deepEqual(await ground.sql('SELECT count(n) AS a, sum(n) - sum(b) AS b FROM pairs'), ['30 0'])
  assert.match(await ground.done('current'), /r2/)
})
