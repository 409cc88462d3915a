/** Waiting for a migration lock that somebody else has. */
import { pause } from '../stop.ts'
import type { LockOptions } from './dialect.ts'

/** Between two attempts, in milliseconds: from the first on it grows by half each time. */
const PAUSE = { first: 25, longest: 1000 }

/** Between two lines on who has the lock: many that wait pass it on to one another. */
const TELL_AGAIN_MS = 5000

/** A lock that can be asked for. */
export interface Wanted<Taken, Holders> {
  /** @returns undefined when somebody else has it */
  take(): Promise<Taken | undefined>
  holders(): Promise<Holders>
  /** @returns undefined when it is not known who has it, or nobody has it any more */
  inWords(holders: Holders): string | undefined
  /** After the time is up. @throws `locked` (exit 4) */
  giveUp(holders: Holders): never
}

/** Asks again and again. @throws what `giveUp` throws; `stopped` */
export async function taking<Taken, Holders>(
  wanted: Wanted<Taken, Holders>,
  { patience, waiting, signal }: LockOptions,
): Promise<Taken> {
  const deadline = performance.now() + patience
  let told = { holder: '', at: -Infinity }
  for (let wait = PAUSE.first;; wait = Math.min(wait * 1.5, PAUSE.longest)) {
    const taken = await wanted.take()
    if (taken !== undefined) return taken
    const left = deadline - performance.now()
    const holders = await wanted.holders()
    if (left <= 0) wanted.giveUp(holders)
    const holder = wanted.inWords(holders)
    if (holder !== undefined && holder !== told.holder && performance.now() - told.at > TELL_AGAIN_MS) {
      waiting(holder)
      told = { holder, at: performance.now() }
    }
    // Jitter keeps several waiters from asking at the same moment.
    await pause(Math.min(left, wait * (0.5 + Math.random() / 2)), signal)
  }
}
