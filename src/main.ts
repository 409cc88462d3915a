/** Arguments → command → exit code. This is the only file that ends the process. */
import process from 'node:process'
import { EXIT } from './problem.ts'
import { runCommandLine } from './cli/run.ts'
import { processIo } from './cli/io.ts'

// `limbeck history | head -1` ends quietly when head has seen enough.
const io = processIo(() => process.exit(EXIT.done))

process.exitCode = await runCommandLine(process.argv.slice(2), io)
