/** A database of its own on the server, made by SQL, and dropped whatever happens. */
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import type { Connection, ScratchOptions } from '../dialect.ts'
import { connect } from './connect.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * What pg_dump writes for psql alone (since 17.6): lines that begin with a backslash. They become comments, so that
 * positions in the script stay the same.
 */
function withoutPsql(script: string): string {
  return script.replaceAll(/^\\[^\n][^\n]*/gm, (line) => `--${line.slice(2)}`)
}

/** As {@link Dialect.withScratch} says. The user must be allowed to create databases. */
export async function withScratch<T>(
  script: string,
  { url, env }: ScratchOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const name = `limbeck_scratch_${randomBytes(6).toString('hex')}`
  let dropping: Promise<unknown> | undefined
  // FORCE ends the connections that are left (PostgreSQL 13).
  const drop = () => dropping ??= administer(url, env, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  const stop = (signal: NodeJS.Signals) => {
    const again = () => {
      SIGNALS.forEach((one) => process.off(one, stop))
      process.kill(process.pid, signal)
    }
    drop().then(again, again)
  }
  SIGNALS.forEach((one) => process.on(one, stop))
  try {
    await administer(url, env, `CREATE DATABASE ${name}`)
    const scratch = inDatabase(url, name)
    await onConnection(scratch, env, (connection) => connection.run([withoutPsql(script)]))
    // Another connection: scripts change the settings of theirs (pg_dump empties search_path).
    return await onConnection(scratch, env, work)
  } finally {
    await drop()
    SIGNALS.forEach((one) => process.off(one, stop))
  }
}

/** `dbname` comes before what the path of the URL says. */
function inDatabase(url: string, name: string): string {
  const bare = url.replaceAll(/([?&])(?:dbname|database)=[^&]*/g, '$1')
  return `${bare}${bare.includes('?') ? '&' : '?'}dbname=${name}`
}

async function administer(url: string, env: ScratchOptions['env'], statement: string): Promise<void> {
  await onConnection(url, env, (connection) => connection.run([statement]))
}

async function onConnection<T>(
  url: string,
  env: ScratchOptions['env'],
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(url, { env })
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}
