/** Plays a transcript: writes its files, runs its commands, and shows what they wrote. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { dialectOf } from '../../../src/dialect/index.ts'
import { limbeck } from '../../support/command-line.ts'
import type { Ran, Surroundings } from '../../support/command-line.ts'
import { withFolder } from '../../support/folder.ts'
import { withPostgres } from '../../support/postgres.ts'
import type { Shown, Transcript, TypedCommand } from './text.ts'
import { readLine } from './words.ts'

interface Stage {
  readonly cwd: string
  /** The transcript's database: what LIMBECK_DATABASE_URL says. */
  readonly url: string
  /** The program to start; undefined: the command line runs in this process. */
  readonly command: string | undefined
  /** Texts that differ from run to run, and what stands for them. */
  readonly names: readonly (readonly [placeholder: string, text: string])[]
}

/**
 * Runs it in an empty folder with an empty database; returns it with what is shown now.
 * @param command the program that is `limbeck`; absent: the command line runs in this process
 */
export async function play(transcript: Transcript, command?: string): Promise<Transcript> {
  let played = transcript
  await withFolder(async (cwd) => {
    if (!transcript.postgres) {
      played = await playOn(transcript, { cwd, url: 'sqlite:///local.db', command, names: [['<here>', cwd]] })
      return
    }
    await withPostgres(async (url) => {
      const { host, hostname, port, pathname, username, password } = new URL(url)
      const database = pathname.slice(1)
      played = await playOn(transcript, {
        cwd,
        url,
        command,
        names: [
          ['<here>', cwd],
          ['<user>:<password>', `${username}:${password}`],
          ['<user>:***@<server>', `${username}:***@${host}`],
          ['<server>', host],
          ['<server>', `${hostname} port ${port}`],
          ['<port>', port],
          ['<database>', database],
        ],
      })
    })
  })
  return played
}

async function playOn(transcript: Transcript, stage: Stage): Promise<Transcript> {
  const parts: (Transcript['parts'][number])[] = []
  for (const part of transcript.parts) {
    if (part.kind === 'file') {
      const file = path.join(stage.cwd, part.name)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, part.text)
      parts.push(part)
    } else parts.push({ ...part, shown: await shown(part, stage) })
  }
  return { ...transcript, parts }
}

async function shown({ line }: TypedCommand, stage: Stage): Promise<Shown> {
  const typed = stage.names.reduce((text, [placeholder, value]) => text.replaceAll(placeholder, value), line)
  const { code, stdout, stderr } = await runLine(typed, stage)
  return { code, stdout: placeholders(stdout, stage), stderr: placeholders(stderr, stage) }
}

async function runLine(line: string, { cwd, url, command }: Stage): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, LIMBECK_DATABASE_URL: url }
  if (line.startsWith('sql ')) return await query(line.slice(4), url, cwd)
  const typed = readLine(line)
  const [program, ...args] = typed.words
  if (program !== 'limbeck') return started('sh', ['-c', line], { cwd, env })
  const where = { cwd, env: { ...env, ...typed.env } }
  return command === undefined ? await limbeck(args, where) : started(command, args, where)
}

function started(program: string, args: readonly string[], where: Required<Surroundings>): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, { ...where, encoding: 'utf8' })
  return { code: status ?? -1, stdout, stderr }
}

/** `$ sql SELECT …` asks the transcript's database; other statements are run. */
async function query(sql: string, url: string, cwd: string): Promise<Ran> {
  const dialect = await dialectOf(url)
  const connection = await dialect.connect(url, { env: {}, cwd, create: true })
  try {
    if (!/^(SELECT|PRAGMA|VALUES)/i.test(sql)) await connection.run([sql])
    const rows = /^(SELECT|PRAGMA|VALUES)/i.test(sql) ? await connection.query(sql) : []
    const lines = rows.map((row) => `${Object.values(row).map(String).join(' | ')}\n`)
    return { code: 0, stdout: lines.join(''), stderr: '' }
  } catch (error) {
    return { code: 1, stdout: '', stderr: `${error instanceof Error ? error.message : error}\n` }
  } finally {
    await connection.close()
  }
}

function placeholders(text: string, { names }: Stage): string {
  const known = names.reduce((changed, [placeholder, value]) => changed.replaceAll(value, placeholder), text)
  return known
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?/g, '<date>')
    .replace(/\bbegun by \S+@\S+ at [^;]+;/g, 'begun by <user>@<host> at <date>;')
    .replace(/\bby \S+@\S+, limbeck /g, 'by <user>@<host>, limbeck ')
    .replace(/("by": )"\S+@\S+"/g, '$1"<user>@<host>"')
    .replace(/\((\d+ min )?[\d.]+ (ms|s)\)/g, '(<time>)')
    .replace(/("duration_ms": )\d+/g, '$1<ms>')
    .replace(/\b[0-9a-f]{64}\b/g, '<hash>')
    .replace(/(?<![0-9A-Za-z])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{12}(?![0-9A-Za-z])/g, '<id>')
    .replace(/limbeck \d+\.\d+\.\d+/g, 'limbeck <version>')
    .replace(/("(?:limbeck_)?version": )"\d+\.\d+\.\d+"/g, '$1"<version>"')
}
