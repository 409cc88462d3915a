import { connect } from '/work/main/src/dialect/postgres/connect.ts'
import { readFileSync } from 'node:fs'
const [url] = readFileSync('/tmp/dev/urls','utf8').trim().split('\n')
const local = url.replace('127.0.0.1', 'localhost')
for (const [u, q] of [[url,''],[url,'sslmode=disable'],[url,'sslmode=allow'],[url,'sslmode=prefer'],[url,'sslmode=require'],[url,'sslmode=require&sslrootcert=/tmp/dev/ca.crt'],[url,'sslmode=require&sslrootcert=/tmp/dev/other.crt'],[url,'sslmode=verify-ca'],[url,'sslmode=verify-ca&sslrootcert=/tmp/dev/ca.crt'],[url,'sslmode=verify-ca&sslrootcert=/tmp/dev/other.crt'],[url,'sslmode=verify-full&sslrootcert=/tmp/dev/ca.crt'],[local,'sslmode=verify-full&sslrootcert=/tmp/dev/ca.crt'],[local,'sslmode=verify-full&sslrootcert=/tmp/dev/other.crt'],[local,'sslrootcert=system'],[local,'sslmode=verify-full&sslrootcert=/tmp/dev/no.crt']]) {
  try { const c = await connect(u + '?' + q, { env: {HOME:'/none'} }); console.log('ok ', q, u===local?'localhost':'ip', (await c.query('select ssl, version from pg_stat_ssl where pid = pg_backend_pid()'))[0]['ssl']); await c.close() }
  catch (e) { console.log('no ', q, u===local?'localhost':'ip', e.problems?.[0]?.code ?? e, e.problems?.[0]?.message) }
}
