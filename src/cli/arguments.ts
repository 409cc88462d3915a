/**
 * Arguments → the command, its arguments and options, by cac. Before cac sees them they are made unmistakable: cac's
 * parser takes `-1` for an option and `12e456789012` for a number, and Alembic's `-c` means one thing before the
 * command's name and another after `current`.
 */
import { cac } from 'cac'
import { didYouMean } from '../problem.ts'
import { COMMANDS, findCommand, GLOBAL_OPTIONS } from './commands.ts'
import type { CommandText } from './commands.ts'
import type { Options } from './command.ts'
import { checkCount, flagsOf, shownArgs, usage, usageLine } from './usage.ts'
import type { Flag } from './usage.ts'
import { commandOfOthers, optionOfOthers } from './other-words.ts'

/** Marks a value, so that cac takes it as it is. */
const GUARD = '\u0001'

export type Parsed =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly text: string; readonly asked: boolean }
  | {
    readonly kind: 'command'
    readonly command: CommandText
    readonly args: readonly string[]
    readonly options: Options
  }

/**
 * Reads a command line.
 * @param args without the program's name
 * @throws `usage` (exit code 2) for what cannot be understood, with a suggestion
 */
export function parseArguments(args: readonly string[], version: string): Parsed {
  const { before, name, after } = splitAtCommand(args)
  if (before.includes('--version')) return { kind: 'version' }
  if (name === 'help') return parseArguments([...after, '--help'], version)
  const command = name === undefined ? undefined : findCommand(name) ?? unknownCommand(name)
  const wantsHelp = [...before, ...after].some(asksForHelp)
  if (command === undefined) {
    // A wrong option is told even where there is no command that it could be of.
    spell(before.filter((arg) => !asksForHelp(arg)), flagsOf(GLOBAL_OPTIONS), '')
    return { kind: 'help', text: overview(version), asked: wantsHelp || before.length === 0 }
  }
  if (wantsHelp) return { kind: 'help', text: help(command), asked: true }
  const own = flagsOf([...GLOBAL_OPTIONS, ...command.options])
  const flags = flagsOf(GLOBAL_OPTIONS)
  const late = before.find((arg) => /^-\w$/.test(arg) && !flags.has(arg) && own.has(arg))
  if (late !== undefined) tooEarly(late, command)
  const explicit = [...spell(before, flags, ''), ...spell(after, own, command.name)]
  return parse(command, explicit)
}

function asksForHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h'
}

/** The first word that is no option, nor an option's value, is the command. */
function splitAtCommand(args: readonly string[]) {
  const flags = flagsOf(GLOBAL_OPTIONS)
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (!arg.startsWith('-')) return { before: args.slice(0, i), name: arg, after: args.slice(i + 1) }
    if (arg === '--version' || asksForHelp(arg)) continue
    const waiting = arg.startsWith('--') ? waitingLong(arg, flags) : waitingShort(arg, flags)
    if (waiting !== undefined && ++i === args.length) valueOf(waiting, [], flags, '')
  }
  return { before: args, name: undefined, after: [] }
}

/** The name of an option before the command, if its value is the next word. */
function waitingLong(arg: string, flags: ReadonlyMap<string, Flag>): string | undefined {
  const flag = flags.get(arg.replace(/=.*/, '')) ?? early(arg, flags)
  return flag.takesValue && !arg.includes('=') ? arg : undefined
}

/** The same of short ones that stand together: `-n` of `-qn`. What stands behind an option's letter is its value. */
function waitingShort(arg: string, flags: ReadonlyMap<string, Flag>): string | undefined {
  const names = [...arg.slice(1)].map((letter) => `-${letter}`)
  const first = names.findIndex((name) => flags.get(name)?.takesValue)
  return first >= 0 && first === names.length - 1 ? names[first] : undefined
}

/** An option before the command that is not one of every command's. */
function early(arg: string, flags: ReadonlyMap<string, Flag>): never {
  const name = arg.replace(/=.*/, '')
  const owners = COMMANDS.filter((one) => flagsOf(one.options).has(name))
  if (owners.length === 0) unknownOption(name, flags, '')
  return tooEarly(name, owners[0]!)
}

function tooEarly(option: string, { name }: CommandText): never {
  return usage(`the option ${option} stands before the command`, `write it after: limbeck ${name} ${option}`)
}

/** @throws `usage` (exit code 2), with the command that was meant */
export function unknownCommand(name: string): never {
  const near = didYouMean(
    name,
    COMMANDS.filter((one) => !one.hidden).flatMap((one) => [one.name, ...(one.aliases ?? [])]),
  )
  const other = commandOfOthers(name)
  return usage(
    `unknown command "${name}"`,
    other !== undefined
      ? `that is \`limbeck ${other}\` here`
      : near === undefined
      ? '`limbeck --help` lists them'
      : `did you mean "${near}"?`,
  )
}

/** Every option by its long name with its value behind `=`, every value guarded. */
function spell(args: readonly string[], flags: ReadonlyMap<string, Flag>, command: string): string[] {
  const spelled: string[] = []
  const rest = [...args]
  while (rest.length > 0) {
    const arg = rest.shift()!
    if (arg === '--') return [...spelled, ...rest.map((one) => GUARD + one)]
    if (!arg.startsWith('-') || /^-\d/.test(arg) || arg === '-') spelled.push(GUARD + arg)
    else if (arg.startsWith('--')) spelled.push(longOption(arg, rest, flags, command))
    else spelled.push(...shortOptions(arg, rest, flags, command))
  }
  return spelled
}

function longOption(arg: string, rest: string[], flags: ReadonlyMap<string, Flag>, command: string): string {
  const [name, ...value] = arg.split('=') as [string, ...string[]]
  const flag = flags.get(name) ?? unknownOption(name, flags, command)
  if (!flag.takesValue) {
    if (value.length > 0) usage(`the option ${name} takes no value`, helpOn(command))
    return optionText(flag)
  }
  return optionText(flag, value.length > 0 ? value.join('=') : valueOf(name, rest, flags, command))
}

/** `-v`, `-mtext`, `-vr -3:current`. */
function shortOptions(
  arg: string,
  rest: string[],
  flags: ReadonlyMap<string, Flag>,
  command: string,
): string[] {
  const options: string[] = []
  for (let i = 1; i < arg.length; i++) {
    const name = `-${arg[i]}`
    const flag = flags.get(name) ?? unknownOption(name, flags, command)
    if (flag.takesValue) {
      const attached = arg.slice(i + 1).replace(/^=/, '')
      return [...options, optionText(flag, attached === '' ? valueOf(name, rest, flags, command) : attached)]
    }
    options.push(optionText(flag))
  }
  return options
}

/** By the name that cac gives it: a flag with dashes in its name it would take for one with a value. */
function optionText(flag: Flag, value?: string): string {
  const dashes = flag.name.length === 1 ? '-' : '--'
  return `${dashes}${camel(flag.name)}${value === undefined ? '' : `=${GUARD}${value}`}`
}

/** Another option is no value: `--url --json` lacks one. */
function valueOf(name: string, rest: string[], flags: ReadonlyMap<string, Flag>, command: string): string {
  const value = flags.has(rest[0] ?? '') ? undefined : rest.shift()
  return value ?? usage(`the option ${name} needs a value`, helpOn(command))
}

function unknownOption(name: string, flags: ReadonlyMap<string, Flag>, command: string): never {
  const known = [...flags.keys(), '--help', ...(command === '' ? ['--version'] : [])]
  const near = meant(name, known)
  return usage(`unknown option ${name}`, near === undefined ? helpOn(command) : `did you mean ${near}?`)
}

function meant(name: string, known: readonly string[]): string | undefined {
  const other = /^-v$/i.test(name) ? '--version' : optionOfOthers(name)
  if (other !== undefined && known.includes(other)) return other
  const begun = known.filter((one) => one.startsWith(name))
  if (begun.length === 1) return begun[0]
  return name.length > 2 ? didYouMean(name, known) : undefined
}

function helpOn(command: string): string {
  return `see \`${['limbeck', command, '--help'].filter((word) => word !== '').join(' ')}\``
}

function program(commands: readonly CommandText[]) {
  const cli = cac('limbeck')
  for (const one of commands) {
    const command = cli.command(`${one.name} ${one.args}`.trim(), one.description)
    for (const [flags, description] of [...one.options, ...GLOBAL_OPTIONS]) {
      const taken = one.options.some(([text]) => text.startsWith(flags.slice(0, 3)) && text !== flags)
      command.option(taken ? flags.replace(/^-\w, /, '') : flags, description)
    }
    command.action(() => {})
  }
  return cli
}

function parse(command: CommandText, explicit: readonly string[]): Parsed {
  const cli = program([command])
  const { args, options } = cli.parse(['node', 'limbeck', command.name, ...explicit], { run: false })
  const given = args.map(unguard)
  checkCount(command, given)
  const texts = (name: string) => [options[camel(name)] ?? []].flat().map((one) => unguard(String(one)))
  return {
    kind: 'command',
    command,
    args: given,
    options: {
      text: (name) => texts(name).at(-1),
      texts,
      flag: (name) => options[camel(name)] === true || Array.isArray(options[camel(name)]),
    },
  }
}

function unguard(text: string): string {
  return text.startsWith(GUARD) ? text.slice(1) : text
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}

function help(command: CommandText): string {
  const sections = [
    `${command.description}.`,
    `Usage:\n  ${usageLine(command)} [options]`,
    ...(command.sections ?? []).map(([title, rows]) => `${title}:\n${table(rows)}`),
    ...(command.options.length === 0 ? [] : [`Options:\n${table(command.options)}`]),
    `Options of every command:\n${table(GLOBAL_OPTIONS)}`,
    `Examples:\n${command.examples.map((one) => `  ${one}`).join('\n')}`,
  ]
  return `${sections.join('\n\n')}\n`
}

function overview(version: string): string {
  const commands = COMMANDS.filter((one) => !one.hidden).map((one) =>
    [`${one.name} ${shownArgs(one.args)}`.trim(), one.description] as const
  )
  const sections = [
    `limbeck ${version}: database migrations as data, for PostgreSQL and SQLite`,
    `Usage:\n  limbeck <command> [options]`,
    `Commands:\n${table(commands)}`,
    `Options of every command:\n${
      table([...GLOBAL_OPTIONS, ['--version', 'The version'], ['-h, --help', 'Help on a command']])
    }`,
    '`limbeck <command> --help` shows its options and examples.',
  ]
  return `${sections.join('\n\n')}\n`
}
