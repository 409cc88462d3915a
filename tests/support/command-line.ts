/** The command line as a user types it, run in this process: what it wrote, and its exit code. */
import { runCommandLine } from '../../src/cli/run.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs `limbeck` with these arguments. Standard output and error are no terminals. */
export async function limbeck(args: readonly string[], { cwd, env = {} }: Surroundings): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const code = await runCommandLine(args, {
    stdout: (text) => stdout += text,
    stderr: (text) => stderr += text,
    env,
    cwd,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    width: 80,
  })
  return { code, stdout, stderr }
}
