/** limbeck.yaml: found, read, checked against its shape, its `${VAR}` filled in, its environment chosen. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { didYouMean, EXIT, fault } from '../problem.ts'
import type { Path, Span } from '../problem.ts'
import type { Source } from '../revision/yaml/source.ts'
import type { Invocation } from './command.ts'
import type { ConfigFile } from './config-shape.ts'

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
 * The configuration: the file named by `-c` or LIMBECK_CONFIG, else limbeck.yaml in the working directory, else
 * nothing.
 * @throws problems at file:line:col, all of them; `no-such-environment` (exit code 2)
 */
export async function readConfig({ options, io }: Invocation): Promise<FoundConfig> {
  const named = options.text('config') ?? io.env.LIMBECK_CONFIG
  const environment = options.text('name')
  const file = named ?? CONFIG_FILE
  const full = path.resolve(io.cwd, file)
  if (named === undefined && !existsSync(full)) {
    if (environment !== undefined) noEnvironment(environment, [], 'there is no limbeck.yaml here')
    return { config: {}, file: undefined, root: io.cwd, locate: () => undefined }
  }
  const source = await checked(full)
  const whole = (source.data ?? {}) as ConfigFile
  const { environments, ...own } = whole
  const chosen = environment === undefined ? {} : environments?.[environment] ??
    noEnvironment(environment, Object.keys(environments ?? {}), `${file} has no environment of that name`)
  const locate = (at: Path) => source.locate(at)
  const others = Object.fromEntries(Object.entries(own).filter(([key]) => !(key in chosen))) as Config
  const config: Config = {
    ...fill(others, io.env, locate),
    ...fill(chosen, io.env, locate, ['environments', environment ?? '']),
  }
  return {
    config,
    file,
    root: path.dirname(full),
    locate: ([key = '', ...rest]) =>
      locate(key in chosen ? ['environments', environment ?? '', key, ...rest] : [key, ...rest]),
  }
}

/** @throws all that is wrong with the file, at its places */
async function checked(file: string): Promise<Source> {
  const [{ readSource }, { loadValidator, wrong }, { stopAt }, { configSchema }] = await Promise.all([
    import('../revision/yaml/source.ts'),
    import('../revision/shape/validator.ts'),
    import('../revision/document.ts'),
    import('./config-schema.ts'),
  ])
  const [source] = await Promise.all([readSource(file), loadValidator()])
  stopAt(wrong(configSchema(), source.data ?? {}), source.locate)
  return source
}

function noEnvironment(name: string, known: readonly string[], hint: string): never {
  const near = didYouMean(name, known)
  return fault('no-such-environment', `there is no environment "${name}"`, {
    hint: near === undefined ? hint : `did you mean "${near}"?`,
    exit: EXIT.usage,
  })
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** Every text with `${VAR}` and `${VAR:-default}` replaced. @throws `no-such-variable` at its place */
function fill<T>(value: T, env: Invocation['io']['env'], locate: (path: Path) => Span, at: Path = []): T {
  if (typeof value === 'string') {
    const filled = value.replace(VARIABLE, (_, name: string, fallback: string | undefined) => {
      const found = env[name]
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
