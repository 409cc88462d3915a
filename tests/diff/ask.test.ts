import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommandLine } from '../../src/cli/run.ts'
import { withFolder } from '../support/folder.ts'

/** Runs `revision --autogenerate` where somebody answers; gives the questions and the file. */
async function asked(cwd: string, answers: string[]): Promise<{ questions: string[]; file: string }> {
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
        return Promise.resolve(answers.shift() ?? '')
      },
    },
  )
  assert.equal(exit, 0, errors.join(''))
  const name = readdirSync(join(cwd, 'revisions')).find((one) => one.startsWith('b2'))!
  return { questions, file: readFileSync(join(cwd, 'revisions', name), 'utf8') }
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
    const { questions, file } = await asked(cwd, ['y', 'n'])
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
