/** How secrets and variables hand a URL over: with a line's end behind it, or in quotes. */
import assert from 'node:assert/strict'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { writeFiles } from '../support/project.ts'

const REVISIONS = { 'revisions/r1.yaml': 'id: r1\ndown_revision: null\nupgrade: []\n' }

Deno.test('blanks around a URL are none of it', () =>
  withFolder(async (cwd) => {
    writeFiles(cwd, REVISIONS)
    const env = { DATABASE_URL: ' sqlite:///app.db\n', URL: 'sqlite:///app.db\n', EMPTY: '\n' }
    const first = await limbeck(['upgrade', 'head'], { cwd, env })
    assert.equal(first.code, 0, first.stderr)
    writeFiles(cwd, { 'limbeck.yaml': 'database: ${URL}\n' })
    for (const args of [[], ['--url', 'sqlite:///app.db\n']]) {
      const { code, stdout } = await limbeck(['current', ...args], {
        cwd,
        env: { URL: env.URL, DATABASE_URL: env.EMPTY },
      })
      assert.deepEqual([code, stdout], [0, 'r1 (head)\n'])
    }
  }))

Deno.test('quotes around a URL are told', () =>
  withFolder(async (cwd) => {
    writeFiles(cwd, REVISIONS)
    const { code, stderr } = await limbeck(['current'], { cwd, env: { DATABASE_URL: '"sqlite:///app.db"' } })
    assert.equal(code, 2)
    assert.match(stderr, /hint: write it without the quotes around it/)
  }))
