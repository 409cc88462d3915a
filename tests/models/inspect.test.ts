import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { limbeck } from '../support/command-line.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { connect } from '../support/database.ts'
import { withFolder } from '../support/folder.ts'

const ROOT = path.resolve(import.meta.dirname!, '../..')
const POSTGRES = 'postgresql://nobody@localhost:1/none'

async function inspect(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await limbeck(['inspect', ...args], { cwd })
  assert.equal(code, 0, stderr)
  return stdout
}

const SQL = `
CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR NOT NULL UNIQUE, boss INTEGER REFERENCES users (id));
CREATE TABLE "a b" (user INTEGER NOT NULL REFERENCES users (id), x NUMERIC(3, 1));
CREATE TABLE users_old (a);
CREATE VIEW v AS SELECT id FROM users;
CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM users_old; END;
`

/** Works with a SQLite database that holds {@link SQL}. @param work gets the folder and the database's URL */
function withDatabase(work: (folder: string, url: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const url = `sqlite:///${folder}/x.db`
    const connection = await connect(sqlite, url)
    await connection.run([SQL])
    await connection.close()
    await work(folder, url)
  })
}

Deno.test('inspect needs no project, and what it writes is read as models', () =>
  withDatabase(async (cwd, url) => {
    const text = await inspect(cwd, '--url', url)
    assert.match(
      text,
      /^tables:\n {2}- name: users\n {4}columns:\n {6}- \{ name: id, type: integer, primary_key: true \}/,
    )
    assert.match(text, /\{ name: boss, type: integer, references: \{ table: users, column: id \} \}/)
    await inspect(cwd, '--url', url, '--split', 'models')
    assert.deepEqual(readdirSync(path.join(cwd, 'models')).sort(), [
      'a_b.yaml',
      'users.yaml',
      'users_old.yaml',
      'views.yaml',
    ])
    assert.match(readFileSync(path.join(cwd, 'models/users.yaml'), 'utf8'), /\n\ntriggers:\n/)
    const models = await inspect(cwd, '--url', url, '--models', '--json')
    const found = await inspect(cwd, '--url', url, '--format', 'json')
    const sorted = (json: string) =>
      JSON.parse(json).tables.sort((a: { name: string }, b: { name: string }) => a.name < b.name ? -1 : 1)
    assert.deepEqual(sorted(models), sorted(found))
    const again = await limbeck(['inspect', '--url', url, '--split', 'models'], { cwd })
    assert.equal(again.code, 2)
    assert.match(again.stderr, /error\[not-empty\]/)
  }))

Deno.test('the SQL of inspect makes the same schema', () =>
  withDatabase(async (cwd, url) => {
    const connection = await connect(sqlite, `sqlite:///${cwd}/y.db`)
    await connection.run([await inspect(cwd, '--url', url, '--format', 'sql')])
    await connection.close()
    const other = await inspect(cwd, '--url', `sqlite:///${cwd}/y.db`)
    const lines = (text: string) => text.split('\n').sort()
    assert.deepEqual(lines(other), lines(await inspect(cwd, '--url', url)))
  }))

Deno.test('inspect shows what the configuration leaves', () =>
  withDatabase(async (cwd, url) => {
    writeFileSync(path.join(cwd, 'limbeck.yaml'), `database: ${url}\nexclude: ['*_old', 'trigger:*']\n`)
    const { tables, triggers } = JSON.parse(await inspect(cwd, '--json'))
    assert.deepEqual(tables.map((one: { name: string }) => one.name), ['users', 'a b'])
    assert.equal(triggers, undefined)
  }))

Deno.test('inspect warns of a reference to what is left out', () =>
  withDatabase(async (cwd, url) => {
    writeFileSync(path.join(cwd, 'limbeck.yaml'), `database: ${url}\nexclude: [users]\n`)
    const { stderr } = await limbeck(['inspect'], { cwd })
    assert.match(stderr, /warning\[left-out\]: table "a b" refers to "users"/)
  }))

Deno.test('inspect warns of a reference to nothing', () =>
  withFolder(async (cwd) => {
    const url = `sqlite:///${cwd}/x.db`
    const connection = await connect(sqlite, url)
    await connection.run([
      'CREATE TABLE t (a REFERENCES nothere (id))',
      'CREATE TABLE u (a REFERENCES t (z))',
    ])
    await connection.close()
    const { stderr } = await limbeck(['inspect', '--format', 'sql', '--url', url], { cwd })
    assert.match(stderr, /warning\[refers-to-nothing\]: table "t" refers to "nothere", which is not there/)
    assert.match(stderr, /warning\[refers-to-nothing\]: table "u" refers to "t.z", which is not there/)
  }))

Deno.test('inspect names what it cannot say', () =>
  withFolder(async (cwd) => {
    const url = `sqlite:///${cwd}/x.db`
    const connection = await connect(sqlite, url)
    await connection.run(['words', 'texts'].map((one) => `CREATE VIRTUAL TABLE ${one} USING fts5(word)`))
    await connection.close()
    const { stderr } = await limbeck(['inspect', '--url', url], { cwd })
    assert.match(stderr, /warning\[unmanaged\]: seen and not managed: virtual table "words", "texts"\n/)
  }))

Deno.test('the schema at a revision needs no database', async () => {
  const text = await inspect(ROOT, '--url', POSTGRES, '--at', 'e75f', '--format', 'mermaid')
  assert.match(text, /^erDiagram\n/)
  assert.match(text, /^ {2}"job-results" \{\n {4}uuid job_id FK, UK\n/m)
  assert.match(text, /^ {2}jobs \|\|--o\| "job-results" : "job_id"$/m)
  assert(!text.includes('experiments'))
  assert.equal(await inspect(ROOT, '--url', POSTGRES, '--at', 'base'), '{}\n')
})

Deno.test('--at and --models are two schemas, and --split has one format', async () => {
  for (
    const args of [['--at', 'head', '--models'], ['--split', 'x', '--format', 'svg'], ['--format', 'png']]
  ) {
    const { code, stderr } = await limbeck(['inspect', '--url', POSTGRES, ...args], { cwd: ROOT })
    assert.equal(code, 2)
    assert.match(stderr, /error\[usage\]/)
  }
})

Deno.test('a problem of `models:` stands at its place in the configuration', () =>
  withFolder(async (cwd) => {
    const config =
      'database: sqlite:///x.db\nmodels:\n  - a.yaml\nenvironments:\n  dev:\n    models: { command: exit 4 }\n'
    writeFileSync(path.join(cwd, 'limbeck.yaml'), config)
    const first = await limbeck(['inspect', '--models'], { cwd })
    assert.equal(first.code, 2)
    assert.match(first.stderr, /^limbeck\.yaml:3:5: error\[no-models\]: no file matches "a\.yaml"/)
    const second = await limbeck(['inspect', '--models', '-n', 'dev'], { cwd })
    assert.equal(second.code, 1)
    assert.match(second.stderr, /^limbeck\.yaml:6:24: error\[models-command\]: .* exit code 4/)
  }))
