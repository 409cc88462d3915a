/** A command called by a program: its options as data in, what `--json` prints as data out. */
import path from 'node:path'
import process from 'node:process'
import { didYouMean } from '../problem.ts'
import { GLOBAL_OPTIONS } from './commands.ts'
import type { CommandText } from './commands.ts'
import type { GivenConfig, Options } from './command.ts'
import type { Io } from './io.ts'
import { checkCount, flagsOf, usage } from './usage.ts'

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

/** @throws `usage` for an option that the command does not take, or not so */
function checkOptions({ name, options }: CommandText, given: Call['options'] = {}): void {
  const flags = new Map([...flagsOf([...options, ...GLOBAL_OPTIONS]).values()].map((one) => [one.name, one]))
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined) continue
    const { takesValue } = flags.get(option) ?? unknownOption(name, option, [...flags.keys()])
    const texts: readonly unknown[] = [value].flat()
    if (takesValue ? texts.every((one) => typeof one === 'string') : typeof value === 'boolean') continue
    usage(
      `the option "${option}" is ${takesValue ? 'text, or a list of texts' : 'true or false'}`,
      `\`limbeck ${name} --help\` says what it means`,
    )
  }
}

function unknownOption(command: string, option: string, known: readonly string[]): never {
  const near = didYouMean(option, known)
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`
  return usage(`${command} has no option "${option}"`, hint)
}

/**
 * Runs a command.
 * @returns the document that it prints with `--json`; undefined when it prints none
 * @throws `usage` for arguments and options that it does not take; what the command throws
 */
export async function call(
  text: CommandText,
  { args = [], options, given, ...world }: Call,
): Promise<unknown> {
  checkOptions(text, options)
  checkCount(text, args)
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
