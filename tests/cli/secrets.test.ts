/** No output of any kind shows a password or a token. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'

const SECRET = 'hunter2-secret'

const urls = [
  `postgresql://me:${SECRET}@127.0.0.1:1/db`,
  `postgresql://me:${SECRET}@no-such-host.invalid/db`,
  `postgresql+psycopg2://127.0.0.1:1/db?user=me&password=${SECRET}`,
  `postgresql://me:${SECRET}@127.0.0.1:1/db?sslmode=nonsense`,
  `postgresql://me:${SECRET}@127.0.0.1:port/db`,
  `postgresql://me:${SECRET}@[::1/db`,
  `mysql://me:${SECRET}@host/db`,
  `libsql://127.0.0.1:59998?authToken=${SECRET}`,
  `http://127.0.0.1:59998?authToken=${SECRET}`,
  `libsql://me:${SECRET}@127.0.0.1:59998`,
  `sqlite://me:${SECRET}@host/db`,
  `me:${SECRET}@host/db`,
  `"postgresql://me:${SECRET}@127.0.0.1:1/db"`,
  `postgresql:/me:${SECRET}@127.0.0.1:1/db`,
  `postgresql://me:${SECRET}/db`,
  `postgresql://me:hunter2?${SECRET}@127.0.0.1:1/db`,
  `libsql://127.0.0.1:59998?token=${SECRET}`,
]

for (const url of urls) {
  Deno.test(`no secret of ${url.replace(SECRET, '…')} is shown`, () =>
    withFolder(async (cwd) => {
      mkdirSync(path.join(cwd, 'revisions'))
      writeFileSync(path.join(cwd, 'limbeck.yaml'), `database: ${JSON.stringify(url)}\n`)
      for (const given of [['--url', url], []]) {
        const { code, stdout, stderr } = await limbeck(
          ['current', '-v', '--json', '--raiseerr', ...given],
          { cwd, env: { LIMBECK_DEBUG: '1' } },
        )
        assert.notEqual(code, 0)
        assert(!`${stdout}${stderr}`.includes(SECRET), `${stdout}${stderr}`)
      }
    }))
}

const URL_OF = `postgresql://me:${SECRET}@127.0.0.1:1/db`

const configurations = {
  'a field that is none': `databse: ${URL_OF}\n`,
  'a field behind it': `{ database: "${URL_OF}", databse: x }\n`,
  'another type': `environments: { prod: "${URL_OF}" }\n`,
  'a list': `database: ["${URL_OF}"]\n`,
  'no YAML': `database: ${URL_OF}: x\n`,
  'the command of the models': `models: { command: "exit 3 # ${URL_OF}" }\n`,
}

for (const [what, config] of Object.entries(configurations)) {
  Deno.test(`no secret of limbeck.yaml is shown: ${what}`, () =>
    withFolder(async (cwd) => {
      mkdirSync(path.join(cwd, 'revisions'))
      writeFileSync(path.join(cwd, 'limbeck.yaml'), config)
      const { code, stdout, stderr } = await limbeck(['check', '--offline', '--json', '--raiseerr'], { cwd })
      assert.notEqual(code, 0)
      assert.match(stderr, /limbeck\.yaml:1:/)
      assert(!`${stdout}${stderr}`.includes(SECRET), `${stdout}${stderr}`)
    }))
}

Deno.test('no secret of SQL is shown', () =>
  withFolder(async (cwd) => {
    mkdirSync(path.join(cwd, 'revisions'))
    const sql = `SELECT dblink('${URL_OF}') FROM nothing`
    const file =
      `id: a1\ndown_revision: null\nupgrade: [{ execute: { sql: "${sql}", effects: none } }]\ndowngrade: []\n`
    writeFileSync(path.join(cwd, 'revisions', 'a1.yaml'), file)
    const { code, stdout, stderr } = await limbeck(['upgrade', 'head', '--json', '--raiseerr'], { cwd })
    assert.equal(code, 1)
    assert.match(stdout, /dblink/)
    assert(!`${stdout}${stderr}`.includes(SECRET), `${stdout}${stderr}`)
  }))
