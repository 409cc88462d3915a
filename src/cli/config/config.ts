/** limbeck.yaml: found, read, checked against its shape, its `${VAR}` filled in, its environment chosen. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { ownValue } from '../../own-value.ts'
import { didYouMean, EXIT, fault, faults } from '../../problem.ts'
import type { Path, Span } from '../../problem.ts'
import type { JsonSchema } from '../../revision/shape/json-schema.ts'
import type { Source } from '../../revision/yaml/source.ts'
import type { Invocation } from '../command.ts'
import type { ConfigFile } from './shape.ts'

export const CONFIG_FILE = 'limbeck.yaml'

/** The configuration of one environment: the file's own keys under those of the environment. */
export type Config = Omit<ConfigFile, 'environments'>

export interface FoundConfig {
  readonly config: Config
  /** Its path as it was named; undefined when there is none. */
  readonly file: string | undefined
  /** The folder that its relative paths start from: its own, or the working directory. */
  readonly root: string
  /** Where something stands in the file; undefined when there is none. */
  locate(path: Path): Span | undefined
}

/**
 * The configuration: what the program that called gives, else the file named by `-c` or LIMBECK_CONFIG, else limbeck.yaml
 * in the working directory, else nothing.
 * @throws problems at file:line:col, all of them; `no-such-environment` (exit code 2)
 */
export async function readConfig(invocation: Invocation): Promise<FoundConfig> {
  const { content, revisions } = invocation.given ?? {}
  const found = content === undefined
    ? await fileConfig(invocation)
    : await contentConfig(invocation, content)
  return revisions === undefined
    ? found
    : { ...found, config: { ...found.config, revisions: [...revisions] } }
}

async function contentConfig({ options, io }: Invocation, content: unknown): Promise<FoundConfig> {
  const [{ loadValidator, wrong }, { configShape }] = await Promise.all([
    import('../../revision/shape/validator.ts'),
    import('./shape.ts'),
  ])
  await loadValidator()
  const problems = wrong(configShape as JsonSchema, content).map((one) => one.problem)
  if (problems.length > 0) faults(problems, EXIT.usage)
  const name = 'the configuration'
  const chosen = choose(content as ConfigFile, options.text('name'), name)
  const nowhere = () => undefined
  return {
    config: { ...fill(chosen.others, io.env, nowhere), ...fill(chosen.own, io.env, nowhere) },
    file: name,
    root: io.cwd,
    locate: nowhere,
  }
}

/** What a configuration says of all environments, and of the one that is asked for. */
function choose({ environments, ...all }: ConfigFile, environment: string | undefined, file: string) {
  const own = environment === undefined ? {} : ownValue(environments ?? {}, environment) ??
    noEnvironment(environment, Object.keys(environments ?? {}), file)
  const others = Object.fromEntries(Object.entries(all).filter(([key]) => !(key in own))) as Config
  return { own, others }
}

/** The configuration file that `-c` or LIMBECK_CONFIG names; an empty variable names none. */
export function namedFile({ options, io }: Pick<Invocation, 'options' | 'io'>): string | undefined {
  return options.text('config') ?? (io.env.LIMBECK_CONFIG || undefined)
}

async function fileConfig(invocation: Invocation): Promise<FoundConfig> {
  const { options, io } = invocation
  const named = namedFile(invocation)
  const environment = options.text('name')
  const file = named ?? CONFIG_FILE
  const full = path.resolve(io.cwd, file)
  if (named === undefined && !existsSync(full)) {
    refuseOtherEnding(io.cwd)
    if (environment !== undefined) noEnvironment(environment, [])
    return { config: {}, file: undefined, root: io.cwd, locate: () => undefined }
  }
  if (/\.ini$/.test(file)) {
    fault('not-a-configuration', `"${file}" is no configuration of limbeck: that is YAML`, {
      hint:
        `\`limbeck init\` writes ${CONFIG_FILE}; \`limbeck import alembic ${file}\` brings Alembic's revisions`,
      exit: EXIT.usage,
    })
  }
  const source = await checked(full)
  const { own, others } = choose((source.data ?? {}) as ConfigFile, environment, file)
  const locate = (at: Path) => source.locate(at)
  const config: Config = {
    ...fill(others, io.env, locate),
    ...fill(own, io.env, locate, ['environments', environment ?? '']),
  }
  return {
    config,
    file,
    root: path.dirname(full),
    locate: ([key = '', ...rest]) =>
      locate(key in own ? ['environments', environment ?? '', key, ...rest] : [key, ...rest]),
  }
}

/** A configuration that is not read is worse than none: what it forbids would be done. */
function refuseOtherEnding(folder: string): void {
  const other = CONFIG_FILE.replace(/yaml$/, 'yml')
  if (!existsSync(path.join(folder, other))) return
  fault('not-a-configuration', `the configuration is called ${CONFIG_FILE}, not ${other}`, {
    hint: `rename it, or name it before the command: limbeck -c ${other} …`,
    exit: EXIT.usage,
  })
}

/** @throws all that is wrong with the file, at its places */
async function checked(file: string): Promise<Source> {
  const [{ readSource }, { loadValidator, wrong }, { stopAt }, { configShape }] = await Promise.all([
    import('../../revision/yaml/source.ts'),
    import('../../revision/shape/validator.ts'),
    import('../../revision/document.ts'),
    import('./shape.ts'),
  ])
  const [source] = await Promise.all([readSource(file), loadValidator()])
  stopAt(wrong(configShape as JsonSchema, source.data ?? {}), source.locate)
  return source
}

/** @param file the configuration, if there is one */
function noEnvironment(name: string, known: readonly string[], file?: string): never {
  const near = didYouMean(name, known) ?? known.find((one) => one.startsWith(name))
  const all = known.map((one) => `"${one}"`).join(', ')
  const has = known.length === 0 ? `has no \`environments:\`` : `has ${all}`
  return fault('no-such-environment', `there is no environment "${name}"`, {
    hint: file === undefined
      ? 'there is no limbeck.yaml here'
      : near === undefined
      ? `${file} ${has}`
      : `did you mean "${near}"?`,
    exit: EXIT.usage,
  })
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** Every text with `${VAR}` and `${VAR:-default}` replaced. @throws `no-such-variable` at its place */
function fill<T>(
  value: T,
  env: Invocation['io']['env'],
  locate: FoundConfig['locate'],
  at: Path = [],
): T {
  if (typeof value === 'string') {
    const filled = value.replace(VARIABLE, (_, name: string, fallback: string | undefined) => {
      const found = ownValue(env, name)
      if (found !== undefined && found !== '') return found
      return fallback ?? found ?? fault('no-such-variable', `the environment has no variable "${name}"`, {
        at: locate(at),
        hint: `set it, or write \${${name}:-default}`,
        exit: EXIT.usage,
      })
    })
    return filled as T
  }
  if (Array.isArray(value)) return value.map((one, i) => fill(one, env, locate, [...at, i])) as T
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, one]) => [key, fill(one, env, locate, [...at, key])])
    return Object.fromEntries(entries) as T
  }
  return value
}
