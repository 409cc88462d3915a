/** What a command takes, from its text: the same for the command line and for programs. */
import { EXIT, fault } from '../problem.ts'
import type { CommandText, OptionText } from './command-text.ts'

/** An option, read from how cac writes it. */
export interface Flag {
  /** The long name, or the letter of an option that has only one. */
  readonly name: string
  readonly takesValue: boolean
}

/** Options by each of their names, dashes included. */
export function flagsOf(options: readonly OptionText[]): Map<string, Flag> {
  const flags = new Map<string, Flag>()
  for (const [text] of options) {
    const names = text.replace(/<.*/, '').split(',').map((part) => part.trim())
    const flag = { name: names.at(-1)!.replace(/^-+/, ''), takesValue: text.includes('<') }
    names.forEach((name) => flags.set(name, flag))
  }
  return flags
}

/** Stops with exit code 2. */
export function usage(message: string, hint: string): never {
  return fault('usage', message, { hint, exit: EXIT.usage })
}

/** @throws `usage` for arguments that are missing, or too many */
export function checkCount(command: CommandText, args: readonly string[]): void {
  const needed = command.args.includes('<') ? 1 : 0
  const most = command.args.includes('...') ? Infinity : command.args === '' ? 0 : 1
  const shown = usageLine(command)
  if (args.length < needed) {
    const what = /[<[]\.*(\w+)/.exec(command.args)![1]
    usage(`${command.name} needs ${needed === most ? `a ${what}` : what}`, `usage: ${shown}`)
  }
  if (args.length <= most) return
  const hides = command.options.find(([text]) => text.startsWith('-c, '))
  if (hides !== undefined && /\.ya?ml$/.test(args[most]!)) {
    const { name } = flagsOf([hides]).get('-c')!
    usage(
      `-c is --${name} here`,
      `the configuration is named before: limbeck -c ${args[most]} ${command.name}`,
    )
  }
  const message = flagsOf(command.options).has('--message') && most === 0
  usage(`unexpected argument "${args[most]}"`, message ? `a message comes after -m` : `usage: ${shown}`)
}

/** `limbeck stamp <revision>...`: cac writes the dots first, people and manuals last. */
export function usageLine({ name, args }: CommandText): string {
  return ['limbeck', name, shownArgs(args)].filter((word) => word !== '').join(' ')
}

/** The arguments of a command as manuals write them. */
export function shownArgs(args: string): string {
  return args.replace(/<\.\.\.(\w+)s>/, '<$1>...').replace(/\[\.\.\.(\w+)s\]/, '[$1]...')
}
