/** Progress on standard error: a line a revision with its time; on a terminal a bar when there are many. */
import type { Reporter, RowsChanged } from '../../run/session/session.ts'
import type { Options } from '../command.ts'
import type { Io } from '../io.ts'
import { near, painter, printWarning } from './print.ts'

/** From how many revisions a terminal gets a bar instead of lines. */
const MANY = 25

/** Between two lines on rows that are changed, where nothing can be written over: milliseconds. */
const ROWS_EVERY = 10_000

/** `12,345`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `backfill a in t: 12,000 of 20,000 rows, 3.0 s left`. */
function rowsText({ what, rows, total, left }: RowsChanged): string {
  if (left === 0) return `${what}: ${rows === 1 ? '1 row' : `${grouped(rows)} rows`}`
  return `${what}: ${grouped(rows)} of ${grouped(Math.max(rows, total))} rows, ${duration(left)} left`
}

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

/** A line of the terminal that the next one takes the place of. */
function passingLine(io: Io) {
  let there = false
  const clear = () => {
    if (there) io.stderr('\r\u001b[2K')
    there = false
  }
  const show = (text: string) => {
    clear()
    io.stderr(`${`  ${text}`.slice(0, io.width - 3)} …`)
    there = true
  }
  return { clear, show }
}

/** Tells of rows: on a terminal all the time, elsewhere now and then, and in the end. */
function rowsTeller(io: Io, { clear, show }: ReturnType<typeof passingLine>) {
  let told = performance.now()
  return (changed: RowsChanged) => {
    const now = performance.now()
    if (changed.left > 0 && io.stderrIsTerminal) return show(rowsText(changed))
    if (changed.left > 0 && now - told < ROWS_EVERY) return
    told = now
    clear()
    io.stderr(`  ${rowsText(changed)}\n`)
  }
}

/** The reporter of the command line; with `--quiet` it only warns. */
export async function progress(io: Io, options: Options): Promise<Reporter> {
  const quiet = options.flag('quiet')
  const { stderrIsTerminal } = io
  const paint = painter(io, stderrIsTerminal)
  const makeBar = stderrIsTerminal && !quiet ? await barMaker() : undefined
  let bar: Bar | undefined
  const passing = passingLine(io)
  const { clear } = passing
  const tellRows = rowsTeller(io, passing)
  return {
    begin(total) {
      if (total >= MANY) bar = makeBar?.(total)
    },
    start(line) {
      if (!quiet && bar === undefined && stderrIsTerminal) passing.show(line)
    },
    rows(changed) {
      if (!quiet && bar === undefined) tellRows(changed)
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
    waiting(line) {
      clear()
      if (!quiet) io.stderr(`${paint('yellow', '…')} ${near(line, io.cwd)}\n`)
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
