import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPassword, passwordFromFile } from '../../../src/dialect/postgres/pgpass.ts'

const LOGIN = { host: 'db.example.org', port: 5432, database: 'app', user: 'bob' }

const CASES: readonly (readonly [name: string, file: string, password: string | undefined])[] = [
  ['an exact line', 'db.example.org:5432:app:bob:pw', 'pw'],
  ['stars', '*:*:*:bob:pw', 'pw'],
  ['the first line that matches', '*:*:*:eve:no\n*:5432:*:*:first\n*:*:*:*:second', 'first'],
  ['comments and empty lines', '# *:*:*:*:no\n\n*:*:*:*:pw', 'pw'],
  ['escaped colons and backslashes', '*:*:*:bob:a\\:b\\\\c', 'a:b\\c'],
  ['an escaped colon in a field', '*:*:a\\:b:bob:no\n*:*:app:bob:pw', 'pw'],
  ['another port', '*:5433:*:*:pw', undefined],
  ['a line that is too short', '*:*:bob:pw', undefined],
  ['Windows line ends', '*:*:*:bob:pw\r\n', 'pw'],
]

for (const [name, file, password] of CASES) {
  Deno.test(`password file: ${name}`, () => assert.equal(findPassword(file, LOGIN), password))
}

Deno.test('password file: a Unix socket is also found as localhost', () => {
  const login = { ...LOGIN, host: '/var/run/postgresql' }
  assert.equal(findPassword('localhost:*:*:*:pw', login), 'pw')
  assert.equal(findPassword('/var/run/postgresql:*:*:*:pw', login), 'pw')
})

Deno.test({
  name: 'password file: one that others may read is not used',
  ignore: platform() === 'win32',
  fn() {
    const folder = mkdtempSync(join(tmpdir(), 'limbeck-pgpass-'))
    const path = join(folder, 'pgpass')
    try {
      assert.deepEqual(passwordFromFile(path, LOGIN), {})
      writeFileSync(path, '*:*:*:*:pw', { mode: 0o600 })
      assert.deepEqual(passwordFromFile(path, LOGIN), { password: 'pw' })
      chmodSync(path, 0o640)
      const { password, ignored } = passwordFromFile(path, LOGIN)
      assert.equal(password, undefined)
      assert.match(ignored ?? '', /chmod 0600/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
})
