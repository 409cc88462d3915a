import { didYouMean, EXIT, fault } from '../../problem.ts'
import type { Command } from '../command.ts'
import { BASH, FISH, ZSH } from '../completion/scripts.ts'
import { printJson } from '../output/print.ts'

const SCRIPTS: ReadonlyMap<string, string> = new Map([['bash', BASH], ['zsh', ZSH], ['fish', FISH]])

/** `limbeck completion <shell>`: prints the script that makes the shell complete commands of limbeck. */
export const command: Command = ({ args, io, options }) => {
  const shell = args[0]!
  const script = SCRIPTS.get(shell) ?? unknown(shell)
  if (options.flag('json')) printJson(io, { shell, script })
  else io.stdout(script)
  return Promise.resolve(EXIT.done)
}

function unknown(shell: string): never {
  const near = didYouMean(shell, SCRIPTS.keys())
  return fault('unknown-shell', `there is no completion for "${shell}"`, {
    hint: near === undefined ? 'there is one for bash, zsh and fish' : `did you mean "${near}"?`,
    exit: EXIT.usage,
  })
}
