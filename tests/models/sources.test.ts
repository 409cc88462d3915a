import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '../../src/problem.ts'
import type { Problem } from '../../src/problem.ts'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { filesOf } from '../../src/models/glob.ts'
import { loadModels } from '../../src/models/load.ts'
import type { ModelsSource } from '../../src/models/load.ts'
import { connect } from '../support/database.ts'
import { withFolder } from '../support/folder.ts'
import { postgresServer, withPostgres } from '../support/postgres.ts'
import { assertScratchGone } from '../support/scratch.ts'
import { errorText } from '../revision/files/support.ts'

async function thrown(work: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await work()
  } catch (error) {
    if (error instanceof ProblemError) return error.problems
    throw error
  }
  return []
}

async function problems(work: () => Promise<unknown>): Promise<readonly string[]> {
  return (await thrown(work)).map((one) => [errorText(one), ...one.notes ?? []].join(' | '))
}

Deno.test('patterns find files in folders, and no hidden ones', () =>
  withFolder(async (root) => {
    for (const file of ['a.yaml', 'b.yml', '.c.yaml', 'd/e.yaml', 'd/f/g.yaml', 'd/[h].yaml', '{i.yaml']) {
      mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
      writeFileSync(path.join(root, file), '')
    }
    const found = (pattern: string) => filesOf(pattern, root).map((one) => path.relative(root, one))
    assert.deepEqual(found('*.yaml'), ['a.yaml', '{i.yaml'])
    assert.deepEqual(found('*.{yaml,yml}'), ['a.yaml', 'b.yml', '{i.yaml'])
    assert.deepEqual(found('**/*.yaml'), ['a.yaml', 'd/[h].yaml', 'd/e.yaml', 'd/f/g.yaml', '{i.yaml'])
    assert.deepEqual(found('d/?.yaml'), ['d/e.yaml'])
    assert.deepEqual(found('./d/**'), ['d/[h].yaml', 'd/e.yaml', 'd/f/g.yaml'])
    assert.deepEqual(found(path.join(root, 'd', '*.yaml')), ['d/[h].yaml', 'd/e.yaml'])
    assert.deepEqual(found('d/[h].yaml'), ['d/[h].yaml'])
    assert.deepEqual(found('nothing/*.yaml'), [])
    assert.deepEqual(found('{a,*}.{yaml,yml}'), ['a.yaml', 'b.yml', '{i.yaml'])
    assert.deepEqual(found('{a,d/e,no/such}.yaml'), ['a.yaml', 'd/e.yaml'])
    assert.deepEqual(found('{b.yml,d/{e,f/g}.yaml,*.yaml}'), [
      'a.yaml',
      'b.yml',
      'd/e.yaml',
      'd/f/g.yaml',
      '{i.yaml',
    ])
    assert.deepEqual(found('d/{f/*,{e,x}.yaml}'), ['d/e.yaml', 'd/f/g.yaml'])
    assert.deepEqual(found(`{${root}/d,nothing}/e.yaml`), ['d/e.yaml'])
    // A brace that has no other is a character.
    assert.deepEqual(found('{d/e.yaml'), [])
    assert.deepEqual(found('{*.yaml'), ['{i.yaml'])
    assert.deepEqual(found('*}.yaml'), [])
  }))

const DOCUMENT = '{"tables": [{"name": "t", "columns": [{"name": "a", "type": "uuid"}]}]}'

Deno.test('a command prints models; its exit code and its errors are told', () =>
  withFolder(async (root) => {
    writeFileSync(path.join(root, 'dump'), `#!/bin/sh\necho '${DOCUMENT}'\n`)
    chmodSync(path.join(root, 'dump'), 0o755)
    const options = { root, env: { PATH: Deno.env.get('PATH') }, database: '' }
    const load = (command: string) => loadModels({ command }, sqlite, options)
    assert.deepEqual((await load('./dump')).tables.map((one) => one.name), ['t'])
    assert.deepEqual(await problems(() => load('echo no module >&2; exit 3')), [
      'error[models-command]: the command of the models ended with exit code 3: ' +
      'echo no module >&2; exit 3 | it runs in the folder of limbeck.yaml, and shall print a models document: ' +
      'try it there | no module',
    ])
    // All tables would be there to drop: the first of `dump | filter` failed, and sh tells how the last one ended.
    assert.deepEqual(await problems(() => load('./dumb 2>/dev/null | cat')), [
      'error[models-command]: the command of the models printed nothing: ./dumb 2>/dev/null | cat | ' +
      'it shall print a models document: try it in the folder of limbeck.yaml; that of an empty schema is `{}`',
    ])
    assert.deepEqual((await load('echo {}')).tables, [])
    assert.match(
      (await problems(() => load('echo tables: 1')))[0]!,
      /^output of "echo tables: 1":1:9: error\[wrong-type\]/,
    )
  }))

const SQL = 'CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (a INTEGER REFERENCES a (id));\n'

Deno.test('SQL is loaded into a database in memory', () =>
  withFolder(async (root) => {
    writeFileSync(path.join(root, 'schema.sql'), SQL)
    writeFileSync(path.join(root, 'wrong.sql'), `${SQL}CREATE TABLEE c (d);`)
    const load = (sql: string) => loadModels({ sql }, sqlite, { root, env: {}, database: 'sqlite:///no.db' })
    assert.deepEqual((await load('schema.sql')).tables.map((one) => one.name), ['a', 'b'])
    const [problem] = await problems(() => load('wrong.sql'))
    assert.match(problem!, /TABLEE.*wrong\.sql|wrong\.sql:3/)
  }))

Deno.test('another database is looked at', () =>
  withFolder(async (root) => {
    const connection = await connect(sqlite, `sqlite:///${root}/a.db`)
    await connection.run([SQL])
    await connection.close()
    const options = { root, env: {}, database: '', except: [{ name: 'b' }] }
    const load = (source: ModelsSource) => loadModels(source, sqlite, options)
    assert.deepEqual((await load({ url: 'sqlite:///a.db' })).tables.map((one) => one.name), ['a'])
    assert.match((await problems(() => load({ url: 'sqlite:///b.db' })))[0]!, /error\[no-such-database\]/)
    const [missing] = await thrown(() => load({ url: 'sqlite:///b.db' }))
    assert.deepEqual(missing?.path, ['url'])
    assert.equal(missing?.hint, 'check the path: the models are read from this database')
    const [unreachable] = await thrown(() => load({ url: 'postgresql://localhost:1/a' }))
    assert.deepEqual([unreachable?.code, unreachable?.path], ['no-server', ['url']])
    const [unreadable] = await thrown(() => load({ sql: 'no.sql' }))
    assert.deepEqual([unreadable?.code, unreadable?.path], ['unreadable-file', ['sql']])
  }))

/** Runs SQL on the server. */
async function onServer(sql: string): Promise<readonly string[]> {
  const connection = await connect(postgres, (await postgresServer()).url)
  try {
    return (await connection.query(sql)).map((row) => String(Object.values(row)[0]))
  } finally {
    await connection.close()
  }
}

Deno.test('PostgreSQL loads SQL into a database that is dropped, also when the SQL is wrong', () =>
  withFolder((root) =>
    withPostgres(async (database) => {
      const dump = `\\restrict abc\nSELECT pg_catalog.set_config('search_path', '', false);\n` +
        'CREATE TABLE public.a (id integer PRIMARY KEY);\n'
      writeFileSync(path.join(root, 'schema.sql'), dump)
      writeFileSync(path.join(root, 'wrong.sql'), `${dump}CREATE TABLE public.b (a nothing);\n`)
      const load = (sql: string) => loadModels({ sql }, postgres, { root, env: {}, database })
      assert.deepEqual((await load('schema.sql')).tables.map((one) => one.name), ['a'])
      const [problem] = await problems(() => load('wrong.sql'))
      assert.match(problem!, /wrong\.sql:4:26: error\[sql-failed\]: type "nothing" does not exist/)
      await assertScratchGone(onServer)
    })
  ))

const MAIN = path.resolve(import.meta.dirname!, '../../src/main.ts')

Deno.test('the scratch database is dropped when the command is interrupted', () =>
  withFolder((cwd) =>
    withPostgres(async (database) => {
      writeFileSync(path.join(cwd, 'slow.sql'), 'SELECT pg_sleep(60);')
      writeFileSync(path.join(cwd, 'limbeck.yaml'), 'models: { sql: slow.sql }\n')
      const args = ['run', '-A', '--no-check', MAIN, '--url', database, 'inspect', '--models']
      const child = spawn(Deno.execPath(), args, { cwd, stdio: 'ignore' })
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        child.once('exit', (_, signal) => resolve(signal))
      )
      const asleep = "datname LIKE 'limbeck_scratch_%' AND query = 'SELECT pg_sleep(60);'"
      while ((await onServer(`SELECT pid FROM pg_stat_activity WHERE ${asleep}`)).length === 0) {
        await sleep(50)
      }
      child.kill('SIGINT')
      assert.equal(await ended, 'SIGINT')
      await assertScratchGone(onServer)
    })
  ))
