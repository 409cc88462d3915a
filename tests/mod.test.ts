/** The library: the commands as functions. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import * as limbeck from '../src/mod.ts'
import { withFolder } from './support/folder.ts'

const REVISIONS = {
  'a1.yaml':
    'id: a1\ndown_revision: null\nmessage: first\nupgrade: [ { create_table: { name: t, columns: [ { name: a, type: integer } ] } } ]\n',
  'a2.yaml':
    'id: a2\ndown_revision: a1\nbranch_labels: [b]\nmessage: second\nupgrade: [ { add_column: { table: t, column: { name: "${x:name}", type: text } } } ]\n',
}

const env = {}

/** A folder with two revisions in `migrations/`. */
async function withRevisions(work: (options: limbeck.Options, cwd: string) => Promise<void>): Promise<void> {
  await withFolder(async (cwd) => {
    mkdirSync(path.join(cwd, 'migrations'))
    for (const [name, text] of Object.entries(REVISIONS)) {
      writeFileSync(path.join(cwd, 'migrations', name), text)
    }
    await work(
      { cwd, env, url: 'sqlite:///app.db', revisions: 'migrations', variables: { name: 'extra' } },
      cwd,
    )
  })
}

async function problemOf(work: Promise<unknown>): Promise<limbeck.ProblemError> {
  try {
    await work
  } catch (error) {
    assert(error instanceof limbeck.ProblemError)
    return error
  }
  assert.fail('nothing was thrown')
}

Deno.test('an application upgrades when it starts, and nothing is to do the next time', async () => {
  await withRevisions(async (options) => {
    const first = await limbeck.upgrade('head', { ...options, tag: 'start' })
    assert.deepEqual([first.before, first.after, first.steps.length], [[], ['a2'], 2])
    assert.deepEqual(first.steps[0]!.direction, 'upgrade')
    const second = await limbeck.upgrade('head', options)
    assert.deepEqual(second, { before: ['a2'], after: ['a2'], steps: [] })
    const { rows, revisions, database } = await limbeck.current(options)
    assert.deepEqual([rows, revisions.map(({ id }) => id)], [['a2'], ['a2']])
    assert.match(database, /app\.db$/)
  })
})

Deno.test('downgrade, stamp, ensureVersion', async () => {
  await withRevisions(async (options) => {
    assert.deepEqual(await limbeck.ensureVersion(options), ['alembic_version', 'limbeck_journal'])
    assert.deepEqual(await limbeck.ensureVersion(options), [])
    await limbeck.upgrade('a1', options)
    assert.deepEqual((await limbeck.downgrade('base', options)).after, [])
    assert.deepEqual((await limbeck.stamp(['a2'], options)).after, ['a2'])
    assert.deepEqual((await limbeck.stamp('base', { ...options, purge: true })).after, [])
  })
})

Deno.test('heads, branches, history, show and scripts need no database', async () => {
  await withRevisions(async ({ url: _, ...options }) => {
    assert.deepEqual((await limbeck.heads(options)).map(({ id, message }) => [id, message]), [[
      'a2',
      'second',
    ]])
    assert.deepEqual((await limbeck.history({ ...options, range: 'a2:' })).map(({ id }) => id), ['a2'])
    assert.deepEqual((await limbeck.show('b@head', options))[0]!.branch_labels, ['b'])
    assert.deepEqual(await limbeck.branches(options), [])
    const sql = await limbeck.script('upgrade', 'head', { ...options, dialect: 'postgres' })
    assert.match(sql, /ALTER TABLE t ADD COLUMN extra TEXT;/)
  })
})

Deno.test('check tells a difference as data', async () => {
  await withRevisions(async (options, cwd) => {
    await limbeck.upgrade('a1', options)
    const { agree, heads, rows } = await limbeck.check(options)
    assert.deepEqual([agree, heads, rows], [false, ['a2'], ['a1']])
    await limbeck.upgrade('head', options)
    const all = await limbeck.check(options)
    assert.deepEqual([all.agree, all.edited], [true, []])
    const file = path.join(cwd, 'migrations/a1.yaml')
    writeFileSync(file, REVISIONS['a1.yaml'].replace('type: integer', 'type: text'))
    const { agree: still, edited, comparisons } = await limbeck.check(options)
    assert.deepEqual([still, edited.map((one) => [one.id, one.file])], [false, [['a1', file]]])
    const [{ from, to, differences, operations } = assert.fail()] = comparisons
    assert.deepEqual([from, to, differences], ['database', 'history', ['alter column t.a: type text']])
    assert.deepEqual(operations, [{ alter_column: { table: 't', column: 'a', type: 'text' } }])
  })
})

Deno.test('what is wrong is thrown as problems, with the exit code of the command line', async () => {
  await withRevisions(async (options) => {
    const wrong = await problemOf(limbeck.upgrade('nonsense', options))
    assert.deepEqual([wrong.exit, wrong.problems.length], [limbeck.EXIT.usage, 1])
    const unset = await problemOf(limbeck.upgrade('head', { ...options, variables: {} }))
    assert.deepEqual([unset.exit, unset.problems[0]!.at?.line], [limbeck.EXIT.usage, 5])
    const missing = await problemOf(limbeck.downgrade('base', { ...options, url: 'sqlite:///none.db' }))
    assert.equal(missing.exit, limbeck.EXIT.unreachable)
    const option = await problemOf(limbeck.upgrade('head', { ...options, options: { tagg: 'x' } }))
    assert.deepEqual([option.message, option.problems[0]!.hint], [
      'upgrade has no option "tagg"',
      'did you mean "tag"?',
    ])
    for (
      const [field, hint] of [
        ['ulr', 'did you mean "url"?'],
        ['wait', 'if it is an option of the command: options: { wait: … }'],
      ] as const
    ) {
      const { message, problems } = await problemOf(limbeck.upgrade('head', { ...options, [field]: '1s' }))
      assert.deepEqual([message, problems[0]!.hint], [`there is no field "${field}"`, hint])
    }
    assert.equal((await problemOf(limbeck.command('nonsense', [], options))).exit, limbeck.EXIT.usage)
  })
})

Deno.test('arguments and options of the wrong number or kind are refused, as on the command line', async () => {
  await withRevisions(async (options) => {
    const refused = async (name: string, args: readonly string[], extra: Record<string, unknown> = {}) => {
      const { exit, message } = await problemOf(
        limbeck.command(name, args, options, extra as limbeck.CommandOptions),
      )
      assert.equal(exit, limbeck.EXIT.usage)
      return message
    }
    assert.equal(await refused('upgrade', []), 'upgrade needs a revision')
    assert.equal(await refused('heads', ['a2']), 'unexpected argument "a2"')
    assert.equal(await refused('upgrade', ['head'], { sql: 'yes' }), 'the option "sql" is true or false')
    for (const wait of [true, 60, ['5m', 1]]) {
      assert.equal(
        await refused('upgrade', ['head'], { wait }),
        'the option "wait" is text, or a list of texts',
      )
    }
    await limbeck.upgrade('head', { ...options, options: { sql: false, wait: '1s', yes: undefined } })
  })
})

Deno.test('the configuration is a file, or its content, which is checked', async () => {
  await withRevisions(async ({ cwd, env, variables }, folder) => {
    const common = { cwd, env, variables } as limbeck.Options
    const content = {
      database: '${DB:-sqlite:///one.db}',
      revisions: 'migrations',
      environments: { test: { version_table: 'v' } },
    }
    const one = { ...common, config: content }
    await limbeck.upgrade('head', one)
    assert.match((await limbeck.current(one)).database, /one\.db$/)
    const other = { ...common, config: content, environment: 'test' }
    assert.deepEqual((await limbeck.current(other)).rows, [])
    writeFileSync(
      path.join(folder, 'other.yaml'),
      'database: sqlite:///one.db\nrevisions: nowhere\n',
    )
    const file = { ...common, config: 'other.yaml', revisions: ['migrations'] }
    assert.deepEqual((await limbeck.current(file)).rows, ['a2'])
    const wrong = await problemOf(limbeck.heads({ ...common, config: { revision: 'x' } }))
    assert.deepEqual([wrong.exit, wrong.problems[0]!.code], [limbeck.EXIT.usage, 'unknown-field'])
    const nowhere = await problemOf(limbeck.heads({ ...common, config: content, environment: 'tset' }))
    assert.equal(nowhere.problems[0]!.hint, 'did you mean "test"?')
  })
})

Deno.test('messages go to whoever asks for them; the process hears nothing', async () => {
  await withRevisions(async (options) => {
    const write = process.stderr.write
    const heard: string[] = []
    process.stderr.write = (text: string | Uint8Array) => heard.push(String(text)) > 0
    try {
      await limbeck.upgrade('a1', options)
      assert.deepEqual(heard, [])
    } finally {
      process.stderr.write = write
    }
    let log = ''
    await limbeck.upgrade('head', { ...options, log: (text) => void (log += text) })
    assert.match(log, /Running upgrade a1 -> a2/)
    assert.equal(process.exitCode, undefined)
  })
})

Deno.test('a command that there is not is told with what was meant', async () => {
  const { problems } = await problemOf(limbeck.command('upgarde'))
  assert.deepEqual([problems[0]!.code, problems[0]!.hint], ['usage', 'did you mean "upgrade"?'])
})
