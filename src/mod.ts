/**
 * limbeck as a library: the commands as functions, for applications that upgrade their database when they start.
 *
 * ```ts
 * import { upgrade } from 'limbeck'
 * await upgrade('head', { url: process.env.DATABASE_URL, revisions: 'migrations' })
 * ```
 *
 * Each function returns what its command prints with `--json`, throws a {@link ProblemError}, and neither writes to the
 * process's streams nor ends the process.
 */
import path from 'node:path'
import { didYouMean, EXIT, fault } from './problem.ts'
import { call } from './cli/call.ts'
import { findCommand } from './cli/commands.ts'

export { EXIT, ProblemError } from './problem.ts'
export type { ExitCode, FailedSql, Path, Problem, Span } from './problem.ts'
export { VERSION } from './version.ts'

/** Options of a command by their long names: `{ verbose: true, 'rev-range': 'a:b' }`; those without a value are left out. */
export type CommandOptions = Readonly<Record<string, string | readonly string[] | boolean | undefined>>

/** What every function takes; the same places as for the command line are looked through for what is absent or undefined. */
export interface Options {
  /** The database; absent: LIMBECK_DATABASE_URL, SQLALCHEMY_DATABASE_URL, DATABASE_URL, the configuration's. */
  readonly url?: string | undefined
  /** The folder of revision files, or several; absent: the configuration's. */
  readonly revisions?: string | readonly string[] | undefined
  /** A configuration file, or the content of one (what limbeck.yaml may hold); absent: limbeck.yaml, if there is one. */
  readonly config?: string | Readonly<Record<string, unknown>> | undefined
  /** One of the `environments` of the configuration. */
  readonly environment?: string | undefined
  /** Values for `${x:key}` in revisions. */
  readonly variables?: Readonly<Record<string, string>> | undefined
  /** Where relative paths start; absent: the process's working directory. */
  readonly cwd?: string | undefined
  /** The environment's variables; absent: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Takes messages, progress and warnings, in pieces of text that end with a newline; absent: nobody hears them. */
  readonly log?: ((text: string) => void) | undefined
  /** Stops the command at a safe point: what runs is cancelled and rolled back, and a {@link ProblemError} is thrown. */
  readonly signal?: AbortSignal | undefined
  /** Further options of the command by their long names: `{ wait: '60s', 'lock-wait': '5m' }`. */
  readonly options?: CommandOptions | undefined
}

/** What a function that changes the database takes besides. */
export interface MoveOptions extends Options {
  /** Kept in the journal with what runs. */
  readonly tag?: string | undefined
  /** `per_revision` (default), or `all`: one transaction for everything. */
  readonly transaction?: 'per_revision' | 'all' | undefined
}

/** One revision in a listing. */
export interface Revision {
  readonly id: string
  readonly down_revision: readonly string[]
  readonly depends_on: readonly string[]
  /** All labels that reach it. */
  readonly branch_labels: readonly string[]
  readonly message: string
  /** Absolute. */
  readonly file: string
  /** The ids of the revisions that follow it. */
  readonly children: readonly string[]
  readonly head: boolean
  readonly effective_head: boolean
  readonly branch_point: boolean
  readonly merge_point: boolean
  /** Whether the database is at it, where the database was asked. */
  readonly current?: boolean
}

/** One step of a run. */
export interface Step {
  readonly direction: 'upgrade' | 'downgrade' | 'stamp'
  readonly revisions: readonly string[]
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** What the database was at after it. */
  readonly heads: readonly string[]
  readonly duration_ms: number
}

/** What a run did. Without steps there was nothing to do. */
export interface Moved {
  /** What the database was at; empty: base. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly steps: readonly Step[]
}

/** Where a database is. */
export interface Current {
  /** Its URL, passwords masked. */
  readonly database: string
  /** The rows of the version table; empty: base. */
  readonly rows: readonly string[]
  readonly revisions: readonly Revision[]
}

/** Two of models, history and database, and what leads from the one to the other. */
export interface Comparison {
  readonly from: 'history' | 'database'
  readonly to: 'history' | 'models'
  /** What differs, a line each; empty: the two agree. */
  readonly differences: readonly string[]
  /** What would lead there, as revision files say it. */
  readonly operations: readonly Readonly<Record<string, unknown>>[]
}

/** An applied revision whose file means something else since. */
export interface EditedRevision {
  readonly id: string
  /** Absolute. */
  readonly file: string
  /** When it ran: an ISO date. */
  readonly ran_at: string
  readonly message: string
}

/** What a check found. */
export interface Checked {
  /** Whether models, history and database agree, the database is at the heads, and no applied revision was edited. */
  readonly agree: boolean
  readonly heads: readonly string[]
  /** The rows of the version table; absent offline. */
  readonly rows?: readonly string[]
  /** The applied revisions that were edited since; empty offline. */
  readonly edited: readonly EditedRevision[]
  readonly comparisons: readonly Comparison[]
}

/**
 * Runs any command, for what has no function of its own.
 * @param name of the command: `identify`
 * @param args its arguments
 * @param extra its options by their long names: `{ verbose: true, 'rev-range': 'a:b' }`
 * @returns the document that it prints with `--json`; undefined when it prints none
 */
export async function command(
  name: string,
  args: readonly string[] = [],
  options: Options = {},
  extra: CommandOptions = {},
): Promise<unknown> {
  const text = findCommand(name) ?? (await import('./cli/arguments.ts')).unknownCommand(name)
  const { url, revisions, config, environment, variables = {}, cwd, env, log, signal } = options
  checkFields(options)
  const folders = revisions === undefined ? [] : [revisions].flat()
  return await call(text, {
    args,
    options: {
      ...options.options,
      ...extra,
      url,
      config: typeof config === 'string' ? config : undefined,
      name: environment,
      x: Object.entries(variables).map(([key, value]) => `${key}=${value}`),
    },
    given: {
      ...(typeof config === 'object' ? { content: config } : {}),
      ...(folders.length === 0 ? {} : { revisions: folders.map((one) => path.resolve(cwd ?? '.', one)) }),
    },
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(log === undefined ? {} : { log }),
    ...(signal === undefined ? {} : { signal }),
  })
}

/** All that the functions here take. */
const FIELDS: readonly string[] = [
  ...['url', 'revisions', 'config', 'environment', 'variables', 'cwd', 'env', 'log', 'signal', 'options'],
  ...['tag', 'transaction', 'purge', 'dialect', 'range', 'indicateCurrent', 'offline'],
]

/** Not every program is compiled: a misspelt field would leave it with another database. @throws `usage` */
function checkFields(options: object): void {
  const unknown = Object.keys(options).find((one) => !FIELDS.includes(one))
  if (unknown === undefined) return
  const near = didYouMean(unknown, FIELDS)
  fault('usage', `there is no field "${unknown}"`, {
    hint: near === undefined
      ? `if it is an option of the command: options: { ${unknown}: … }`
      : `did you mean "${near}"?`,
    exit: EXIT.usage,
  })
}

function moving({ tag, transaction }: MoveOptions): CommandOptions {
  return { ...(tag === undefined ? {} : { tag }), ...(transaction === undefined ? {} : { transaction }) }
}

/** Moves the database up to a revision (`head`, an id, `+1`, `label@head`); a SQLite file that is not there is made. */
export async function upgrade(revision = 'head', options: MoveOptions = {}): Promise<Moved> {
  return await command('upgrade', [revision], options, moving(options)) as Moved
}

/** Moves the database down to a revision (`-1`, `base`, an id). */
export async function downgrade(revision: string, options: MoveOptions = {}): Promise<Moved> {
  return await command('downgrade', [revision], options, moving(options)) as Moved
}

/** Says that the database is at these revisions, without running anything. */
export async function stamp(
  revisions: string | readonly string[],
  options: MoveOptions & { readonly purge?: boolean | undefined } = {},
): Promise<Moved> {
  const extra = { ...moving(options), purge: options.purge }
  return await command('stamp', [revisions].flat(), options, extra) as Moved
}

/**
 * The SQL of an upgrade or a downgrade, instead of running it.
 * @param options.dialect `postgres` or `sqlite`; absent: the configured database's, which is not connected to
 */
export async function script(
  direction: 'upgrade' | 'downgrade',
  revision: string,
  options: MoveOptions & { readonly dialect?: 'postgres' | 'sqlite' | undefined } = {},
): Promise<string> {
  const extra = { ...moving(options), sql: true, dialect: options.dialect }
  const { sql } = await command(direction, [revision], options, extra) as { readonly sql: string }
  return sql
}

/** The revisions that the database is at. */
export async function current(options: Options = {}): Promise<Current> {
  return await command('current', [], options) as Current
}

/** The revisions that no other follows. */
export async function heads(options: Options = {}): Promise<readonly Revision[]> {
  return await command('heads', [], options) as readonly Revision[]
}

/** The revisions at which branches begin; their `children` are whole. */
export async function branches(
  options: Options = {},
): Promise<readonly (Omit<Revision, 'children'> & { readonly children: readonly Revision[] })[]> {
  const found = await command('branches', [], options)
  return found as readonly (Omit<Revision, 'children'> & { readonly children: readonly Revision[] })[]
}

/**
 * The revisions, newest first.
 * @param options.range only `from:to`; either end may be left out
 * @param options.indicateCurrent ask the database, and mark what it is at
 */
export async function history(
  options: Options & { readonly range?: string | undefined; readonly indicateCurrent?: boolean | undefined } =
    {},
): Promise<readonly Revision[]> {
  const extra = { 'rev-range': options.range, 'indicate-current': options.indicateCurrent }
  return await command('history', [], options, extra) as readonly Revision[]
}

/** A revision, or all that a name like `heads` stands for. */
export async function show(revision: string, options: Options = {}): Promise<readonly Revision[]> {
  return await command('show', [revision], options) as readonly Revision[]
}

/**
 * Compares the models, the history and the database. That they differ is no error here.
 * @param options.offline the models with the history alone
 */
export async function check(
  options: Options & { readonly offline?: boolean | undefined } = {},
): Promise<Checked> {
  return await command('check', [], options, { offline: options.offline }) as Checked
}

/** Creates the version table and the journal where they are missing. @returns the names of what was created */
export async function ensureVersion(options: Options = {}): Promise<readonly string[]> {
  const done = await command('ensure-version', [], options) as { readonly created: readonly string[] }
  return done.created
}
