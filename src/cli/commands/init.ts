import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { EXIT, fault } from '../../problem.ts'
import { modelsSchema } from '../../models/shape.ts'
import { revisionSchema } from '../../revision/schema.ts'
import { scalarText } from '../../revision/yaml/layout.ts'
import type { Command, Invocation } from '../command.ts'
import { CONFIG_FILE, readConfig } from '../config/config.ts'
import { configSchema } from '../config/schema.ts'
import { writeNewFiles } from '../output/new-files.ts'
import { printJson } from '../output/print.ts'
import { CONFIG_SCHEMA_FILE, MODELS_SCHEMA_FILE, SCHEMA_FILE } from '../config/schema-file.ts'

/**
 * `limbeck init [directory]`: writes limbeck.yaml, the folder of revisions (default: those that the configuration names,
 * else revisions) and the JSON Schemas for editors. Files that are there stay as they are; a folder with anything but
 * revisions is refused, as Alembic refuses one that is not empty. The working directory is where all of this is: named, it
 * stands for the default.
 */
export const command: Command = async (invocation) => {
  const { args, io, options } = invocation
  const [given] = args
  const asked = given !== undefined && path.relative(io.cwd, path.resolve(io.cwd, given)) === ''
    ? undefined
    : given
  const begins = !existsSync(path.resolve(io.cwd, CONFIG_FILE))
  const folders = asked === undefined && !begins
    ? await configured(invocation)
    : [forRevisions(io.cwd, asked ?? 'revisions')] as const
  const [{ name }] = folders
  const files = [
    write(invocation, CONFIG_FILE, () => configText(name)),
    write(invocation, SCHEMA_FILE, () => json(revisionSchema())),
    write(invocation, MODELS_SCHEMA_FILE, () => json(modelsSchema())),
    write(invocation, CONFIG_SCHEMA_FILE, () => json(configSchema())),
  ]
  const there = folders.map(({ full }) => existsSync(full))
  for (const { full } of folders) mkdirSync(full, { recursive: true })
  if (options.flag('json')) printJson(io, { directory: name, files })
  else if (begins && !there[0]) {
    io.stdout(`${name}/ is for revisions: \`limbeck revision -m "first"\` writes one\n`)
  } else if (begins || asked === undefined) {
    folders.forEach((one, i) =>
      io.stdout(there[i] ? `${one.name}/ exists already, skipping\n` : `made ${one.name}/\n`)
    )
  } else {io.stdout(
      `made ${name}/; name it under \`revisions:\` in ${CONFIG_FILE}, unless it stands there already\n`,
    )}
  return EXIT.done
}

interface Folder {
  readonly name: string
  readonly full: string
}

/** The folders that the configuration names, of the environment that is asked for. */
async function configured(invocation: Invocation): Promise<readonly [Folder, ...Folder[]]> {
  const { config, root } = await readConfig(invocation)
  const [first = 'revisions', ...more] = [config.revisions ?? []].flat()
  const folder = (name: string) => ({ name, full: path.resolve(root, name) })
  return [folder(first), ...more.map(folder)]
}

/** A folder for revisions: new, empty, or of revisions that were imported. @throws `not-a-folder`, `not-empty` */
function forRevisions(cwd: string, name: string): Folder {
  const full = path.resolve(cwd, name)
  if (existsSync(full) && !statSync(full).isDirectory()) {
    fault('not-a-folder', `"${name}" is a file`, { hint: 'name a folder', exit: EXIT.usage })
  }
  if (existsSync(full) && readdirSync(full).some((one) => !/\.ya?ml$/.test(one))) {
    fault('not-empty', `the directory "${name}" is not empty`, {
      hint: 'name another one: limbeck init <directory>',
      exit: EXIT.usage,
    })
  }
  return { name, full }
}

interface Written {
  readonly file: string
  /** false: it was there. */
  readonly written: boolean
}

function write({ io, options }: Invocation, file: string, text: () => string): Written {
  const full = path.resolve(io.cwd, file)
  const written = !existsSync(full)
  if (written) writeNewFiles([{ file: full, text: text() }])
  if (!options.flag('json')) io.stdout(written ? `wrote ${file}\n` : `${file} exists already, skipping\n`)
  return { file, written }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function configText(folder: string): string {
  return `# yaml-language-server: $schema=${CONFIG_SCHEMA_FILE}

# Where the database is; --url and the variables LIMBECK_DATABASE_URL, SQLALCHEMY_DATABASE_URL and DATABASE_URL come
# before it. \${VAR} and \${VAR:-default} are read from the environment.
database: sqlite:///local.db

# The folder of revision files, or a list of several.
revisions: ${scalarText(folder)}

# Other databases, chosen with -n:
# environments:
#   production:
#     database: \${PRODUCTION_DATABASE_URL}
#     settings: { lock_timeout: 4s }
`
}
