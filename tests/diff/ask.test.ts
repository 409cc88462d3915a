import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommandLine } from '../../src/cli/run.ts'
import { withFolder } from '../support/folder.ts'

interface Asked {
  readonly exit: number
  readonly questions: string[]
  readonly errors: string
  /** Empty: none was written. */
  readonly file: string
}

/** Runs `revision --autogenerate` where somebody answers, nothing in the end; undefined: the input ends. */
async function asked(cwd: string, answers: (string | undefined)[]): Promise<Asked> {
  const questions: string[] = []
  const errors: string[] = []
  const exit = await runCommandLine(
    ['revision', '--autogenerate', '--offline', '-m', 'm', '--rev-id', 'b2'],
    {
      stdout: () => {},
      stderr: (text) => void errors.push(text),
      env: {},
      cwd,
      stdoutIsTerminal: true,
      stderrIsTerminal: true,
      width: 80,
      ask(question) {
        questions.push(question)
        return Promise.resolve(answers.length === 0 ? '' : answers.shift())
      },
    },
  )
  const name = readdirSync(join(cwd, 'revisions')).find((one) => one.startsWith('b2'))
  const file = name === undefined ? '' : readFileSync(join(cwd, 'revisions', name), 'utf8')
  return { exit, questions, errors: errors.join(''), file }
}

function project(cwd: string): void {
  mkdirSync(join(cwd, 'revisions'))
  mkdirSync(join(cwd, 'models'))
  const columns = (...names: string[]) =>
    `[{ name: id, type: integer, primary_key: true }, ${
      names.map((name) => `{ name: ${name}, type: text }`).join(', ')
    }]`
  writeFileSync(
    join(cwd, 'revisions/a1.yaml'),
    `id: a1\ndown_revision: null\nmessage: a\nupgrade:\n` +
      `  - create_table: { name: users, columns: ${columns('name', 'mail')} }\n`,
  )
  writeFileSync(
    join(cwd, 'models/users.yaml'),
    `tables:\n  - { name: users, columns: ${columns('fullname', 'motto')} }\n`,
  )
}

Deno.test('a person at the terminal is asked about each thing that may have been renamed', async () => {
  await withFolder(async (cwd) => {
    project(cwd)
    const { exit, questions, errors, file } = await asked(cwd, ['y', 'n'])
    assert.equal(exit, 0, errors)
    assert.deepEqual(questions, [
      'Was the column "users.name" renamed to "users.fullname"? (the same type, a similar name, the same place) [y/N] ',
      'Was the column "users.mail" renamed to "users.motto"? (the same type, the same place) [y/N] ',
    ])
    assert.match(file, /rename_column: { table: users, column: name, new_name: fullname }/)
    assert.match(file, /drop_column: { table: users, column: mail }/)
  })
})

Deno.test('whoever says no to all gets drops and additions', async () => {
  await withFolder(async (cwd) => {
    project(cwd)
    const { questions, file } = await asked(cwd, [])
    assert.equal(questions.length, 4)
    assert.doesNotMatch(file, /rename_column/)
  })
})

Deno.test('what is neither yes nor no is asked again: no drops a column', async () => {
  await withFolder(async (cwd) => {
    project(cwd)
    const { questions, file } = await asked(cwd, ['yy', 'YES', 'maybe', 'No'])
    assert.deepEqual(questions.map((one) => /renamed to "users\.(\w+)"/.exec(one)?.[1]), [
      'fullname',
      'fullname',
      'motto',
      'motto',
    ])
    assert.match(file, /rename_column: { table: users, column: name, new_name: fullname }/)
    assert.match(file, /drop_column: { table: users, column: mail }/)
  })
})

Deno.test('the end of the input is no answer: the answers are named, and nothing is written', async () => {
  await withFolder(async (cwd) => {
    project(cwd)
    const { exit, questions, errors, file } = await asked(cwd, ['y', undefined])
    assert.equal(exit, 2)
    assert.equal(questions.length, 2)
    assert.match(errors, /error\[renamed\].*--rename users\.mail=users\.motto/s)
    assert.equal(file, '')
  })
})
