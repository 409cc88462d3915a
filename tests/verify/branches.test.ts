/** Branches that are merged: what is right in each by itself need not be so behind the other. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const USERS = `id: a1
down_revision: null
upgrade:
  - create_table:
      name: users
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: email, type: varchar(10) }
`

const branch = (id: string, operation: string) => `id: ${id}\ndown_revision: a1\nupgrade:\n  - ${operation}\n`

interface Found {
  readonly code: string
  readonly file: string
  readonly line: number
  readonly notes?: readonly string[]
}

/** What is found of two branches and their merge, and as much of the second as it says where. */
async function found({ run, write }: Ground, ada: string, bob: string, parents = '[b1, b2]') {
  write({
    'revisions/a1.yaml': USERS,
    'revisions/b1.yaml': branch('b1', ada),
    'revisions/b2.yaml': branch('b2', bob),
    'revisions/m1.yaml': `id: m1\ndown_revision: ${parents}\nupgrade: []\n`,
  })
  const { stdout } = await run('verify', '--json')
  const findings: Found[] = JSON.parse(stdout).findings
  return findings.map(({ code, file, line, notes = [] }) => [file.slice(-7), line, code, ...notes])
}

const ADD_AGE = 'add_column: { table: users, column: { name: age, type: integer } }'
const ADD_SIZE = 'add_column: { table: users, column: { name: size, type: integer } }'
const RENAME = 'rename_column: { table: users, column: email, new_name: mail }'
const retype = (size: number) => `alter_column: { table: users, column: email, type: varchar(${size}) }`

async function assertFound(ground: Ground): Promise<void> {
  assert.deepEqual(await found(ground, ADD_AGE, ADD_SIZE), [], 'columns of their own')
  assert.deepEqual(await found(ground, retype(20), retype(20)), [], 'the same twice')

  for (const parents of ['[b1, b2]', '[b2, b1]']) {
    assert.deepEqual(await found(ground, retype(20), RENAME, parents), [
      ['b1.yaml', 4, 'no-such-column', 'where "b2" is applied before "b1"'],
    ])
  }

  const [differs, ...others] = await found(ground, retype(20), retype(30))
  assert.deepEqual(others, [])
  assert.deepEqual(differs!.slice(0, 4), [
    'b2.yaml',
    1,
    'branches-differ',
    'with "b2" first it is not what it is with "b1" first',
  ])
  assert.match(String(differs![4]), /what would lead there: .*varchar\(20\)/)
}

Deno.test('branches are verified in every order on SQLite', () => onSqlite({}, assertFound))
Deno.test('branches are verified in every order on PostgreSQL', () => onPostgres({}, assertFound))

Deno.test('several labelled heads are verified in every order', () =>
  onSqlite({}, async ({ run, write }) => {
    write({
      'revisions/a1.yaml': USERS,
      'revisions/b1.yaml': branch('b1', RENAME).replace('upgrade', 'branch_labels: ada\nupgrade'),
      'revisions/b2.yaml': branch('b2', retype(20)).replace('upgrade', 'branch_labels: bob\nupgrade'),
    })
    const { stdout } = await run('verify', '--json')
    assert.deepEqual(JSON.parse(stdout).findings.map(({ code }: Found) => code), ['no-such-column'])
  }))
