/** Downgrades that destroy data: asked about on a terminal, told elsewhere, refused where the configuration protects. */
import assert from 'node:assert/strict'
import { runCommandLine } from '../../src/cli/run.ts'
import { onBoth } from '../support/backfill.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const USERS = {
  r1: `upgrade:
  - create_table: { name: users, columns: [{ name: id, type: integer, primary_key: true }, { name: email, type: text }] }
  - create_table: { name: empty, columns: [{ name: id, type: integer, primary_key: true }] }
`,
  r2: 'upgrade: [{ add_column: { table: users, column: { name: note, type: text } } }]\n',
  r3: 'upgrade: [{ create_index: { name: ix, table: users, columns: [email] } }]\n',
}

async function filled({ done, sql }: Ground): Promise<void> {
  await done('upgrade', 'head')
  await sql("INSERT INTO users VALUES (1, 'a', 'x'), (2, 'b', NULL), (3, 'c', 'z')")
}

/** Runs where somebody is at the terminal, who gives this answer. */
async function asked({ cwd, url }: Ground, args: readonly string[], answer: string) {
  const questions: string[] = []
  let stdout = ''
  let stderr = ''
  const code = await runCommandLine(args, {
    stdout: (text) => stdout += text,
    stderr: (text) => stderr += text,
    env: { DATABASE_URL: url, NO_COLOR: '1' },
    cwd,
    stdoutIsTerminal: true,
    stderrIsTerminal: true,
    width: 80,
    ask(question) {
      questions.push(question)
      return Promise.resolve(answer)
    },
  })
  return { code, stdout, stderr, questions }
}

onBoth('a person is asked, and no leaves everything as it is', USERS, async (ground) => {
  await filled(ground)
  for (const answer of ['', 'n', 'no', 'nonsense']) {
    const { code, stderr, questions } = await asked(ground, ['downgrade', 'base'], answer)
    assert.equal(code, 1)
    assert.deepEqual(questions, ['Run it all the same? [y/N] '])
    assert.match(stderr, /this downgrade destroys data:\n {2}table "users": 3 rows\n/)
    assert.doesNotMatch(stderr, /empty|note/)
    assert.match(stderr, /error\[not-confirmed\]: .*nothing was changed/)
  }
  assert.match(await ground.done('current'), /r3/)
  const { code } = await asked(ground, ['downgrade', 'base'], 'y')
  assert.equal(code, 0)
  assert.equal(await ground.done('current'), '')
})

onBoth('values of a column are counted, NULLs are not', USERS, async (ground) => {
  await filled(ground)
  const { code, stderr } = await asked(ground, ['downgrade', 'r1'], 'yes')
  assert.equal(code, 0)
  assert.match(stderr, /\n {2}column "users.note": 2 rows\n/)
})

onBoth('what destroys nothing is not asked about', USERS, async (ground) => {
  await ground.done('upgrade', 'head')
  const { code, questions, stderr } = await asked(ground, ['downgrade', 'base'], 'n')
  assert.equal(code, 0, stderr)
  assert.deepEqual(questions, [])
})

onBoth('--yes is not asked, --json is asked on standard error', USERS, async (ground) => {
  await filled(ground)
  const no = await asked(ground, ['downgrade', 'base', '--json'], 'n')
  assert.equal(no.code, 1)
  assert.deepEqual(no.questions, ['Run it all the same? [y/N] '])
  assert.match(no.stderr, /this downgrade destroys data:\n {2}table "users": 3 rows\n/)
  assert.equal(JSON.parse(no.stdout).problems[0].code, 'not-confirmed')
  assert.match(await ground.done('current'), /r3/)
  const yes = await asked(ground, ['downgrade', 'r1', '--yes'], 'n')
  assert.equal(yes.code, 0)
  assert.deepEqual(yes.questions, [])
  assert.match(yes.stderr, /warning\[destroys-data\][^]*column "users.note": 2 rows/)
  const json = await asked(ground, ['downgrade', 'base', '--json'], 'y')
  assert.equal(json.code, 0)
  assert.equal(json.questions.length, 1)
  assert.deepEqual(JSON.parse(json.stdout).after, [])
})

onBoth('protect demands --yes, on a terminal too', USERS, async (ground) => {
  await filled(ground)
  ground.write({ 'limbeck.yaml': 'protect: true\n' })
  const { code, stderr } = await ground.run('downgrade', 'base')
  assert.equal(code, 2)
  assert.match(stderr, /error\[protected\]: [^]*note: table "users": 3 rows[^]*hint: with --yes/)
  const person = await asked(ground, ['downgrade', 'base'], 'y')
  assert.equal(person.code, 2)
  assert.deepEqual(person.questions, [])
  assert.match(await ground.done('current'), /r3/)
  await ground.done('downgrade', 'r2')
  await ground.done('downgrade', 'base', '--yes')
})

onBoth('what was renamed on the way is called as it is now', {
  r1:
    'upgrade: [{ create_table: { name: people, columns: [{ name: id, type: integer, primary_key: true }] } }]\n',
  r2: 'upgrade: [{ add_column: { table: people, column: { name: a, type: text } } }]\n',
  r3: `upgrade:
  - rename_table: { name: people, new_name: users }
  - rename_column: { table: users, column: a, new_name: b }
`,
}, async (ground) => {
  await ground.done('upgrade', 'head')
  await ground.sql("INSERT INTO users VALUES (1, 'x')")
  const column = await ground.run('downgrade', 'r1')
  assert.match(column.stderr, /note: column "users.b": 1 row\n/)
  await ground.done('upgrade', 'head')
  const table = await ground.run('downgrade', 'base')
  assert.match(table.stderr, /note: table "users": 1 row\n/)
})

onBoth('rows that a written downgrade deletes or overwrites', {
  r1: USERS.r1,
  r2: `upgrade: []
downgrade:
  - delete_rows: { table: users, where: id > 1 }
  - update_rows: { table: users, set: { email: null } }
  - create_table: { name: passing, columns: [{ name: id, type: integer }] }
  - drop_table: { name: passing }
`,
}, async (ground) => {
  await ground.done('upgrade', 'head')
  await ground.sql("INSERT INTO users VALUES (1, 'a'), (2, NULL)")
  const { code, stderr } = await ground.run('downgrade', 'r1')
  assert.equal(code, 0, stderr)
  assert.match(stderr, /note: table "users", rows of "users" are deleted: 2 rows\n/)
  assert.doesNotMatch(stderr, /passing/)
})

Deno.test('many rows are not counted to the last on SQLite', () =>
  onSqlite(USERS, async (ground) => {
    await ground.done('upgrade', 'head')
    await ground.sql(
      'INSERT INTO users (id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100001) SELECT i FROM n',
    )
    assert.match((await ground.run('downgrade', 'base')).stderr, /table "users": more than 100,000 rows/)
  }))

Deno.test('many rows are estimated on PostgreSQL', () =>
  onPostgres(USERS, async (ground) => {
    await ground.done('upgrade', 'head')
    await ground.sql(
      'INSERT INTO users (id) SELECT i FROM generate_series(1, 150000) AS n(i)',
      'ANALYZE users',
    )
    assert.match((await ground.run('downgrade', 'base')).stderr, /table "users": about 1(49|50),\d{3} rows/)
  }))

Deno.test('a table that somebody has locked is not waited for for ever on PostgreSQL', () =>
  onPostgres({ ...USERS, r4: 'upgrade: []\n' }, async (ground) => {
    await filled(ground)
    ground.write({ 'limbeck.yaml': 'settings: { lock_timeout: 100ms }\n' })
    const { beside } = await import('../support/backfill.ts')
    await beside(ground, async (connection) => {
      await connection.begin()
      await connection.run(['LOCK TABLE users IN ACCESS EXCLUSIVE MODE'])
      const { code, stderr, questions } = await asked(ground, ['downgrade', 'base'], 'n')
      await connection.rollback()
      assert.equal(code, 1)
      assert.equal(questions.length, 1)
      assert.match(stderr, /table "users": its rows could not be counted \(.*lock timeout\)/)
    })
  }))

Deno.test('a sequence that a column was given is known by its name, whatever its table is called', () => {
  const revision = (sequence: string) =>
    `upgrade:
  - create_sequence: { name: ${sequence} }
  - create_table: { name: t, columns: [{ name: id, type: bigint, default: { sql: "nextval('${sequence}')" } }] }
  - alter_sequence: { name: ${sequence}, owned_by: { table: t, column: id } }
`
  const revisions = {
    r1: revision('t_id_seq'),
    r2: revision('odd').replaceAll(/(name|table): t,/g, '$1: u,'),
  }
  return onPostgres(revisions, async ({ done, sql }) => {
    await done('upgrade', 'head')
    await done('check')
    await done('identify')
    await done('downgrade', 'base')
    await done('upgrade', 'head')
    await sql(`INSERT INTO u DEFAULT VALUES`)
    await done('verify', '--database')
  })
})
