import assert from 'node:assert/strict'
import path from 'node:path'
import { parseUrl } from '../../../src/dialect/postgres/url.ts'
import { EXIT, ProblemError } from '../../../src/problem.ts'
import { withFolder } from '../../support/folder.ts'
import { writeFiles } from '../../support/project.ts'

const FILE = `# ours
[other]
host=elsewhere

[app]
host = db.example
port=6000
# user=nobody
user=bob
password=p=w d
dbname=shop
sslmode=require
keepalives=1
[last]
host=last.example
`

Deno.test('a service comes before the environment, and behind the URL', () =>
  withFolder((home) => {
    writeFiles(home, { '.pg_service.conf': FILE })
    const env = { HOME: home, USER: 'me', PGHOST: 'h', PGUSER: 'u', PGAPPNAME: 'x' }
    const named = parseUrl('postgresql://?service=app', env)
    assert.deepEqual(named.endpoints, [{ host: 'db.example', port: 6000 }])
    assert.deepEqual(
      [named.user, named.password, named.database, named.ssl.mode, named.applicationName],
      ['bob', 'p=w d', 'shop', 'require', 'x'],
    )
    const own = parseUrl('postgresql://ann@host:1/own', { ...env, PGSERVICE: 'app' })
    assert.deepEqual([own.endpoints[0], own.user, own.database], [{ host: 'host', port: 1 }, 'ann', 'own'])
    return Promise.resolve()
  }))

Deno.test('the file of PGSERVICEFILE, then that of PGSYSCONFDIR; a service that none has', () =>
  withFolder((home) => {
    writeFiles(home, { 'own.conf': '[a]\nhost=a.example\n', 'sys/pg_service.conf': '[b]\nhost=b.example\n' })
    const env = {
      HOME: home,
      PGSERVICEFILE: path.join(home, 'own.conf'),
      PGSYSCONFDIR: path.join(home, 'sys'),
    }
    const host = (PGSERVICE: string) => parseUrl('postgresql://', { ...env, PGSERVICE }).endpoints[0].host
    assert.deepEqual([host('a'), host('b')], ['a.example', 'b.example'])
    assert.throws(() => host('c'), (error) => {
      assert(error instanceof ProblemError)
      assert.equal(error.exit, EXIT.usage)
      assert.match(error.message, /no definition of the service "c"/)
      assert.match(error.problems[0]?.hint ?? '', /own\.conf, .*pg_service\.conf/)
      return true
    })
    return Promise.resolve()
  }))

Deno.test('a service file that cannot be read is told', () =>
  withFolder((home) => {
    const env = { HOME: home, PGSERVICEFILE: home }
    assert.throws(() => parseUrl('postgresql://?service=app', env), (error) => {
      assert(error instanceof ProblemError)
      assert.equal(error.exit, EXIT.usage)
      assert.match(error.message, /the service file ".*" cannot be read/)
      return true
    })
    return Promise.resolve()
  }))
