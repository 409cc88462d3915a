/** Progress on standard error: a line a revision with its time; on a terminal a bar when there are many. */
import type { Reporter } from '../run/session.ts'
import type { Options } from './command.ts'
import type { Io } from './io.ts'
import { painter, printWarning } from './print.ts'

/** From how many revisions a terminal gets a bar instead of lines. */
const MANY = 25

/** `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round(milliseconds % 60_000 / 1000)} s`
}

interface Bar {
  step(line: string): void
  stop(): void
}

/** The reporter of the command line; with `--quiet` it only warns. */
export async function progress(io: Io, options: Options): Promise<Reporter> {
  const quiet = options.flag('quiet')
  const paint = painter(io, io.stderrIsTerminal)
  const makeBar = io.stderrIsTerminal && !quiet ? await barMaker() : undefined
  let bar: Bar | undefined
  let running = false
  const clear = () => {
    if (running) io.stderr('\r\u001b[2K')
    running = false
  }
  return {
    begin(total) {
      if (total >= MANY) bar = makeBar?.(total)
    },
    start(line) {
      if (quiet || bar !== undefined || !io.stderrIsTerminal) return
      io.stderr(`${`  ${line}`.slice(0, io.width - 3)} …`)
      running = true
    },
    done(line, milliseconds) {
      if (bar !== undefined) return bar.step(line)
      clear()
      if (!quiet) io.stderr(`${paint('green', '✓')} ${line} ${paint('dim', `(${duration(milliseconds)})`)}\n`)
    },
    end() {
      clear()
      bar?.stop()
      bar = undefined
    },
    warn(problem) {
      clear()
      printWarning(io, options, problem)
    },
  }
}

/** The bar is cli-progress's; it writes to the process's own standard error. */
async function barMaker(): Promise<(total: number) => Bar> {
  const { default: cliProgress } = await import('cli-progress')
  return (total) => {
    const bar = new cliProgress.SingleBar({
      format: '{bar} {value}/{total} {line}',
      barsize: 24,
      hideCursor: false,
      clearOnComplete: false,
      linewrap: false,
    }, cliProgress.Presets.shades_classic)
    bar.start(total, 0, { line: '' })
    return {
      step: (line) => bar.increment({ line }),
      stop: () => bar.stop(),
    }
  }
}
