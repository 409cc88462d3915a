/** The program as a process of its own: started, told signals, watched. */
import assert from 'node:assert/strict'
import { built } from '../../scripts/build.ts'

/** What users start; of twenty processes each would else spend a second on reading its own source. */
const LIMBECK = await built('executable')

export interface Ended {
  /** 128 and the number of the signal for one that a signal ended, as a shell tells it. */
  readonly code: number
  readonly signal: Deno.Signal | null
  readonly stderr: string
}

export interface Program {
  /** Waits until standard error holds that. */
  says(text: RegExp): Promise<void>
  kill(signal: Deno.Signal): void
  readonly ended: Promise<Ended>
}

/** Starts `limbeck` with these arguments. */
export function start(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Program {
  const child = new Deno.Command(LIMBECK, {
    args: [...args],
    cwd,
    env,
    stdout: 'null',
    stderr: 'piped',
  }).spawn()
  let stderr = ''
  let over = false
  const waiting: (() => void)[] = []
  const wake = () => waiting.splice(0).forEach((one) => one())
  const read = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += text
      wake()
    }
    over = true
    wake()
  })()
  return {
    async says(text) {
      while (!text.test(stderr)) {
        assert(!over, `it never said ${text}:\n${stderr}`)
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    kill(signal) {
      try {
        child.kill(signal)
      } catch (error) {
        // It has ended by itself.
        if (!(error instanceof TypeError)) throw error
      }
    },
    ended: (async () => {
      const { code, signal } = await child.status
      await read
      return { code, signal, stderr }
    })(),
  }
}
