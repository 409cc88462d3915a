/** Paths in messages: those below the working directory are shown from there, all others as they are. */
import assert from 'node:assert/strict'
import { near } from '../../src/cli/output/print.ts'

Deno.test('a path below the working directory begins there', () => {
  assert.equal(near('cannot read "/app/revisions/a.yaml"', '/app'), 'cannot read "revisions/a.yaml"')
  assert.equal(near('/app/a.yaml:1:2, /app/b.yaml:3:4', '/app'), 'a.yaml:1:2, b.yaml:3:4')
  assert.equal(near('database: sqlite:////app/local.db', '/app'), 'database: sqlite:///local.db')
})

Deno.test('a path that has the working directory in its middle stays whole', () => {
  for (const text of ['cannot read "/usr/app/a.yaml"', 'in /usr/src/app/a', 'postgres://db.app/app/x']) {
    assert.equal(near(text, '/app'), text)
  }
})

Deno.test('in the root of the file system paths stay whole', () => {
  const text = 'cannot read "/etc/limbeck.yaml" of sqlite:////data/local.db'
  assert.equal(near(text, '/'), text)
})
