/** Running commands as whole processes: how long they take, and how much memory. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** One command to measure. */
export interface Contestant {
  /** What the table calls it. */
  readonly name: string
  readonly command: readonly string[]
  /** Where it runs. */
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Before every run, and not measured: an empty database, a removed file. */
  prepare?(): void | Promise<void>
}

/** What several runs of one command took. */
export interface Measured {
  readonly name: string
  /** Wall-clock seconds, a figure a run. */
  readonly seconds: readonly number[]
  /** Processor seconds, its own and the system's; undefined where they cannot be measured. */
  readonly cpu?: readonly number[]
  /** The largest resident set of all runs in MB; undefined where it cannot be measured. */
  readonly megabytes?: number
  /** What the command said last when it failed; then its figures mean nothing. */
  readonly failure?: string
}

/** GNU time reports on the process that it starts (manual page time(1)): `%M` kilobytes, `%U` and `%S` seconds. */
const GNU_TIME = spawnSync('/usr/bin/time', ['-f', '%M', 'true']).status === 0

/**
 * Runs all of them in turn, A B C A B C…, so that a machine whose speed drifts is fair to all; one more turn comes
 * first and is not counted.
 * @param folder for temporary files
 */
export async function measure(
  contestants: readonly Contestant[],
  runs: number,
  folder: string,
): Promise<Measured[]> {
  const counted = contestants.map((): Run[] => [])
  const failures = new Map<number, string>()
  for (let turn = 0; turn <= runs; turn++) {
    for (const [i, contestant] of contestants.entries()) {
      if (failures.has(i)) continue
      await contestant.prepare?.()
      const one = runOnce(contestant, folder)
      if (one.failure !== undefined) failures.set(i, one.failure)
      else if (turn > 0) counted[i]!.push(one)
    }
  }
  return contestants.map(({ name }, i): Measured => {
    const all = counted[i]!
    return {
      name,
      seconds: all.map((one) => one.seconds),
      ...(GNU_TIME
        ? { cpu: all.map((one) => one.cpu), megabytes: Math.max(...all.map((one) => one.megabytes)) }
        : {}),
      ...(failures.has(i) ? { failure: failures.get(i)! } : {}),
    }
  })
}

interface Run {
  readonly seconds: number
  readonly cpu: number
  readonly megabytes: number
  readonly failure?: string
}

function runOnce(contestant: Contestant, folder: string): Run {
  const report = join(folder, 'time')
  const timed = GNU_TIME ? ['/usr/bin/time', '-q', '-f', '%M %U %S', '-o', report] : []
  const [file = '', ...args] = [...timed, ...contestant.command]
  const started = performance.now()
  const { status, error, stderr } = spawnSync(file, args, {
    cwd: contestant.cwd,
    env: { ...environment(), ...contestant.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  const seconds = (performance.now() - started) / 1000
  const [kilobytes = 0, user = 0, system = 0] = GNU_TIME
    ? fs.readFileSync(report, 'utf8').trim().split(' ').map(Number)
    : []
  const said = (stderr ?? '').trim().split('\n').at(-1) ?? ''
  return {
    seconds,
    cpu: user + system,
    megabytes: kilobytes / 1024,
    ...(status === 0 ? {} : { failure: error?.message ?? (said === '' ? `exit code ${status}` : said) }),
  }
}

/** Ours without what would name a database. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/DATABASE_URL$|^LIMBECK_|^PG/.test(name))
  return Object.fromEntries(kept)
}

/** The middle one of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
