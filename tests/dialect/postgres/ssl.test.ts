import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { ProblemError } from '../../../src/problem.ts'
import { connect } from '../../../src/dialect/postgres/connect.ts'
import { AUTHORITY, OTHER_AUTHORITY, SERVER, SERVER_KEY } from '../../support/certificates.ts'
import { withConnection } from '../../support/postgres-connection.ts'
import { postgresServer } from '../../support/postgres.ts'

/** The older server with SSL on, and a folder with the authorities' files. */
async function withSsl(work: (port: string, folder: string) => Promise<void>): Promise<void> {
  const { url } = await postgresServer(14)
  const folder = fs.mkdtempSync(join(tmpdir(), 'limbeck-ssl-'))
  fs.writeFileSync(join(folder, 'good.crt'), AUTHORITY)
  fs.writeFileSync(join(folder, 'other.crt'), OTHER_AUTHORITY)
  await withConnection(url, async (connection) => {
    const [row] = await connection.query('SHOW data_directory')
    const data = String(row?.['data_directory'])
    const { uid, gid } = fs.statSync(data)
    for (const [name, text] of [['server.crt', SERVER], ['server.key', SERVER_KEY]] as const) {
      fs.writeFileSync(join(data, name), text, { mode: 0o600 })
      fs.chownSync(join(data, name), uid, gid)
    }
    const set = async (value: string) => {
      await connection.run([
        `ALTER SYSTEM SET ssl = ${value}`,
        'SELECT pg_reload_conf()',
        'SELECT pg_sleep(0.2)',
      ])
    }
    await set('on')
    try {
      await work(new URL(url).port, folder)
    } finally {
      await set('off')
      fs.rmSync(folder, { recursive: true })
    }
  })
}

/** `encrypted`, `plain`, or the code of the problem. */
async function outcome(host: string, port: string, query: string): Promise<string> {
  const url = `postgresql://postgres:limbeck@${host}:${port}/postgres?${query}`
  try {
    const connection = await connect(url, { env: { HOME: '/nowhere' } })
    const [row] = await connection.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
    await connection.close()
    return row?.['ssl'] === true ? 'encrypted' : 'plain'
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return error.problems[0]?.code ?? ''
  }
}

const CASES: readonly (readonly [query: string, ip: string, localhost: string])[] = [
  ['', 'encrypted', 'encrypted'],
  ['sslmode=disable', 'plain', 'plain'],
  ['sslmode=allow', 'plain', 'plain'],
  ['sslmode=prefer', 'encrypted', 'encrypted'],
  ['sslmode=require', 'encrypted', 'encrypted'],
  ['sslmode=require&sslrootcert=FOLDER/good.crt', 'encrypted', 'encrypted'],
  ['sslmode=require&sslrootcert=FOLDER/other.crt', 'ssl-untrusted', 'ssl-untrusted'],
  ['sslmode=verify-ca', 'no-such-file', 'no-such-file'],
  ['sslmode=verify-ca&sslrootcert=FOLDER/good.crt', 'encrypted', 'encrypted'],
  ['sslmode=verify-ca&sslrootcert=FOLDER/other.crt', 'ssl-untrusted', 'ssl-untrusted'],
  ['sslmode=verify-full&sslrootcert=FOLDER/good.crt', 'ssl-untrusted', 'encrypted'],
  ['sslmode=verify-full&sslrootcert=FOLDER/none.crt', 'no-such-file', 'no-such-file'],
  ['sslrootcert=system', 'ssl-untrusted', 'ssl-untrusted'],
]

Deno.test({
  name: 'the six sslmodes',
  // Somebody else's server is not reconfigured.
  ignore: (process.env['LIMBECK_TEST_POSTGRES_14_URL'] ?? '') !== '',
  fn: (test) =>
    withSsl(async (port, folder) => {
      for (const [query, ip, localhost] of CASES) {
        await test.step(query === '' ? 'none given' : query, async () => {
          const given = query.replace('FOLDER', folder)
          assert.equal(await outcome('127.0.0.1', port, given), ip)
          assert.equal(await outcome('localhost', port, given), localhost)
        })
      }
    }),
})
