/** Waiting for a lock of the file. SQLite itself waits a little; the rest of the wait is here, where signals are seen. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '../../problem.ts'
import { fail, isBusy } from './failure.ts'
import type { Running } from './failed-sql.ts'
import type { Target } from './url.ts'

/** Between two attempts to get a lock, in milliseconds. */
const PAUSE = 25

export interface Patience {
  /** Works, again and again while another connection holds the lock. @throws what `fail` makes of the driver's errors */
  wait<T>(work: () => Promise<T>, running?: Running): Promise<T>
  /**
   * What `settings()` writes for scripts is understood here. (A remote server refuses the pragma.) 0 puts back what it was
   * when the session began.
   * @returns whether the statement is such a one
   */
  set(sql: string): boolean
}

/** @param own for how long, in milliseconds, unless it is set */
export function patience(own: number, target: Target): Patience {
  let limit = own
  return {
    async wait(work, running = {}) {
      const deadline = performance.now() + limit
      for (;;) {
        try {
          return await work()
        } catch (error) {
          if (error instanceof ProblemError) throw error
          if (!isBusy(error) || performance.now() > deadline) fail(error, target, running)
        }
        await sleep(PAUSE)
      }
    },
    set(sql) {
      const [, written] = /^PRAGMA busy_timeout = (\d+)$/.exec(sql) ?? []
      if (written !== undefined) limit = Number(written) || own
      return written !== undefined
    },
  }
}
