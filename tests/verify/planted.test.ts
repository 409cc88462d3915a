/** Defects of every kind, each found where it stands. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'
import { assertScratchGone } from '../support/scratch.ts'

const USERS = `upgrade:
  - create_table:
      name: users
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: email, type: text }
`

/** What is found: `file:line:col code`; warnings are marked. */
async function found({ run }: Ground, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await run('verify', '--json', ...args)
  assert(stdout.startsWith('{'), stderr)
  const { findings, ok, problems } = JSON.parse(stdout)
  assert.equal(problems, undefined, stdout)
  assert.equal(code, ok ? 0 : 3)
  const place = (file: string) => file.slice(file.indexOf('revisions/'))
  return findings.map((one: Record<string, string>) =>
    `${place(one.file!)}:${one.line}:${one.col} ${one.severity === 'warning' ? 'warning ' : ''}${one.code}`
  )
}

function planted(
  name: string,
  bodies: Readonly<Record<string, string>>,
  expected: readonly string[],
  ...args: string[]
) {
  Deno.test(
    name,
    () => onSqlite(bodies, async (ground) => assert.deepEqual(await found(ground, ...args), expected)),
  )
}

planted('nothing is wrong', { a1: USERS }, [])

planted('a column that is not there', {
  a1: USERS,
  a2: `upgrade:\n  - drop_column: { table: users, column: mail }\n`,
}, ['revisions/a2.yaml:4:42 no-such-column'])

planted('a table that is created twice; what comes after is not blamed', {
  a1: USERS,
  a2: USERS,
  a3: `upgrade:\n  - add_column: { table: users, column: { name: age, type: integer } }\n`,
}, ['revisions/a2.yaml:5:13 table-exists'])

planted('a downgrade that forgets something', {
  a1: USERS,
  a2: `upgrade:
  - add_column: { table: users, column: { name: age, type: integer } }
  - create_index: { name: ix_age, table: users, columns: [age] }
downgrade:
  - drop_index: { name: ix_age, table: users }
`,
}, ['revisions/a2.yaml:7:5 downgrade-differs'])

planted('an empty downgrade of a revision that does something', {
  a1: `${USERS}downgrade: []\n`,
}, ['revisions/a1.yaml:1:1 downgrade-differs'])

planted('a downgrade that cannot be derived', {
  a1: USERS,
  a2: `upgrade:\n  - delete_rows: { table: users, where: "id > 5" }\n`,
}, ['revisions/a2.yaml:4:5 irreversible'])

planted('an unknown operation does not hide what is wrong elsewhere', {
  a1: `${USERS}downgrade: []\n`,
  a2: `upgrade:\n  - remove_column: { table: users, column: email }\n`,
}, ['revisions/a2.yaml:4:5 unknown-operation', 'revisions/a1.yaml:1:1 downgrade-differs'])

planted('what the dialect does not take', {
  a1: `upgrade:\n  - create_sequence: { name: numbers }\n`,
}, ['revisions/a1.yaml:4:5 unsupported'])

planted(
  'SQL whose effect is not declared is proven in a database',
  {
    a1: USERS,
    a2: `upgrade:
  - execute: { sql: CREATE TABLE t (id INTEGER), downgrade: SELECT 1 }
`,
  },
  ['revisions/a2.yaml:1:1 downgrade-differs'],
  '--database',
)

planted(
  'effects that are not what the SQL does',
  {
    a1: USERS,
    a2: `upgrade:
  - execute:
      sql: ALTER TABLE users ADD COLUMN age INTEGER
      effects: [{ add_column: { table: users, column: { name: agee, type: integer } } }]
downgrade:
  - execute:
      sql: ALTER TABLE users DROP COLUMN age
      effects: [{ drop_column: { table: users, column: agee } }]
`,
  },
  ['revisions/a2.yaml:1:1 effects-differ', 'revisions/a2.yaml:10:56 no-such-column'],
  '--database',
)

planted(
  'SQL that fails',
  {
    a1: USERS,
    a2: `upgrade:\n  - execute: { sql: UPDATE user SET email = 1, effects: none, downgrade: SELECT 1 }\n`,
  },
  ['revisions/a2.yaml:4:5 sql-failed'],
  '--database',
)

planted(
  'SQL that loses rows',
  {
    a1: USERS,
    a2: `upgrade:
  - execute:
      sql: >-
        CREATE TABLE new (id INTEGER NOT NULL PRIMARY KEY, email TEXT);
        DROP TABLE users; ALTER TABLE new RENAME TO users
      effects: none
      downgrade: SELECT 1
`,
  },
  ['revisions/a2.yaml:1:1 data-lost'],
  '--data',
)

planted(
  'a column that must be there and has no value for rows',
  {
    a1: USERS,
    a2: `upgrade:\n  - add_column: { table: users, column: { name: age, type: integer, nullable: false } }\n`,
  },
  ['revisions/a2.yaml:4:5 warning refuses-rows'],
  '--data',
)

Deno.test('several heads, each where it stands; branches with labels of their own are meant to be', () =>
  onSqlite({ a1: USERS }, async (ground) => {
    const branch = (id: string, label = '') =>
      `id: ${id}\ndown_revision: a1\n${label}upgrade:\n  - add_column: { table: users, column: { name: ${id}, type: text } }\n`
    ground.write({ 'revisions/b1.yaml': branch('b1'), 'revisions/c1.yaml': branch('c1') })
    assert.deepEqual(await found(ground), [
      'revisions/b1.yaml:1:1 several-heads',
      'revisions/c1.yaml:1:1 several-heads',
    ])
    ground.write({
      'revisions/b1.yaml': branch('b1', 'branch_labels: [b]\n'),
      'revisions/c1.yaml': branch('c1', 'branch_labels: [c]\n'),
    })
    assert.deepEqual(await found(ground, '--database'), [])
  }))

Deno.test('models that want something else', () =>
  onSqlite({ a1: USERS }, async (ground) => {
    const columns = '[{ name: id, type: integer, primary_key: true }, { name: email, type: varchar }]'
    ground.write({ 'models/users.yaml': `tables:\n  - name: users\n    columns: ${columns}\n` })
    assert.deepEqual(await found(ground), ['revisions/a1.yaml:1:1 models-differ'])
  }))

Deno.test('on PostgreSQL the scratch database is gone afterwards, whatever was found', () =>
  onPostgres(
    { a1: USERS, a2: `upgrade:\n  - execute: { sql: SELECT 1/0, downgrade: SELECT 1 }\n` },
    async (ground) => {
      assert.deepEqual(await found(ground, '--data'), ['revisions/a2.yaml:4:5 sql-failed'])
      await assertScratchGone(ground.sql)
    },
  ))

const TWO = `upgrade:
  - create_table: { name: a, columns: [{ name: id, type: integer, primary_key: true }] }
  - create_table: { name: b, columns: [{ name: id, type: integer, primary_key: true }, { name: a, type: integer }, { name: t, type: text }] }
`

planted(
  'rows of another table than the one that SQL says it changes',
  {
    a1: TWO,
    a2: `upgrade:
  - execute:
      sql: "ALTER TABLE a ADD COLUMN c TEXT; UPDATE b SET t = 'gone'"
      effects: [{ add_column: { table: a, column: { name: c, type: text } } }]
      downgrade: ALTER TABLE a DROP COLUMN c
`,
  },
  ['revisions/a2.yaml:1:1 data-lost', 'revisions/a2.yaml:1:1 data-lost'],
  '--data',
)

planted(
  'a new foreign key finds the rows that it refers to',
  {
    a1: TWO,
    a2:
      `upgrade:\n  - create_foreign_key: { table: b, columns: [a], references: { table: a, columns: [id] } }\n`,
  },
  [],
  '--data',
)

Deno.test('what is computed from rows is computed from some', () =>
  onPostgres({
    a1: TWO,
    a2: `upgrade:\n  - create_materialized_view: { name: m, query: SELECT 1 AS one FROM a }\n`,
    a3: `upgrade:\n  - create_index: { name: ix, table: m, columns: [one], unique: true }\n`,
  }, async (ground) => {
    const all = await found(ground, '--data')
    assert.deepEqual(all.map((one) => one.replace(/^\S+ /, '')), ['warning refuses-rows', 'sql-failed'])
  }))

planted(
  'a table is put aside and another takes its name: rows go on under the name they have',
  {
    a1: USERS,
    a2: `upgrade:
  - rename_table: { name: users, new_name: users_old }
  - create_table: { name: users, columns: [{ name: id, type: integer, primary_key: true }] }
`,
    a3: `upgrade:
  - drop_table: { name: users }
  - rename_table: { name: users_old, new_name: users }
  - rename_column: { table: users, column: email, new_name: mail }
`,
  },
  [],
  '--data',
)

planted(
  'rows are missed under their new name',
  {
    a1: USERS,
    a2: `upgrade:
  - execute:
      sql: ALTER TABLE users RENAME TO people; UPDATE people SET email = 'gone'
      effects: [{ rename_table: { name: users, new_name: people } }]
      downgrade: ALTER TABLE people RENAME TO users
`,
  },
  ['revisions/a2.yaml:1:1 data-lost', 'revisions/a2.yaml:1:1 data-lost'],
  '--data',
)
