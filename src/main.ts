/** Arguments → command → exit code. This is the only file that may end the process. */
import process from 'node:process'
import { runCommandLine } from './cli/run.ts'
import { processIo } from './cli/io.ts'

process.exitCode = await runCommandLine(process.argv.slice(2), processIo((code) => process.exit(code)))
