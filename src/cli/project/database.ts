/** Which database: where its URL was found, and connecting to it. */
import { DURATION, milliseconds } from '../../duration.ts'
import { EXIT, fault, faults, ProblemError } from '../../problem.ts'
import { maskUrl } from '../../dialect/mask-url.ts'
import type { Connection, Dialect } from '../../dialect/dialect.ts'
import { dialectNamed, dialectOf } from '../../dialect/index.ts'
import { lifeline } from '../../run/session/lifeline.ts'
import type { Lifeline } from '../../run/session/lifeline.ts'
import type { Session } from '../../run/session/session.ts'
import type { Invocation } from '../command.ts'
import { printNote, printWarning } from '../output/print.ts'
import { progress } from '../output/progress.ts'
import type { Project } from './project.ts'
import { withStop } from './stopping.ts'
import { whenAnswered } from './waiting.ts'

/** Looked through in this order, after `--url` and before the configuration. */
const VARIABLES = ['LIMBECK_DATABASE_URL', 'SQLALCHEMY_DATABASE_URL', 'DATABASE_URL'] as const
const DEFAULT_URL = 'sqlite:///local.db'

export interface DatabaseUrl {
  readonly url: string
  /** Where it was found, for people. */
  readonly source: string
}

/**
 * The first of: `--url`, the environment's variables, the configuration, `sqlite:///local.db`. Blanks around it are none
 * of it: a secret that is kept in a file ends with a line.
 */
export function databaseUrl({ options, io }: Invocation, project: Project): DatabaseUrl {
  const given = options.text('url')?.trim()
  if (given === '') {
    fault('usage', '--url is empty', {
      exit: EXIT.usage,
      hint: 'is the variable set that it was taken from?',
    })
  }
  if (given !== undefined) return { url: given, source: '--url' }
  for (const name of VARIABLES) {
    const value = io.env[name]?.trim()
    if (value !== undefined && value !== '') return { url: value, source: name }
  }
  if (project.config.database !== undefined) {
    return { url: project.config.database.trim(), source: project.configFile! }
  }
  return { url: DEFAULT_URL, source: 'the default' }
}

/** Finds the URL and says which one it is; the default is worth a warning. */
function announced(invocation: Invocation, project: Project): DatabaseUrl {
  const found = databaseUrl(invocation, project)
  const { io, options } = invocation
  if (found.source === 'the default') {
    printWarning(io, options, {
      code: 'default-database',
      message: `no database was named: using ${DEFAULT_URL}`,
      hint: 'name one with --url, LIMBECK_DATABASE_URL, or `database:` in limbeck.yaml',
    })
  } else printNote(io, options, `database: ${maskUrl(found.url)} (${found.source})`)
  return found
}

/** The dialect of `--dialect`, else of the configured database, without connecting: for `--sql`. */
export async function offlineDialect(invocation: Invocation, project: Project): Promise<Dialect> {
  const { io, options } = invocation
  const asked = options.text('dialect')
  if (asked !== undefined) return await dialectNamed(asked)
  const { url, source } = databaseUrl(invocation, project)
  const dialect = await dialectOf(url)
  printNote(io, options, `SQL for ${dialect.name}: ${maskUrl(url)} (${source})`)
  return dialect
}

/** Whether a SQLite file that is not there is made; a function checks first whether there is reason to. */
export type Create = boolean | ((dialect: Dialect) => Promise<void>)

/**
 * Connects, works, and closes the connection whatever happens. `--wait` waits for a database that does not answer yet.
 * @throws `stopped` when a signal comes meanwhile: what runs is cancelled
 */
export async function withConnection<T>(
  invocation: Invocation,
  project: Project,
  create: Create,
  work: (connection: Connection, dialect: Dialect) => Promise<T>,
): Promise<T> {
  return await withLifeline(invocation, project, create, (line, dialect) => work(line.connection, dialect))
}

async function withLifeline<T>(
  invocation: Invocation,
  project: Project,
  create: Create,
  work: (line: Lifeline, dialect: Dialect, signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  const { url } = announced(invocation, project)
  const dialect = await dialectOf(url)
  const { options, io } = invocation
  const { env, cwd } = io
  const say = (text: string) => printNote(io, options, text)
  const patience = durationOf(invocation, project, 'wait') ?? 0
  return await withStop(io, async (signal) => {
    const connecting = (making: boolean, timeout?: number) =>
      withoutSql(() =>
        dialect.connect(url, {
          env,
          cwd,
          create: making,
          ...(timeout === undefined ? {} : { timeout }),
          ...(io.alone && { alone: true }),
        })
      )
    const open = (making: boolean) =>
      whenAnswered((timeout) => connecting(making, timeout), { patience, dialect, signal, say })
    const connection = typeof create === 'boolean'
      ? await open(create)
      : await openOrCreate(open, () => create(dialect))
    const line = lifeline(connection, () => connecting(false), signal)
    try {
      return await work(line, dialect, signal)
    } finally {
      await line.bare.close()
    }
  })
}

/** A time that the command line, the environment or the configuration gives, in milliseconds. */
function durationOf(
  { options, io }: Invocation,
  { config }: Project,
  name: 'wait' | 'lock-wait' | 'retry-for',
): number | undefined {
  const key = name.replaceAll('-', '_') as 'wait' | 'lock_wait' | 'retry_for'
  const variable = `LIMBECK_${key.toUpperCase()}`
  const given = options.text(name)
  if (given !== undefined) return readDuration(`--${name}`, given)
  const set = io.env[variable]
  if (set !== undefined && set !== '') return readDuration(variable, set)
  const configured = config[key]
  return configured === undefined ? undefined : readDuration(key, configured)
}

/**
 * @param name of the option, for the message
 * @throws `usage` (exit code 2) for what is no time
 */
function readDuration(name: string, text: string): number {
  if (new RegExp(DURATION).test(text.trim())) return milliseconds(text.trim())
  return fault('usage', `${name} takes a time, not "${text}"`, {
    hint: 'such as 500ms, 60s, 5m, or 0',
    exit: EXIT.usage,
  })
}

async function openOrCreate(
  open: (making: boolean) => Promise<Connection>,
  check: () => Promise<void>,
): Promise<Connection> {
  try {
    return await open(false)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems[0]?.code !== 'no-such-database') throw error
    await check()
    return await open(true)
  }
}

/** What is wrong with a database that cannot be opened is not the statement that the tool tried it with. */
async function withoutSql<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const problems = error.problems.map(({ sql: _, ...problem }) => problem)
    return faults(problems, error.exit, error.cause)
  }
}

/** As {@link withConnection}, with all that a run needs. */
export async function withSession<T>(
  invocation: Invocation,
  project: Project,
  create: Create,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { config } = project
  const { options, io } = invocation
  const reporter = await progress(io, options)
  const tag = options.text('tag')
  const resume = resumeOf(invocation)
  const lockWait = durationOf(invocation, project, 'lock-wait')
  const retryFor = durationOf(invocation, project, 'retry-for')
  return await withLifeline(invocation, project, create, (line, dialect, signal) =>
    work({
      connection: line.connection,
      lifeline: line,
      dialect,
      history: project.history,
      versionTable: project.versionTable,
      journal: project.journal,
      options: {
        transaction: project.transaction(options),
        settings: project.settings,
        reporter,
        ...(resume === undefined ? {} : { resume }),
        ...(lockWait === undefined ? {} : { lockWait }),
        ...(retryFor === undefined ? {} : { retryFor }),
        ...(signal === undefined ? {} : { signal }),
        strict: config.strict ?? false,
        ...(tag === undefined ? {} : { tag }),
        ...(config.naming === undefined ? {} : { naming: config.naming }),
        ...(config.schemas === undefined ? {} : { schemas: config.schemas }),
      },
    }))
}

function resumeOf({ options }: Invocation): 'retry' | 'skip' | undefined {
  const asked = options.text('resume')
  if (asked === undefined || asked === 'retry' || asked === 'skip') return asked
  return fault('usage', `--resume is retry or skip, not "${asked}"`, { exit: EXIT.usage })
}
