/** libpq's service file (manual, "The Connection Service File"): sections `[name]` of lines `keyword=value`. */
import { existsSync, readFileSync } from 'node:fs'
import { EXIT, fault } from '../../problem.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The variable that says the same as a keyword. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['host', 'PGHOST'],
  ['hostaddr', 'PGHOSTADDR'],
  ['port', 'PGPORT'],
  ['dbname', 'PGDATABASE'],
  ['user', 'PGUSER'],
  ['password', 'PGPASSWORD'],
  ['passfile', 'PGPASSFILE'],
  ['options', 'PGOPTIONS'],
  ['application_name', 'PGAPPNAME'],
  ['connect_timeout', 'PGCONNECT_TIMEOUT'],
  ['sslmode', 'PGSSLMODE'],
  ['sslcert', 'PGSSLCERT'],
  ['sslkey', 'PGSSLKEY'],
  ['sslrootcert', 'PGSSLROOTCERT'],
  ['sslcrl', 'PGSSLCRL'],
  ['ssl_min_protocol_version', 'PGSSLMINPROTOCOLVERSION'],
  ['target_session_attrs', 'PGTARGETSESSIONATTRS'],
])

/** Where a service is looked for, in this order: the user's file, that of the system. */
export function serviceFiles(env: Environment, home: string): readonly string[] {
  const folders = env['PGSYSCONFDIR'] ? [env['PGSYSCONFDIR']] : ['/etc/postgresql-common', '/etc']
  return [
    env['PGSERVICEFILE'] || `${home}/.pg_service.conf`,
    ...folders.map((one) => `${one}/pg_service.conf`),
  ]
}

/**
 * What the first of the files that has the service says of it, as PG* variables.
 * @returns undefined when none has it
 * @throws `unreadable-file` (exit 2)
 */
export function readService(name: string, files: readonly string[]): Environment | undefined {
  for (const file of files.filter((one) => existsSync(one))) {
    const found = findService(readText(file), name)
    if (found !== undefined) return found
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fault('unreadable-file', `the service file "${file}" cannot be read: ${reason}`, {
      exit: EXIT.usage,
      hint: 'PGSERVICEFILE names another one',
      cause: error,
    })
  }
}

/** @param text a service file; what its keywords have no variable for is left out */
function findService(text: string, name: string): Environment | undefined {
  const lines = text.split(/\r?\n/).map((one) => one.trim())
  const start = lines.indexOf(`[${name}]`)
  if (start < 0) return undefined
  const end = lines.findIndex((one, i) => i > start && one.startsWith('['))
  const pairs = lines.slice(start + 1, end < 0 ? undefined : end).flatMap((line) => {
    const equals = line.indexOf('=')
    const variable = VARIABLES.get(line.slice(0, Math.max(0, equals)).trim())
    return variable === undefined ? [] : [[variable, line.slice(equals + 1).trim()] as const]
  })
  return Object.fromEntries(pairs)
}
