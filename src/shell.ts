/** Command lines of people: a hook, an editor, what prints models. A shell reads them, since they may have words and pipes. */
import { spawn } from 'node:child_process'

export interface ShellOptions {
  readonly cwd: string
  /** Absent: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Take what it writes, in whole characters; absent: it has the process's own streams, standard input too. */
  readonly heard?: { stdout(text: string): void; stderr(text: string): void }
}

/**
 * Runs a command line and waits for its end.
 * @param args what `"$@"` in it stands for
 * @returns how it ended, in words, if not well: `with exit code 3`, `by SIGTERM`
 */
export async function runShell(
  line: string,
  args: readonly string[],
  { cwd, env, heard }: ShellOptions,
): Promise<string | undefined> {
  const child = spawn('sh', ['-c', line, 'sh', ...args], {
    cwd,
    stdio: heard === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    ...(env === undefined ? {} : { env: { ...env } }),
  })
  if (heard !== undefined) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => heard.stdout(text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => heard.stderr(text))
  }
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once(
      'close',
      (code, signal) =>
        resolve(code === 0 ? undefined : code === null ? `by ${signal}` : `with exit code ${code}`),
    )
  })
}
