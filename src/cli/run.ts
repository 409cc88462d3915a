/** One command line, from its arguments to its exit code: the entry point that `main.ts`, `mod.ts` and tests share. */
import { EXIT, fault } from '../problem.ts'
import type { ExitCode } from '../problem.ts'
import { VERSION } from '../version.ts'
import { parseArguments } from './arguments.ts'
import type { Io } from './io.ts'
import { printFailure, printJson } from './output/print.ts'

/**
 * Runs a command line.
 * @param args without the program's name
 * @returns the exit code; every error was shown
 */
export async function runCommandLine(args: readonly string[], io: Io): Promise<ExitCode> {
  const debug = (io.env.LIMBECK_DEBUG ?? '') !== '' && io.env.LIMBECK_DEBUG !== '0'
  const show = { json: args.includes('--json'), stack: debug || args.includes('--raiseerr') }
  try {
    const parsed = parseArguments(args, VERSION)
    switch (parsed.kind) {
      case 'version':
        if (show.json) printJson(io, { version: VERSION })
        else io.stdout(`limbeck ${VERSION}\n`)
        return EXIT.done
      case 'help':
        // Help is for people; that there is no command, programs hear as they hear of every mistake.
        if (show.json && !parsed.asked) {
          fault('usage', 'there is no command', { hint: '`limbeck --help` lists them', exit: EXIT.usage })
        }
        io[parsed.asked ? 'stdout' : 'stderr'](parsed.text)
        return parsed.asked ? EXIT.done : EXIT.usage
      case 'command': {
        const { command } = await parsed.command.load()
        return await command({ args: parsed.args, options: parsed.options, io })
      }
    }
  } catch (error) {
    return printFailure(io, error, show)
  }
}
