/** What the last word of an unfinished command line can become. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { COMMANDS, findCommand, GLOBAL_OPTIONS } from '../commands.ts'
import type { CommandText, OptionText } from '../commands.ts'
import type { Invocation, Options } from '../command.ts'

export interface Candidate {
  readonly word: string
  /** One line. */
  readonly meaning: string
}

/** Options with a few words for values; what others take is told by the name of their value. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  '--dialect': ['postgres', 'sqlite'],
  '--format': ['yaml', 'json', 'sql', 'mermaid', 'svg'],
  '--resume': ['retry', 'skip'],
  '--transaction': ['per_revision', 'all'],
}

/** The names that stand for revisions where not all of them make sense. */
const RELATIVE: Readonly<Record<string, readonly string[]>> = {
  upgrade: ['head', 'heads', '+1'],
  downgrade: ['-1', 'base'],
  stamp: ['head', 'heads', 'base'],
  merge: ['heads'],
}
const NAMES = ['head', 'heads', 'base', 'current']

/** The command line as far as it is typed. */
interface Typed {
  readonly command: CommandText | undefined
  /** A command was typed that there is not. */
  readonly unknown: boolean
  /** The option whose value comes next, by its text in `commands.ts`. */
  readonly pending: OptionText | undefined
  /** How many arguments the command has. */
  readonly count: number
  /** Whether `--` came: no options follow. */
  readonly ended: boolean
  /** The values of options, by long name. */
  readonly values: ReadonlyMap<string, string>
}

const namesOf = ([text]: OptionText) => text.replace(/<.*/, '').split(',').map((name) => name.trim())
const longName = (option: OptionText) => namesOf(option).at(-1)!

function optionNamed(name: string, command: CommandText | undefined): OptionText | undefined {
  const options = [...(command?.options ?? []), ...GLOBAL_OPTIONS]
  const short = /^-[a-z]+$/i.test(name) ? `-${name.at(-1)}` : name
  return options.find((option) => namesOf(option).includes(short))
}

function readTyped(words: readonly string[]): Typed {
  let command: CommandText | undefined
  let pending: OptionText | undefined
  let [count, ended, unknown] = [0, false, false]
  const values = new Map<string, string>()
  for (const word of words) {
    if (pending !== undefined) {
      values.set(longName(pending), word)
      pending = undefined
    } else if (ended || !word.startsWith('-') || /^-\d/.test(word)) {
      if (command !== undefined) count++
      else command = findCommand(word)
      unknown ||= command === undefined
    } else if (word === '--') ended = true
    else {
      const [name = '', ...value] = word.split('=')
      const option = optionNamed(name, command)
      if (option === undefined || !option[0].includes('<')) continue
      if (value.length > 0) values.set(longName(option), value.join('='))
      else pending = option
    }
  }
  return { command, unknown, pending, count, ended, values }
}

/**
 * What the last word can become.
 * @param words those after the program's name, up to the cursor; the last is the one that is typed, or empty
 * @throws what is wrong with the configuration or the headers of the revisions, where they are asked for
 */
export async function candidates(invocation: Invocation, words: readonly string[]): Promise<Candidate[]> {
  const word = words.at(-1) ?? ''
  const typed = readTyped(words.slice(0, -1))
  const found = await possible(invocation, typed, word)
  return found.filter((one) => one.word.startsWith(word) || one.word.startsWith(':'))
}

async function possible(invocation: Invocation, typed: Typed, word: string): Promise<Candidate[]> {
  const { command, unknown, pending, count, ended } = typed
  if (unknown) return []
  if (pending !== undefined) return await valuesOf(invocation, typed, pending, word)
  const isOption = !ended && /^-(?!\d)/.test(word)
  if (isOption && word.includes('=')) {
    const [name = '', ...rest] = word.split('=')
    const option = optionNamed(name, command)
    if (option === undefined) return []
    const found = await valuesOf(invocation, typed, option, rest.join('='))
    return found.map((one) => one.word.startsWith(':') ? one : { ...one, word: `${name}=${one.word}` })
  }
  if (isOption) return optionsOf(command, word)
  if (command === undefined) {
    const shown = COMMANDS.filter((one) => !one.hidden)
    return shown.map(({ name, description }) => ({ word: name, meaning: description }))
  }
  return await argumentsOf(invocation, typed, command, count, word)
}

/** Short spellings only after a single dash: the long ones say what they mean. */
function optionsOf(command: CommandText | undefined, word: string): Candidate[] {
  const own = command === undefined ? [['--version', 'The version'] as const] : command.options
  const all: readonly OptionText[] = [...own, ...GLOBAL_OPTIONS, ['--help', 'Help on a command']]
  return all.flatMap((option) => {
    const names = namesOf(option).filter((name) => word === '-' || name.startsWith('--'))
    return names.slice(-1).map((name) => ({ word: name, meaning: option[1] }))
  })
}

async function valuesOf(
  invocation: Invocation,
  typed: Typed,
  option: OptionText,
  word: string,
): Promise<Candidate[]> {
  const words = WORDS[longName(option)]
  if (words !== undefined) return words.map(plain)
  const kind = /<([\w-]+)>/.exec(option[0])?.[1] ?? ''
  return await ofKind(invocation, typed, kind, word)
}

async function argumentsOf(
  invocation: Invocation,
  typed: Typed,
  { args }: CommandText,
  count: number,
  word: string,
): Promise<Candidate[]> {
  const kinds = [...args.matchAll(/[<[](\.{3})?([\w-]+)[>\]]/g)].map(([, dots, name = '']) => ({
    dots,
    name,
  }))
  const last = kinds.at(-1)
  const here = kinds[count] ?? (last?.dots === undefined ? undefined : last)
  return here === undefined ? [] : await ofKind(invocation, typed, here.name.replace(/s$/, ''), word)
}

/** What the name of an argument or of an option's value stands for. */
async function ofKind(
  invocation: Invocation,
  typed: Typed,
  kind: string,
  word: string,
): Promise<Candidate[]> {
  switch (kind) {
    case 'revision':
    case 'range':
      return await revisionsOf(invocation, typed, word)
    case 'environment':
      return await environments(invocation, typed)
    case 'operation': {
      const { DEFINITIONS } = await import('../../ops/index.ts')
      return DEFINITIONS.map((one) => ({ word: one.kind, meaning: one.summary }))
    }
    case 'shell':
      return ['bash', 'zsh', 'fish'].map(plain)
    case 'file':
      return [plain(':file')]
    case 'folder':
    case 'directory':
      return [plain(':folder')]
  }
  // `[accept]`: the word itself; anything else is a value that nobody can guess.
  return typed.pending === undefined && typed.command?.args.includes(`[${kind}]`) ? [plain(kind)] : []
}

function plain(word: string): Candidate {
  return { word, meaning: '' }
}

/** Ids with what they do, labels, names; behind a colon again, for ranges. Of the revision files only the heads are read. */
async function revisionsOf(invocation: Invocation, typed: Typed, word: string): Promise<Candidate[]> {
  const { readConfig } = await import('../config/config.ts')
  const { config, root } = await readConfig({ ...invocation, options: typedOptions(typed) })
  const folders = [config.revisions ?? 'revisions'].flat().map((one) => path.resolve(root, one))
  const { readHeaders } = await import('../../revision/header/headers.ts')
  const nodes = await readHeaders(folders, { recursive: config.recursive ?? false })
  const labels = new Set(nodes.flatMap((node) => node.labels))
  const all: Candidate[] = [
    ...(RELATIVE[typed.command?.name ?? ''] ?? NAMES).map(plain),
    ...[...labels].sort().flatMap((label) => [plain(label), plain(`${label}@head`)]),
    ...nodes.map(({ id, message }) => ({ word: id, meaning: message.split('\n')[0]!.replaceAll('\t', ' ') })),
  ]
  const range = word.slice(0, word.lastIndexOf(':') + 1)
  return all.map((one) => ({ ...one, word: range + one.word }))
}

async function environments({ io }: Invocation, typed: Typed): Promise<Candidate[]> {
  const [{ CONFIG_FILE, namedFile }, { readSource }] = await Promise.all([
    import('../config/config.ts'),
    import('../../revision/yaml/source.ts'),
  ])
  const file = namedFile({ io, options: typedOptions(typed) }) ?? CONFIG_FILE
  if (!existsSync(path.resolve(io.cwd, file))) return []
  const { data } = await readSource(path.resolve(io.cwd, file))
  const named = (data as { readonly environments?: object } | null)?.environments ?? {}
  return Object.keys(named).map(plain)
}

/** The options that say where the configuration is. */
function typedOptions({ values }: Typed): Options {
  return {
    text: (name) => values.get(`--${name}`),
    texts: (name) => [values.get(`--${name}`)].filter((one) => one !== undefined),
    flag: () => false,
  }
}
