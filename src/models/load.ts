/** Where models come from: files, a database, SQL, or the output of a command. */
import path from 'node:path'
import { EXIT, fault, faults, ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { runShell } from '../shell.ts'
import type { Model, Naming, QualifiedName } from '../model/model.ts'
import { dialectOf } from '../dialect/index.ts'
import type { Connection, Dialect, IntrospectOptions } from '../dialect/dialect.ts'
import { readText, spanAt } from '../revision/yaml/text.ts'
import { assemble } from './assemble.ts'
import { readDocuments } from './document.ts'
import type { Text } from './document.ts'
import { filesOf, namesFiles } from './glob.ts'

/** `models:` of the configuration. */
export type ModelsSource =
  | string
  | readonly string[]
  | { readonly url: string }
  | { readonly sql: string }
  | { readonly command: string }

export interface ModelsOptions {
  /** Where relative paths start, and where a command runs: absolute. */
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The configured database: on its server the scratch database of `sql` is made. */
  readonly database: string
  readonly naming?: Naming
  /** The default schema. */
  readonly home?: string
  /** Schemas to look at in a database; absent: all. */
  readonly schemas?: readonly string[]
  /** Tables of a database that are no part of the schema: the version table and the journal. */
  readonly except?: readonly QualifiedName[]
}

/** What is read when the configuration names nothing: a file that were passed over would be tables to drop. */
const DEFAULT_MODELS = 'models/**/*.{yaml,yml}'

/** Whether there are models at all: the configuration names some, or the default's files are there. */
export function hasModels(source: ModelsSource | undefined, root: string): boolean {
  return source !== undefined || namesFiles(DEFAULT_MODELS, root)
}

/**
 * The schema that the models declare. Its problems' paths are relative to `models:` of the configuration, unless they
 * have a place.
 * @throws faults with exit code 2: `no-models`; all that is wrong with the shapes of all files; what `assemble` throws;
 *   `models-command` with the command's exit code and what it wrote; and what databases throw
 */
export async function loadModels(
  source: ModelsSource | undefined,
  dialect: Dialect,
  options: ModelsOptions,
): Promise<Model> {
  if (source === undefined) return await fromTexts(defaultFiles(options.root), dialect, options)
  if (isPatterns(source)) return await fromTexts(filesFor(source, options.root), dialect, options)
  if ('command' in source) {
    return await fromTexts([await printed(source.command, dialect, options)], dialect, options)
  }
  if ('sql' in source) return await fromSql(path.resolve(options.root, source.sql), dialect, options)
  return await fromDatabase(source.url, options)
}

/** @throws `no-models` */
function defaultFiles(root: string): Text[] {
  const files = filesOf(DEFAULT_MODELS, root)
  if (files.length === 0) {
    return fault('no-models', 'there are no models', {
      hint:
        'write models/*.yaml, or name them under `models:` in limbeck.yaml; `limbeck inspect --split models` ' +
        'makes them from a database',
      exit: EXIT.usage,
    })
  }
  return texts(files)
}

function isPatterns(source: ModelsSource): source is string | readonly string[] {
  return typeof source === 'string' || Array.isArray(source)
}

async function fromTexts(
  texts: readonly Text[],
  dialect: Dialect,
  options: ModelsOptions,
): Promise<Model> {
  return assemble(await readDocuments(texts), dialect.name, options)
}

/** Every file that a pattern matches, once. @throws `no-models` for a pattern that matches nothing */
function filesFor(patterns: string | readonly string[], root: string): Text[] {
  const files = [patterns].flat().map((pattern, i) => {
    const found = filesOf(pattern, root)
    if (found.length > 0) return found
    return fault('no-models', `no file matches "${pattern}"`, {
      path: typeof patterns === 'string' ? [] : [i],
      hint: `it is looked for in "${root}"; \`*\` stands for any name, \`**\` for folders in folders`,
      exit: EXIT.usage,
    })
  })
  return texts([...new Set(files.flat())])
}

function texts(files: readonly string[]): Text[] {
  // Patterns find regular files alone.
  return files.map((file) => ({ file, text: readText(file, true) }))
}

/** So many of the last lines that a command wrote to standard error are told. */
const LAST_LINES = 12

/** What the command finds the dialect's name in: some models are not the same on both. */
const DIALECT = 'LIMBECK_DIALECT'

async function printed(command: string, dialect: Dialect, { root, env }: ModelsOptions): Promise<Text> {
  let [out, errors] = ['', '']
  const ended = await runShell(command, [], {
    cwd: root,
    env: { ...env, [DIALECT]: dialect.name },
    heard: { stdout: (text) => out += text, stderr: (text) => errors += text },
  })
  const failed = { path: ['command'], notes: lastLines(errors), exit: EXIT.failed }
  if (ended !== undefined) {
    fault('models-command', `the command of the models ended ${ended}: ${command}`, {
      ...failed,
      hint: 'it runs in the folder of limbeck.yaml, and shall print a models document: try it there',
    })
  }
  // Not every command that fails says so: of `dump | filter` the shell tells how the last one ended.
  if (out.trim() === '') {
    fault('models-command', `the command of the models printed nothing: ${command}`, {
      ...failed,
      hint:
        'it shall print a models document: try it in the folder of limbeck.yaml; that of an empty schema is `{}`',
    })
  }
  return { file: `output of "${command}"`, text: out.replace(/^\ufeff/, '') }
}

function lastLines(text: string): readonly string[] {
  return text.trimEnd().split('\n').filter((line) => line !== '').slice(-LAST_LINES)
}

function introspected(dialect: Dialect, connection: Connection, options: ModelsOptions): Promise<Model> {
  const { schemas, except, naming } = options
  const look: IntrospectOptions = {
    ...(schemas === undefined ? {} : { schemas }),
    ...(except === undefined ? {} : { except }),
  }
  return dialect.introspect(connection, look).then((model) =>
    naming === undefined ? model : { ...model, naming }
  )
}

async function fromDatabase(url: string, options: ModelsOptions): Promise<Model> {
  const dialect = await dialectOf(url)
  const connection = await dialect.connect(url, { env: options.env, cwd: options.root, create: false })
    .catch((error) => named(error, 'url'))
  try {
    return await introspected(dialect, connection, options)
  } finally {
    await connection.close()
  }
}

/** @throws what is wrong with what a field of `models:` names, with the path to that field */
function named(error: unknown, field: 'url' | 'sql'): never {
  if (!(error instanceof ProblemError)) throw error
  const problems = error.problems.map((problem) => ({
    ...problem,
    path: [field],
    // Nothing makes this one: what is moved is the configured database.
    ...(problem.code === 'no-such-database'
      ? { hint: 'check the path: the models are read from this database' }
      : {}),
  }))
  return faults(problems, error.exit, error.cause)
}

function sqlOf(file: string): string {
  try {
    return readText(file).replace(/\r\n?/g, '\n')
  } catch (error) {
    return named(error, 'sql')
  }
}

/** @throws what the SQL does wrong, at its place in the file */
async function fromSql(file: string, dialect: Dialect, options: ModelsOptions): Promise<Model> {
  const text = sqlOf(file)
  let looking = false
  try {
    return await dialect.withScratch(
      text,
      { url: options.database, env: options.env, cwd: options.root },
      (one) => {
        looking = true
        return introspected(dialect, one, options)
      },
    )
  } catch (error) {
    if (looking || !(error instanceof ProblemError)) throw error
    const problems = error.problems.map((problem) => inFile(problem, file, text))
    return faults(problems, error.exit, error.cause)
  }
}

/** The problem of a statement at its place in the file, if that is known. */
function inFile({ sql, ...problem }: Problem, file: string, text: string): Problem {
  if (sql?.position !== undefined && sql.text.length === text.length) {
    return { ...problem, at: spanAt(file, text, sql.position) }
  }
  return {
    ...problem,
    ...(sql === undefined ? {} : { sql }),
    notes: [...(problem.notes ?? []), `in "${file}"`],
  }
}
