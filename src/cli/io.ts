/** What a command sees of the world: so that tests and programs can run commands without a process. */
import process from 'node:process'

export interface Io {
  /** Results; nothing else. */
  stdout(text: string): void
  /** Messages, progress, warnings, errors. */
  stderr(text: string): void
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working directory: where relative paths start. */
  readonly cwd: string
  readonly stdoutIsTerminal: boolean
  readonly stderrIsTerminal: boolean
  /** Columns of the terminal. */
  readonly width: number
  /** Asks the person at the terminal, and gives the line that was typed; absent when nobody is there. */
  ask?(question: string): Promise<string>
}

/** The process's own streams and environment. */
export function processIo(): Io {
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    stdoutIsTerminal: process.stdout.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    width: process.stderr.columns ?? 80,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  }
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}
