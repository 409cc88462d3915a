import { EXIT } from '../../problem.ts'
import type { Command } from '../command.ts'
import { candidates } from '../completion/words.ts'
import { printJson } from '../output/print.ts'

/**
 * `limbeck complete -- <words>`, which the scripts of `limbeck completion` call: what the last word can become, a line
 * each with its meaning after a tab. `:file` and `:folder` stand for the shell's own completion of those. What goes wrong
 * on the way goes to standard error, which the scripts do not show.
 */
export const command: Command = async (invocation) => {
  const { io, options, args } = invocation
  const found = await candidates(invocation, args)
  if (options.flag('json')) printJson(io, found)
  else io.stdout(found.map(({ word, meaning }) => `${word}\t${meaning}\n`).join(''))
  return EXIT.done
}
