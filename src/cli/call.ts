/** A command called by a program: its options as data in, what `--json` prints as data out. */
import path from 'node:path'
import process from 'node:process'
import { didYouMean, EXIT, fault } from '../problem.ts'
import { GLOBAL_OPTIONS } from './commands.ts'
import type { CommandText } from './commands.ts'
import type { GivenConfig, Options } from './command.ts'
import type { Io } from './io.ts'

/** Where a program's call starts from. */
export interface Call {
  readonly args?: readonly string[]
  /** Options by their long names, as on the command line; one that is undefined was not given. */
  readonly options?: Readonly<Record<string, string | readonly string[] | boolean | undefined>>
  readonly given?: GivenConfig
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** Takes the messages, progress and warnings that the command line writes to standard error. */
  readonly log?: (text: string) => void
  readonly signal?: AbortSignal | undefined
}

function optionsOf(given: Call['options'] = {}): Options {
  const texts = (name: string) => {
    const value = given[name]
    if (value === undefined || typeof value === 'boolean') return []
    return typeof value === 'string' ? [value] : value
  }
  return {
    text: (name) => texts(name).at(-1),
    texts,
    flag: (name) => name === 'json' || given[name] === true,
  }
}

/** @throws `usage` for an option that the command does not take */
function checkNames({ name, options }: CommandText, given: Call['options'] = {}): void {
  const known = [...options, ...GLOBAL_OPTIONS].map(([flags]) => /(\w[\w-]*)(?: <.*)?$/.exec(flags)![1]!)
  const unknown = Object.keys(given).find((one) => given[one] !== undefined && !known.includes(one))
  if (unknown === undefined) return
  const near = didYouMean(unknown, known)
  fault('usage', `${name} has no option "${unknown}"`, {
    hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`,
    exit: EXIT.usage,
  })
}

/**
 * Runs a command.
 * @returns the document that it prints with `--json`; undefined when it prints none
 * @throws what the command throws
 */
export async function call(
  text: CommandText,
  { args = [], options, given, ...world }: Call,
): Promise<unknown> {
  checkNames(text, options)
  let printed = ''
  const io: Io = {
    stdout: (text) => void (printed += text),
    stderr: world.log ?? (() => {}),
    env: world.env ?? process.env,
    cwd: path.resolve(world.cwd ?? '.'),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    width: 80,
    ...(world.signal === undefined ? {} : { signal: world.signal }),
  }
  const { command } = await text.load()
  await command({ args, options: optionsOf(options), io, ...(given === undefined ? {} : { given }) })
  return printed === '' ? undefined : JSON.parse(printed)
}
